//! Why a provider process could not start. Nobody but a human reads it: the host only sees that the process ended.

use std::error::Error;
use std::fmt;

#[derive(Debug)]
pub(super) struct StartError {
    what: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StartError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            source: None,
        }
    }

    /// `what` completes "Unable to …".
    pub(super) fn unable<E>(what: impl fmt::Display) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        move |source| Self {
            what: format!("Unable to {what}"),
            source: Some(source.into()),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
