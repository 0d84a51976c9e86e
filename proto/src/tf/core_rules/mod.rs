//! Terraform Core's own rules, restated: what it proposes, and what it accepts as a plan and as the result of an apply.
//!
//! They are the other side's rules and must not know how [`plan`](super::plan) or the engine work: that is what makes
//! them a test. In debug builds the engine holds its own answers against those for plans and applies. With the feature
//! `testing` all are public, and `FakeCore` drives whole resources through the same calls, in the same order, as
//! Terraform does.
//!
//! Source: the documented behaviour of `ProposedNew`, `AssertPlanValid`, `AssertObjectCompatible` and `InternalValidate`
//! in Terraform's and OpenTofu's `internal/plans/objchange` and `internal/configs/configschema`.

mod compatible;
mod conforming;
#[cfg(any(test, feature = "testing"))]
mod host;
mod plan_valid;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::fmt;

pub use compatible::assert_object_compatible;
pub use conforming::assert_conforms;
#[cfg(any(test, feature = "testing"))]
pub use host::{Action, FakeCore, Generator, Instance, Planned, proposed_new, schema_is_valid};
pub use plan_valid::assert_plan_valid;

use super::{Attribute, Nesting, Path, Refinement, Shape, Value};

/// A rule of Terraform's that an answer breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub path: Path,
    /// What should have been.
    pub rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.steps().is_empty() {
            write!(f, "the object {}", self.rule)
        } else {
            write!(f, "{} {}", self.path, self.rule)
        }
    }
}

/// The violations found so far.
#[derive(Default)]
struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, path: &Path, rule: impl Into<String>) {
        self.0.push(Violation {
            path: path.clone(),
            rule: rule.into(),
        });
    }
}

/// What Terraform sees of an attribute. A computed block is a plain attribute to it: see [`Shape::ComputedBlock`].
enum Seen<'a> {
    Leaf,
    Nested(Nesting, &'a [Attribute]),
    Block(Nesting, &'a [Attribute]),
}

impl<'a> Seen<'a> {
    fn of(attribute: &'a Attribute) -> Self {
        match &attribute.shape {
            Shape::Leaf(_) | Shape::ComputedBlock(_) => Self::Leaf,
            Shape::Nested(nesting, inner) => Self::Nested(*nesting, inner),
            Shape::Block {
                nesting,
                attributes,
                ..
            } => Self::Block(*nesting, attributes),
        }
    }
}

/// Whether the user may set the attribute at all.
fn is_settable(attribute: &Attribute) -> bool {
    attribute.mode != super::Mode::Computed
}

/// Equality as Terraform's rules use it: what is known about an unknown value does not count.
fn equal(left: &Value, right: &Value) -> bool {
    left == right || unrefined(left) == unrefined(right)
}

fn unrefined(value: &Value) -> Value {
    let each = unrefined;
    match value {
        Value::Unknown(_) => Value::Unknown(Refinement::default()),
        Value::List(elements) => Value::List(elements.iter().map(each).collect()),
        Value::Tuple(elements) => Value::Tuple(elements.iter().map(each).collect()),
        Value::Set(elements) => Value::Set(elements.iter().map(each).collect()),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(k, v)| (k.clone(), each(v))).collect())
        }
        Value::Object(members) => {
            Value::Object(members.iter().map(|(k, v)| (k.clone(), each(v))).collect())
        }
        Value::Dynamic(inner) => Value::Dynamic(Box::new((inner.0.clone(), each(&inner.1)))),
        other => other.clone(),
    }
}
