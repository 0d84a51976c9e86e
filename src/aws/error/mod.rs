//! What AWS answered when it did not do what we asked, reduced to a closed list of kinds.
//!
//! The texts of AWS are read here and nowhere else: [`kind`] decides, everybody else matches on [`Kind`].

mod advice;
mod kind;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use tfplugin_rs::tf;

pub use kind::Kind;
pub(super) use kind::never_connected;

/// A request to AWS that failed, or a wait for one.
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

/// What is known of a failure. In a box, because every result has room for an error and few have one.
#[derive(Clone, Debug)]
struct Facts {
    operation: &'static str,
    target: String,
    kind: Kind,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    issues: Vec<Issue>,
    is_unfinished: bool,
}

/// Something AWS says is wrong with an object: a health issue, or an error of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issue {
    /// AWS's name for it, such as `NodeCreationFailure`.
    pub code: String,
    /// AWS's words.
    pub message: String,
    /// The objects it is about, such as instance or subnet ids.
    pub resource_ids: Vec<String>,
}

impl Issue {
    /// An issue as AWS tells it. Every kind of object has types of its own for the same three members.
    pub fn new(
        code: Option<&impl AsRef<str>>,
        message: Option<&str>,
        resource_ids: &[String],
    ) -> Self {
        Self {
            code: code.map_or("", AsRef::as_ref).to_owned(),
            message: message.unwrap_or_default().to_owned(),
            resource_ids: resource_ids.to_vec(),
        }
    }
}

impl Error {
    /// The error of a request. `operation` is AWS's name of it, `target` the object it was about.
    pub fn from_sdk<E>(
        operation: &'static str,
        target: impl Into<String>,
        error: SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let request_id = error.request_id().map(ToOwned::to_owned);
        let (kind, code, message) = match &error {
            SdkError::ServiceError(answer) => {
                let metadata = answer.err().meta();
                let code = metadata.code().map(ToOwned::to_owned);
                let message = metadata.message().unwrap_or_default().to_owned();
                let status = answer.raw().status().as_u16();
                let kind = kind::of_answer(code.as_deref().unwrap_or_default(), &message, status);
                (kind, code, message)
            }
            other => {
                let (kind, message) = kind::of_transport(other);
                (kind, None, message)
            }
        };
        let mut error = Self::new(operation, target, kind, message);
        error.0.code = code;
        error.with_request_id(request_id)
    }

    /// The error when there are no credentials to sign with.
    pub(super) fn from_credentials(
        operation: &'static str,
        target: impl Into<String>,
        error: &CredentialsError,
    ) -> Self {
        let (kind, message) = kind::of_credentials(error);
        Self::new(operation, target, kind, message)
    }

    /// An error that is not the answer to a request.
    pub fn new(
        operation: &'static str,
        target: impl Into<String>,
        kind: Kind,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Facts {
            operation,
            target: target.into(),
            kind,
            code: None,
            message: message.into(),
            request_id: None,
            issues: Vec::new(),
            is_unfinished: false,
        }))
    }

    /// The same error with what AWS says is wrong with the object.
    #[must_use]
    pub fn with_issues(mut self, issues: Vec<Issue>) -> Self {
        self.0.issues = issues;
        self
    }

    /// The same error with the id of the last request, which AWS support asks for.
    #[must_use]
    pub fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    /// The same error, given up because Terraform asked to stop.
    #[must_use]
    pub(super) fn interrupted(mut self) -> Self {
        self.0.kind = Kind::Interrupted;
        self.unfinished()
    }

    /// The same error, given up because the time is over.
    #[must_use]
    pub(super) fn out_of_time(mut self, allowed: Duration) -> Self {
        let minutes = allowed.as_secs_f64() / 60.0;
        self.0.message = format!("{} (tried for {minutes:.0} minutes)", self.0.message);
        self.0.kind = Kind::TimedOut;
        self.unfinished()
    }

    /// The same error, which says nothing about how what was begun will end.
    #[must_use]
    pub fn unfinished(mut self) -> Self {
        self.0.is_unfinished = true;
        self
    }

    /// What it is, for decisions.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// AWS's name for it, such as `ResourceInUseException`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// AWS's own words.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id AWS gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// What AWS says is wrong with the object.
    pub fn issues(&self) -> &[Issue] {
        &self.0.issues
    }

    /// The object does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, Kind::NotFound | Kind::NoAccessEntry)
    }

    /// The same request may succeed a little later with nothing else changed.
    pub fn is_transient(&self) -> bool {
        use Kind::{ConnectionLost, Throttled, Unavailable, Unreachable};
        matches!(
            self.0.kind,
            Throttled | Unavailable | ConnectionLost | Unreachable
        )
    }

    /// What happened, without advice: operation, object, AWS's words, error code and request id.
    fn what_happened(&self) -> String {
        let target = match self.0.target.as_str() {
            "" => String::new(),
            target => format!(" for {target}"),
        };
        let facts: Vec<_> = [
            self.0.code.clone(),
            self.0
                .request_id
                .as_ref()
                .map(|id| format!("request id {id}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        let facts = match facts.as_slice() {
            [] => String::new(),
            facts => format!(" ({})", facts.join(", ")),
        };
        let message = match self.0.message.trim_end_matches('.') {
            "" => "AWS gave no reason",
            message => message,
        };
        format!("{}{target}: {message}{facts}.", self.0.operation)
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message.trim())?;
        match self.resource_ids.as_slice() {
            [] => Ok(()),
            ids => write!(f, " [{}]", ids.join(", ")),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what_happened())?;
        for issue in &self.0.issues {
            write!(f, "\n  - {issue}")?;
        }
        match advice::of(self) {
            None => Ok(()),
            Some(advice) => write!(f, "\n\n{advice}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Error> for tf::Error {
    fn from(error: Error) -> Self {
        match error.0.is_unfinished {
            true => Self::unfinished(error.to_string()),
            false => Self::new(error.to_string()),
        }
    }
}
