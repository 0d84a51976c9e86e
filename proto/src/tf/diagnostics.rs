//! What the user is told: errors and warnings, where possible on the attribute they are about.

use super::Path;

/// Severity of a [`Diagnostic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The operation fails.
    Error,
    /// The operation continues.
    Warning,
}

/// One message to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether this fails the operation.
    pub severity: Severity,
    /// Title of one line that names the problem.
    pub summary: String,
    /// What was found, why it fails, and what to change.
    pub detail: String,
    /// Attribute that the message is about. Terraform shows its source line.
    pub path: Option<Path>,
}

impl Diagnostic {
    /// Creates an error about the whole object.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
        }
    }

    /// Creates a warning about the whole object.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// Places the message on an attribute.
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

/// Reason why an operation failed, for the user.
///
/// The engine adds the title (`Unable to create <type> (<identity>)`). An error says only what happened and what to do
/// about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What happened, and what to do about it.
    pub detail: String,
    /// Attribute that causes the error, if it is one.
    pub path: Option<Path>,
    /// Whether the API accepted the change but its outcome is not known: the timeout expired, Terraform asked to stop, or
    /// the API became unreachable. The next apply resumes such a create
    /// (see [`Attribute::unfinished`](super::Attribute::unfinished)) instead of replacing the object.
    pub unfinished: bool,
}

/// Result of the operations of a resource.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Creates an error about the whole object.
    pub fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            path: None,
            unfinished: false,
        }
    }

    /// Creates an error for a change that the API accepted and whose outcome is not known. See the field
    /// [`unfinished`](#structfield.unfinished).
    pub fn unfinished(detail: impl Into<String>) -> Self {
        Self {
            unfinished: true,
            ..Self::new(detail)
        }
    }

    /// Places the error on an attribute.
    #[must_use]
    pub fn at(mut self, path: impl Into<Path>) -> Self {
        self.path = Some(path.into());
        self
    }
}
