//! A request that failed, reduced to a closed list of kinds.
//!
//! Which code or text of which service means which kind is decided where answers come in; everybody else matches on
//! [`ErrorKind`].

mod advice;
mod kind;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use tfplugin_rs::tf;

pub use kind::ErrorKind;

/// A request that failed, or a wait for one.
#[derive(Clone, Debug)]
pub struct Error(Box<Facts>);

/// What is known of a failure. In a box, because every result has room for an error and few have one.
#[derive(Clone, Debug)]
struct Facts {
    operation: &'static str,
    target: String,
    kind: ErrorKind,
    code: Option<String>,
    message: String,
    advice: Option<Cow<'static, str>>,
    explanation: Option<String>,
    attribute: Option<&'static str>,
    request_id: Option<String>,
    issues: Vec<Issue>,
    is_unfinished: bool,
}

/// Something that is said to be wrong with an object: a health issue, or an error of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issue {
    /// The name of the problem, such as `NodeCreationFailure`.
    pub code: String,
    /// The service's words.
    pub message: String,
    /// The objects it is about, such as instance or subnet ids.
    pub resource_ids: Vec<String>,
    /// What to do about it, beyond the service's words.
    pub advice: Option<&'static str>,
}

impl Issue {
    /// An issue as a service describes it. Every kind of object has types of its own for the same three members.
    pub fn new(
        code: Option<&impl AsRef<str>>,
        message: Option<&str>,
        resource_ids: &[String],
    ) -> Self {
        Self {
            code: code.map_or("", AsRef::as_ref).to_owned(),
            message: message.unwrap_or_default().to_owned(),
            resource_ids: resource_ids.to_vec(),
            advice: None,
        }
    }

    /// The same issue with what to do about it.
    #[must_use]
    pub fn with_advice(self, advice: Option<&'static str>) -> Self {
        Self { advice, ..self }
    }
}

impl Error {
    /// An error that is not the answer to a request. `operation` is empty where none has been sent.
    pub fn new(
        operation: &'static str,
        target: impl Into<String>,
        kind: ErrorKind,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Facts {
            operation,
            target: target.into(),
            kind,
            code: None,
            message: message.into(),
            advice: None,
            explanation: None,
            attribute: None,
            request_id: None,
            issues: Vec::new(),
            is_unfinished: false,
        }))
    }

    /// The same error with the service's name for it, such as `ResourceInUseException`.
    #[must_use]
    pub fn with_code(mut self, code: Option<String>) -> Self {
        self.0.code = code;
        self
    }

    /// The same error with what to do about it, where that is more than its kind says.
    #[must_use]
    pub fn with_advice(mut self, advice: Option<Cow<'static, str>>) -> Self {
        self.0.advice = advice;
        self
    }

    /// The same error with an explanation before it, which is all the advice there is then.
    #[must_use]
    pub fn explained(mut self, explanation: impl Into<String>) -> Self {
        self.0.explanation = Some(explanation.into());
        self
    }

    /// The same error, which an attribute is to blame for.
    #[must_use]
    pub fn at(mut self, attribute: &'static str) -> Self {
        self.0.attribute = Some(attribute);
        self
    }

    /// The same error with what is wrong with the object.
    #[must_use]
    pub fn with_issues(mut self, issues: Vec<Issue>) -> Self {
        self.0.issues = issues;
        self
    }

    /// The same error with the id of the last request, which support asks for.
    #[must_use]
    pub fn with_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = request_id;
        self
    }

    /// The same error, given up because Terraform asked to stop.
    #[must_use]
    pub(super) fn interrupted(mut self) -> Self {
        self.0.kind = ErrorKind::Interrupted;
        self.0.advice = None;
        self.unfinished()
    }

    /// The same error, given up because the time is over.
    #[must_use]
    pub(super) fn out_of_time(mut self, allowed: Duration) -> Self {
        let minutes = allowed.as_secs_f64() / 60.0;
        self.0.message = format!("{} (tried for {minutes:.0} minutes)", self.0.message);
        self.0.kind = ErrorKind::TimedOut;
        self.0.advice = None;
        self.unfinished()
    }

    /// The same error, which says nothing about how what was begun will end.
    #[must_use]
    pub fn unfinished(mut self) -> Self {
        self.0.is_unfinished = true;
        self
    }

    /// What it is, for decisions.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The service's name for it, such as `ResourceInUseException`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's own words.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// What is wrong with the object.
    pub fn issues(&self) -> &[Issue] {
        &self.0.issues
    }

    /// The object does not exist.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// The same request may succeed a little later with nothing else changed.
    pub fn is_transient(&self) -> bool {
        use ErrorKind::{ConnectionLost, Throttled, Unavailable, Unreachable};
        matches!(
            self.0.kind,
            Throttled | Unavailable | ConnectionLost | Unreachable
        )
    }

    /// What happened, without advice: operation, object, the service's words, error code and request id.
    fn what_happened(&self) -> String {
        let about = match (self.0.operation, self.0.target.as_str()) {
            ("", _) => String::new(),
            (operation, "") => format!("{operation}: "),
            (operation, target) => format!("{operation} for {target}: "),
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
            "" => "no reason was given",
            message => message,
        };
        format!("{about}{message}{facts}.")
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
        if let Some(explanation) = &self.0.explanation {
            return write!(f, "{explanation}\n\n{}", self.what_happened());
        }
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
        let text = error.to_string();
        let said = match error.0.is_unfinished {
            true => Self::unfinished(text),
            false => Self::new(text),
        };
        match error.0.attribute {
            Some(attribute) => said.at(attribute),
            None => said,
        }
    }
}
