//! Between value trees and models, by way of serde and guided by the attributes of the model.
//!
//! Two differences between a value and its model are bridged here and nowhere else. A model holds nothing unknown: by the
//! time one is made, what is unknown is what the provider is about to fill in, so unknown members take the default of
//! their field, as null ones do. And a block that holds at most one object is an option in the model but a list in the
//! value.

mod read;
mod schemas;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

pub(crate) use schemas::attributes_of;

use super::{Error, JsonError, Model, Path, Step, Value};

/// A value and its model do not fit together. The cause is a bug in a declaration, never the user's input.
///
/// The text names the path at which they differ. As an [`Error`] it also says that the provider is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// From the inside out, because that is how the steps become known.
    steps: Vec<Step>,
    reason: String,
}

/// Makes a model of a value. Unknown and null members take the default of their field.
///
/// Resources and data sources receive models, so this is for code that works on a
/// [`Plan`](super::Plan), which holds values.
///
/// # Errors
///
/// A member has another type than its field.
pub fn from_value<M: Model>(value: &Value) -> Result<M, DecodeError> {
    M::deserialize(read::Reader::object(&attributes_of::<M>(), value))
}

/// Makes the value of a model. It has all members of the schema; those that the model lacks are null, or without blocks.
///
/// # Errors
///
/// The model does not serialize to what its schema says.
pub fn to_value<M: Model>(model: &M) -> Result<Value, DecodeError> {
    model.serialize(write::Writer::object(&attributes_of::<M>()))
}

impl DecodeError {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            steps: Vec::new(),
            reason: reason.into(),
        }
    }

    /// The same error, seen from the object or collection around it.
    fn inside(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str(&self.reason);
        }
        let path: Path = self.steps.iter().rev().cloned().collect();
        write!(f, "{path}: {}", self.reason)
    }
}

impl std::error::Error for DecodeError {}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::new(reason.to_string())
    }
}

impl serde::ser::Error for DecodeError {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::new(reason.to_string())
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<JsonError> for DecodeError {
    fn from(error: JsonError) -> Self {
        let steps = error.path.steps().iter().rev().cloned();
        Self::new(format!("expected {}", error.expected)).inside(steps)
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::new(format!("This is a bug in the provider: {error}"))
    }
}
