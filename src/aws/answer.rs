//! Answers of AWS to single requests: an error says what was asked for and about which object.
//!
//! Each service has a trait of its own for them, made by [`answers!`], which reads errors as that service means them. The
//! errors of another service do not fit it: that does not compile.

use aws_types::request_id::RequestId;

use crate::api::{Error, ErrorKind, Found};

/// Defines the trait `Answer` of a service: its SDK crate, and the function that classifies its errors.
macro_rules! answers {
    ($(#[$doc:meta])* $sdk:ident, $classify:expr) => {
        $(#[$doc])*
        ///
        /// `operation` is AWS's name of the operation, `target` the object it was about.
        pub(crate) trait Answer<A>: Sized {
            /// The answer.
            ///
            /// # Errors
            ///
            /// AWS refuses, or cannot be reached.
            fn to(
                self,
                operation: &'static str,
                target: impl Into<String>,
            ) -> Result<A, $crate::api::Error>;

            /// The object that was asked for, such as a new one.
            ///
            /// # Errors
            ///
            /// Those of [`Answer::to`]; or the answer is without it, which AWS's service models allow everywhere.
            #[allow(dead_code, reason = "Every service gets the same trait.")]
            fn object<T>(
                self,
                operation: &'static str,
                target: impl Into<String>,
                object: impl FnOnce(A) -> Option<T>,
            ) -> Result<T, $crate::api::Error> {
                let target = target.into();
                let answer = self.to(operation, target.as_str());
                $crate::aws::answer::object(answer, (operation, target), object)
            }

            /// The object that was looked for; `None` when AWS says that there is none.
            ///
            /// # Errors
            ///
            /// Those of [`Answer::to`].
            #[allow(dead_code, reason = "Every service gets the same trait.")]
            fn found<T>(
                self,
                operation: &'static str,
                target: impl Into<String>,
                object: impl FnOnce(A) -> Option<T>,
            ) -> Result<Option<$crate::api::Found<T>>, $crate::api::Error>
            where
                A: aws_types::request_id::RequestId,
            {
                $crate::aws::answer::found(self.to(operation, target), object)
            }
        }

        impl<A, E> Answer<A> for Result<A, $sdk::error::SdkError<E>>
        where
            E: std::error::Error
                + aws_smithy_types::error::metadata::ProvideErrorMetadata
                + Send
                + Sync
                + 'static,
            $sdk::Error: From<$sdk::error::SdkError<E>>,
        {
            fn to(
                self,
                operation: &'static str,
                target: impl Into<String>,
            ) -> Result<A, $crate::api::Error> {
                self.map_err(|error| {
                    $crate::aws::error::of_sdk($classify, operation, target, error)
                })
            }
        }
    };
}
pub(crate) use answers;

/// The object in an answer that has to have one.
pub(crate) fn object<A, T>(
    answer: Result<A, Error>,
    (operation, target): (&'static str, String),
    object: impl FnOnce(A) -> Option<T>,
) -> Result<T, Error> {
    let empty = || {
        Error::new(
            operation,
            target,
            ErrorKind::Other,
            "AWS answered without the object",
        )
    };
    object(answer?).ok_or_else(empty)
}

/// The object in the answer to a look, with the id of the request.
pub(crate) fn found<A: RequestId, T>(
    answer: Result<A, Error>,
    object: impl FnOnce(A) -> Option<T>,
) -> Result<Option<Found<T>>, Error> {
    match answer {
        Ok(answer) => {
            let request_id = answer.request_id().map(ToOwned::to_owned);
            Ok(object(answer).map(|object| Found::new(object, request_id)))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
