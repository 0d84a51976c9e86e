//! The words that [`model!`](crate::model) accepts after `=>`: methods that say how an attribute behaves. What they mean
//! is for planning and validation to carry out; nothing is decided here.

use std::sync::Arc;

use super::{Attribute, Equality, Mode, Nesting, Shape, completed};
use crate::tf::{Type, Value, checks};

impl Attribute {
    /// The user may leave it out.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.mode = Mode::Optional;
        self
    }

    /// Only the provider sets it.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.mode = Mode::Computed;
        self.or_computed_block()
    }

    /// The user may set it; otherwise the provider does.
    #[must_use]
    pub fn optional_computed(mut self) -> Self {
        self.mode = Mode::OptionalComputed;
        self.or_computed_block()
    }

    /// The value, once there, stays through every update. One that says nothing (null, empty) is not there yet.
    #[must_use]
    pub fn keep(mut self) -> Self {
        self.keep = true;
        self
    }

    /// The value changes only when one of these attributes of the same object does.
    #[must_use]
    pub fn follows<const N: usize>(mut self, names: [&'static str; N]) -> Self {
        self.follows.extend(names);
        self
    }

    /// An update keeps this value and leaves every other open, such as `ACTIVE` of a status: what is wrong or on its way
    /// need not stay so.
    #[must_use]
    pub fn usual(mut self, value: impl Into<Value>) -> Self {
        self.usual = Some(value.into());
        self
    }

    /// With these values the object is still being made and leaves them by itself, such as `CREATING` of a status.
    ///
    /// A plan of such an object is an update even if nothing else differs: `update` has to wait for the end, and reads
    /// back what was not there yet. So a create that was cut short ([`Error::unfinished`](crate::tf::Error::unfinished)) is
    /// resumed. At the root of a resource only.
    #[must_use]
    pub fn unfinished<const N: usize>(mut self, values: [&'static str; N]) -> Self {
        self.unfinished.extend(values);
        self
    }

    /// With these values nothing came of the object and nothing will, such as `CREATE_FAILED` of a status.
    ///
    /// A plan of such an object is to replace it, as Terraform itself replaces what a create reports as failed: a create
    /// that was cut short ([`Error::unfinished`](crate::tf::Error::unfinished)) may fail when nobody looks. Why it failed
    /// is for the provider or the resource to say while it adjusts the plan ([`Plan::failed`](crate::tf::Plan::failed)).
    /// At the root of a resource only.
    #[must_use]
    pub fn failed<const N: usize>(mut self, values: [&'static str; N]) -> Self {
        self.failed.extend(values);
        self
    }

    /// A change needs a new object.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = true;
        self
    }

    /// Masked in output.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Sent to the provider and never stored.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Taken into account at creation only, because the API never tells it again: a later change of the
    /// configuration is no difference.
    #[must_use]
    pub fn write_once(mut self) -> Self {
        self.mode = Mode::OptionalComputed;
        self.write_once = true;
        self.keep().or_computed_block()
    }

    /// Means something only together with another change, such as whether to force an upgrade. Changed alone it is put into
    /// the state without a word to the API, which never tells it, and nothing else becomes unknown for it. At the root of
    /// a resource only.
    ///
    /// It is planned as configured, whatever else changes. It cannot be planned only when something else does: while that
    /// is unknown, nobody can say, and Terraform refuses a plan at apply that says of a known value what the first plan
    /// did not. Nor is it kept quiet always: who reads a plan has to see that an upgrade is forced.
    #[must_use]
    pub fn companion(mut self) -> Self {
        self.companion = true;
        self
    }

    /// Why not to use it any more.
    #[must_use]
    pub fn deprecated(mut self, reason: &'static str) -> Self {
        self.deprecated = Some(reason);
        self
    }

    /// Taken when the user gives nothing. The attribute is then known at plan.
    ///
    /// For a block it is a [`Value::block`]; what that does not name is at its own default, or absent. An API that leaves
    /// the block or a part of it out of its answer does what the default says.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.mode = Mode::OptionalComputed;
        self.default = Some(self.completed(value.into()));
        self.or_computed_block()
    }

    /// Set when the user gives nothing any more. For a new object, what is not given stays the provider's to say.
    ///
    /// For APIs that decide about new objects and forget nothing afterwards. A block is given as for
    /// [`default`](Self::default), and silence of the API means the same.
    #[must_use]
    pub fn reverts_to(mut self, value: impl Into<Value>) -> Self {
        self.mode = Mode::OptionalComputed;
        self.reverts_to = Some(self.completed(value.into()));
        self.or_computed_block()
    }

    /// Compared as JSON documents: spaces and key order do not count.
    #[must_use]
    pub fn json(mut self) -> Self {
        self.equality = Equality::Json;
        self.check(checks::json)
    }

    /// Compared without regard to case.
    #[must_use]
    pub fn ignore_case(mut self) -> Self {
        self.equality = Equality::IgnoreCase;
        self
    }

    /// Only these values; on a collection, each element is one of them.
    #[must_use]
    pub fn one_of<const N: usize>(mut self, values: [&str; N]) -> Self {
        self.allowed = values.iter().map(|&value| value.to_owned()).collect();
        let check = checks::one_of(&self.allowed);
        match &self.shape {
            Shape::Leaf(Type::List(_) | Type::Set(_) | Type::Map(_)) => self.each(check),
            _ => self.check(check),
        }
    }

    /// A test of the known value.
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(Arc::new(check));
        self
    }

    /// A test of each known element of a collection.
    #[must_use]
    pub fn each(
        self,
        check: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.check(move |value| {
            let mut known = value.elements().filter(|v| !v.is_unknown() && !v.is_null());
            known.try_for_each(|element| {
                check(element).map_err(|expected| match element.as_str() {
                    Some(text) => format!("{expected}, got {text:?}"),
                    None => expected,
                })
            })
        })
    }

    /// Written as a block in HCL instead of a nested attribute.
    #[must_use]
    pub fn block(mut self) -> Self {
        self.shape = match self.shape {
            Shape::Nested(Nesting::Single, attributes) => Shape::Block {
                nesting: Nesting::List,
                single: true,
                attributes,
            },
            Shape::Nested(nesting, attributes) => Shape::Block {
                nesting,
                single: false,
                attributes,
            },
            other => other,
        };
        self.or_computed_block()
    }

    fn completed(&self, value: Value) -> Value {
        match self.inner() {
            Some(inner) => completed(inner, &value),
            None => value,
        }
    }

    fn or_computed_block(mut self) -> Self {
        if self.is_computed()
            && let Shape::Block {
                single: true,
                attributes,
                ..
            } = self.shape
        {
            self.shape = Shape::ComputedBlock(attributes);
        }
        self
    }
}
