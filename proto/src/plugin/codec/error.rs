//! What can be wrong with bytes, or with a value to be written.

use std::borrow::Cow;
use std::fmt;

use crate::tf::{JsonError, Path, Step};

/// A value, or the bytes of one, that does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    // From the inside out: each level adds its step while the error travels up, so that success pays for no path.
    steps: Vec<Step>,
    expected: Cow<'static, str>,
}

impl Error {
    pub(super) fn expected(what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            steps: Vec::new(),
            expected: what.into(),
        }
    }

    #[must_use]
    pub(super) fn in_attribute(self, name: &str) -> Self {
        self.within(Step::Attribute(name.to_owned()))
    }

    #[must_use]
    pub(super) fn in_entry(self, key: &str) -> Self {
        self.within(Step::Key(key.to_owned()))
    }

    #[must_use]
    pub(super) fn in_element(self, index: usize) -> Self {
        self.within(Step::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// Forgets the way below a set, whose elements have no address.
    #[must_use]
    pub(super) fn in_set(mut self) -> Self {
        self.steps.clear();
        self
    }

    /// Where it is.
    pub fn path(&self) -> Path {
        self.steps.iter().rev().cloned().collect()
    }

    /// What should have stood there.
    pub fn what_was_expected(&self) -> &str {
        &self.expected
    }

    fn within(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl From<JsonError> for Error {
    fn from(error: JsonError) -> Self {
        Self {
            steps: error.path.steps().iter().rev().cloned().collect(),
            expected: error.expected.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.steps.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for Error {}
