//! The words that [`model!`](crate::model) accepts after `=>`: methods that say how an attribute behaves. Planning and
//! validation carry out what they mean; nothing is decided here.

use std::sync::Arc;

use super::{Attribute, Equality, Mode, Nesting, Shape, completed};
use crate::tf::{Type, Value, checks};

impl Attribute {
    /// Optional. Fields of type `Option` are optional without it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.mode = Mode::Optional;
        self
    }

    /// Computed: only the provider sets it.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.mode = Mode::Computed;
        self.or_computed_block()
    }

    /// Optional and computed: if the user does not set it, the provider does. It keeps its value on updates, unless
    /// something that it [`follows`](Self::follows) changes.
    #[must_use]
    pub fn optional_computed(mut self) -> Self {
        self.mode = Mode::OptionalComputed;
        self.or_computed_block()
    }

    /// Computed once: no update changes the value, so plans show it. A null or empty value is not computed yet.
    #[must_use]
    pub fn keep(mut self) -> Self {
        self.keep = true;
        self
    }

    /// Computed from these attributes of the same object: an update that changes none of them keeps the value.
    #[must_use]
    pub fn follows<const N: usize>(mut self, names: [&'static str; N]) -> Self {
        self.follows.extend(names);
        self
    }

    /// Normal value, such as `ACTIVE` of a status. An update keeps it; any other value is known after apply, because an
    /// update may end it.
    #[must_use]
    pub fn usual(mut self, value: impl Into<Value>) -> Self {
        self.usual = Some(value.into());
        self
    }

    /// Values of an object whose creation is still under way, such as `CREATING` of a status.
    ///
    /// The plan for such an object is an update even if nothing else differs, and `update` waits for the end. This resumes
    /// a create that was cut short ([`Error::unfinished`](crate::tf::Error::unfinished)). At the root of a resource only.
    #[must_use]
    pub fn unfinished<const N: usize>(mut self, values: [&'static str; N]) -> Self {
        self.unfinished.extend(values);
        self
    }

    /// Values of an object whose creation failed for good, such as `CREATE_FAILED` of a status.
    ///
    /// The plan replaces such an object, as Terraform replaces a tainted one. A create that was cut short
    /// ([`Error::unfinished`](crate::tf::Error::unfinished)) may fail after the apply has ended. Explain the failure in
    /// [`Resource::adjust`](crate::tf::Resource::adjust) ([`Plan::failed`](crate::tf::Plan::failed)). At the root of a
    /// resource only.
    #[must_use]
    pub fn failed<const N: usize>(mut self, values: [&'static str; N]) -> Self {
        self.failed.extend(values);
        self
    }

    /// Changing it replaces the object.
    #[must_use]
    pub fn replace(mut self) -> Self {
        self.replace = true;
        self
    }

    /// Sensitive: Terraform masks it in its output. The state still holds it.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Write-only: sent to the provider and never stored. Terraform 1.11 and OpenTofu 1.11 and later have such arguments.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Used by create only, and never returned by the API. A later change of the configuration is not a difference.
    #[must_use]
    pub fn write_once(mut self) -> Self {
        self.mode = Mode::OptionalComputed;
        self.write_once = true;
        self.keep().or_computed_block()
    }

    /// Modifies how another change is made, such as whether to force an upgrade. Changed alone it is stored in the state
    /// without a call to the API, and no computed value becomes unknown. At the root of a resource only.
    ///
    /// It is always planned as configured. Planning it only together with another change is impossible: while that change
    /// is unknown, Terraform would reject the final plan as inconsistent. And the plan should show that an upgrade is
    /// forced.
    #[must_use]
    pub fn companion(mut self) -> Self {
        self.companion = true;
        self
    }

    /// Deprecated, with the reason and the replacement. Terraform shows them as a warning.
    #[must_use]
    pub fn deprecated(mut self, reason: &'static str) -> Self {
        self.deprecated = Some(reason);
        self
    }

    /// Default: planned if the user sets nothing.
    ///
    /// The default of a block is a [`Value::block`]. Attributes that it does not name have their own default, or are absent.
    /// An API that does not return the block, or a part of it, is taken to mean the default.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.mode = Mode::OptionalComputed;
        self.default = Some(self.completed(value.into()));
        self.or_computed_block()
    }

    /// Value to plan when the user removes the attribute. For a new object the provider decides.
    ///
    /// For APIs that choose a value for new objects and keep any value afterwards. Blocks are written as for
    /// [`default`](Self::default), and what the API does not return has the same meaning.
    #[must_use]
    pub fn reverts_to(mut self, value: impl Into<Value>) -> Self {
        self.mode = Mode::OptionalComputed;
        self.reverts_to = Some(self.completed(value.into()));
        self.or_computed_block()
    }

    /// JSON document: differences in white space and in the order of keys are not changes. Other text is rejected.
    #[must_use]
    pub fn json(mut self) -> Self {
        self.equality = Equality::Json;
        self.check(checks::json)
    }

    /// Text whose case does not matter: `Abc` and `abc` are equal.
    #[must_use]
    pub fn ignore_case(mut self) -> Self {
        self.equality = Equality::IgnoreCase;
        self
    }

    /// Valid values. For a collection, the valid elements. Only for closed lists: a value that the API adds later is
    /// rejected.
    #[must_use]
    pub fn one_of<const N: usize>(mut self, values: [&str; N]) -> Self {
        self.allowed = values.iter().map(|&value| value.to_owned()).collect();
        let check = checks::one_of(&self.allowed);
        match &self.shape {
            Shape::Leaf(Type::List(_) | Type::Set(_) | Type::Map(_)) => self.each(check),
            _ => self.check(check),
        }
    }

    /// Validates the known value. `Err` completes "`name` …", such as `must be valid JSON`. See
    /// [`checks`](crate::tf::checks).
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.checks.push(Arc::new(check));
        self
    }

    /// Validates each known element of a collection.
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

    /// Block syntax in HCL (`network { … }`) instead of a nested attribute (`network = { … }`).
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
