//! From an error of the SDK to one of ours. What the codes of a single service mean is that service's to say; here is what
//! all of AWS has in common, and what happens on the way to it.

mod advice;
mod codes;
#[cfg(test)]
mod tests;
mod transport;

use std::borrow::Cow;
use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use crate::api::{Error, ErrorKind};

pub(super) use transport::never_connected;

/// An answer by which a service refuses a request.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// The name of the operation, such as `CreateCluster`.
    pub operation: &'a str,
    /// The error code, without the namespace that some services put before it.
    pub code: &'a str,
    pub message: &'a str,
}

impl Refusal<'_> {
    /// Whether the text has these words in it.
    pub fn says(&self, words: &str) -> bool {
        self.message.contains(words)
    }
}

/// What a refusal means, and what to do about it where its kind does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// For decisions.
    pub kind: ErrorKind,
    /// For the user.
    pub advice: Option<&'static str>,
}

impl From<ErrorKind> for Meaning {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, advice: None }
    }
}

impl Meaning {
    /// A kind with advice of the service's own.
    pub fn with_advice(kind: ErrorKind, advice: &'static str) -> Self {
        let advice = Some(advice);
        Self { kind, advice }
    }
}

/// What the codes and texts of a service mean; `None` where they mean what they mean to all services.
pub type Classifier = fn(&Refusal<'_>) -> Option<Meaning>;

/// The error of a request. `operation` is AWS's name of it, `target` the object it was about.
pub fn of_sdk<E>(
    classify: Classifier,
    operation: &'static str,
    target: impl Into<String>,
    error: SdkError<E, HttpResponse>,
) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let request_id = error.request_id().map(ToOwned::to_owned);
    let error = match &error {
        SdkError::ServiceError(answer) => {
            let metadata = answer.err().meta();
            let code = metadata.code().unwrap_or_default();
            let message = metadata.message().unwrap_or_default();
            let refusal = Refusal {
                operation,
                code: code.rsplit('#').next().unwrap_or(code),
                message,
            };
            let meaning = classify(&refusal)
                .unwrap_or_else(|| codes::meaning(&refusal, answer.raw().status().as_u16()));
            let advice = meaning.advice.map(Cow::Borrowed);
            let advice = advice.or_else(|| advice::of(&meaning.kind, operation));
            Error::new(operation, target, meaning.kind, message)
                .with_advice(advice)
                .with_code(metadata.code().map(ToOwned::to_owned))
        }
        other => {
            let (kind, message) = transport::kind(other);
            let advice = advice::of(&kind, operation);
            Error::new(operation, target, kind, message).with_advice(advice)
        }
    };
    error.with_request_id(request_id)
}

/// The error when there are no credentials to sign with.
pub(super) fn of_credentials(
    operation: &'static str,
    target: impl Into<String>,
    error: &CredentialsError,
) -> Error {
    let (kind, message) = transport::of_credentials(error);
    let advice = advice::of(&kind, operation);
    Error::new(operation, target, kind, message).with_advice(advice)
}
