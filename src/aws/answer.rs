//! Answers of AWS to single requests: an error says what was asked for and about which object.
//!
//! What the answers hold is for the caller to say.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::{Error, Found, Kind};

/// What came of a request. `operation` is AWS's name of it, `target` the object it was about.
pub trait Answer<A>: Sized {
    /// The answer.
    ///
    /// # Errors
    ///
    /// AWS refuses, or cannot be reached.
    fn to(self, operation: &'static str, target: impl Into<String>) -> Result<A, Error>;

    /// The object that was asked for, such as a new one.
    ///
    /// # Errors
    ///
    /// Those of [`Answer::to`]; or AWS does not tell of it, which its service models allow everywhere.
    fn object<T>(
        self,
        operation: &'static str,
        target: impl Into<String>,
        object: impl FnOnce(A) -> Option<T>,
    ) -> Result<T, Error> {
        let target = target.into();
        let empty = "AWS answered without the object";
        object(self.to(operation, target.clone())?)
            .ok_or_else(|| Error::new(operation, target, Kind::Other, empty))
    }

    /// The object that was looked for; `None` when AWS says that there is none.
    ///
    /// # Errors
    ///
    /// Those of [`Answer::to`].
    fn found<T>(
        self,
        operation: &'static str,
        target: impl Into<String>,
        object: impl FnOnce(A) -> Option<T>,
    ) -> Result<Option<Found<T>>, Error>
    where
        A: RequestId,
    {
        match self.to(operation, target) {
            Ok(answer) => {
                let request_id = answer.request_id().map(ToOwned::to_owned);
                Ok(object(answer).map(|object| Found::new(object, request_id)))
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<A, E> Answer<A> for Result<A, SdkError<E, HttpResponse>>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    fn to(self, operation: &'static str, target: impl Into<String>) -> Result<A, Error> {
        self.map_err(|error| Error::from_sdk(operation, target, error))
    }
}
