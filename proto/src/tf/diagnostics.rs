//! What the user is told: errors and warnings, where possible on the attribute they are about.

use super::Path;

/// How grave a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation goes on.
    Warning,
}

/// One message to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether this fails the operation.
    pub severity: Severity,
    /// One line that says what is wrong.
    pub summary: String,
    /// What happened, on which object, and what to do next.
    pub detail: String,
    /// The attribute to look at. Terraform then shows its source line.
    pub path: Option<Path>,
}

impl Diagnostic {
    /// An error about the whole object.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
        }
    }

    /// A warning about the whole object.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// The same message, on an attribute.
    #[must_use]
    pub fn at(mut self, path: impl Into<Path>) -> Self {
        self.path = Some(path.into());
        self
    }
}

/// Messages collected on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// No messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds an error on an attribute.
    pub fn error(
        &mut self,
        path: impl Into<Path>,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.push(Diagnostic::error(summary, detail).at(path));
    }

    /// Adds a warning on an attribute.
    pub fn warning(
        &mut self,
        path: impl Into<Path>,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.push(Diagnostic::warning(summary, detail).at(path));
    }

    /// Adds all messages of `other`.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The messages in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// Why a lifecycle step failed, in words for the user.
///
/// The framework adds what it knows (`Unable to create <type> (<identity>)`); an error says only what happened and
/// what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What happened and what to do next.
    pub detail: String,
    /// The attribute to blame, if there is one.
    pub path: Option<Path>,
    /// The API accepted the object, and nothing says that it failed: the step ended without seeing the end, because the
    /// time was over, Terraform asked to stop, or the API could not be asked any more. A create that ends like this is
    /// resumed by the next apply (see [`Attribute::unfinished`](super::Attribute::unfinished)) instead of replaced.
    pub unfinished: bool,
}

/// What lifecycle steps return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error without an attribute to blame.
    pub fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            path: None,
            unfinished: false,
        }
    }

    /// The step was cut short, by [`super::Stop`], the deadline or a failure to look; what was begun goes on.
    pub fn unfinished(detail: impl Into<String>) -> Self {
        Self {
            unfinished: true,
            ..Self::new(detail)
        }
    }

    /// The same error, on an attribute.
    #[must_use]
    pub fn at(mut self, path: impl Into<Path>) -> Self {
        self.path = Some(path.into());
        self
    }
}
