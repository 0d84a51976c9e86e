//! Planning: from what is (prior) and what is wanted (config) to what will be (planned).
//!
//! A pure function of schema and values, in four steps:
//!
//! 1. [`plan`] merges: configuration over defaults over what is already there. Spellings that mean the same keep the
//!    prior one, write-only values go.
//! 2. The provider and the resource adjust the [`Plan`]: resolve what AWS can tell, refuse what it would refuse.
//! 3. [`Plan::finish`] lists what needs a new object.
//! 4. And it marks as unknown the computed attributes that the change can touch. An unchanged object is left alone,
//!    which is what makes its plan empty.
//!
//! It must give the same answer whenever it is asked the same: Terraform plans a second time at apply and compares.
//!
//! Source of the rules: what Terraform checks on every answer (restated in [`core_rules`](super::core_rules)), and the
//! order of terraform-plugin-framework's `PlanResourceChange`.

mod mark;
mod merge;
mod replace;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Attribute, Diagnostics, Path, Schema, Timeouts, Value, nested};

/// A plan while it is being made. [`Resource::adjust`](super::Resource::adjust) gets it after configuration, defaults and
/// prior state have been merged, and may change it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Configuration. Null for a destroy.
    pub config: Value,
    /// Prior state. Null for a create.
    pub prior: Value,
    /// Planned state. Null for a destroy.
    pub planned: Value,
    /// Errors and warnings to return with the plan.
    pub diagnostics: Diagnostics,
    /// See [`Plan::is_replacement`].
    pub(crate) replaces: bool,
    schema: Arc<Schema>,
    replace: BTreeSet<Path>,
    decided: BTreeSet<Path>,
}

/// Merges configuration, defaults and prior state (step 1).
///
/// The engine calls it; call it yourself to test a [`Resource::adjust`](super::Resource::adjust). A null `proposed` asks for a
/// destroy plan.
pub fn plan(schema: &Schema, config: Value, prior: Value, proposed: &Value) -> Plan {
    let planned = match proposed {
        Value::Null => Value::Null,
        _ => merge::object(&schema.attributes, &config, &prior),
    };
    Plan {
        config,
        prior,
        planned,
        diagnostics: Diagnostics::new(),
        replaces: false,
        schema: Arc::new(schema.clone()),
        replace: BTreeSet::new(),
        decided: BTreeSet::new(),
    }
}

impl Plan {
    /// Whether the object is to be created, for the first time or as a replacement.
    pub fn is_create(&self) -> bool {
        self.prior.is_null() && !self.planned.is_null()
    }

    /// Whether the object is to be created as a replacement. Terraform does not say so for a tainted object: its
    /// replacement looks like any other create.
    pub fn is_replacement(&self) -> bool {
        self.replaces && self.is_create()
    }

    /// Whether the object exists and is not to be destroyed.
    pub fn is_update(&self) -> bool {
        !self.prior.is_null() && !self.planned.is_null()
    }

    /// Whether the object is to be destroyed.
    pub fn is_destroy(&self) -> bool {
        self.planned.is_null()
    }

    /// Whether the value at `path` differs from the prior one. An unknown value differs.
    pub fn changes(&self, path: &str) -> bool {
        let path = self.declared(path);
        self.prior.at_path(&path) != self.planned.at_path(&path)
    }

    /// A path as it is written in a rule. One that the schema does not have is a typo, which would switch the rule off: in
    /// debug builds it panics.
    fn declared(&self, path: &str) -> Path {
        let path = Path::parse(path);
        debug_assert!(self.schema.has(&path), "there is no attribute {path}");
        path
    }

    /// Sets a computed value. Terraform rejects an apply that returns another one.
    ///
    /// Does nothing if there is no such place, such as in an absent block.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let path = self.declared(path);
        if let Some(place) = self.planned.at_path_mut(&path) {
            *place = value.into();
            self.decided.insert(path);
        }
    }

    /// Makes a computed value known after apply.
    pub fn set_unknown(&mut self, path: &str) {
        self.set(path, Value::unknown());
    }

    /// Requires replacement because of the value at `path`. As in Terraform, this has no effect unless that value changes.
    pub fn require_replace(&mut self, path: &str) {
        let path = self.declared(path);
        if !self.prior.is_null() {
            self.replace.insert(path);
        }
    }

    /// Requires replacement although no argument changes, because the parent of the object is replaced.
    ///
    /// Terraform requires a change to replace an object, so `path` must be a computed value that differs for a new object.
    pub fn force_replacement(&mut self, path: &str) {
        self.set_unknown(path);
        self.require_replace(path);
    }

    /// Whether the object will be replaced, by what is declared or required so far. For rules about changes that the API
    /// rejects in place.
    pub fn will_replace(&self) -> bool {
        let mut outcome = self.clone();
        outcome.finish();
        !outcome.replace.is_empty()
    }

    /// Prior value that says that creating the object failed ([`Attribute::failed`]), so that it will be replaced.
    pub fn failed(&self) -> Option<&str> {
        let name = self.names_where(|attribute| &attribute.failed).next()?;
        self.prior.get(name).as_str()
    }

    /// The attributes whose prior value is one of those that are declared so.
    fn names_where(
        &self,
        values: impl Fn(&Attribute) -> &Vec<&'static str>,
    ) -> impl Iterator<Item = &str> {
        let attributes = self.schema.attributes.iter();
        let is_such = move |attribute: &&Attribute| {
            let prior = self.prior.get(&attribute.name).as_str();
            prior.is_some_and(|prior| values(attribute).contains(&prior))
        };
        attributes
            .filter(is_such)
            .map(|attribute| attribute.name.as_str())
    }

    /// The paths that make a new object necessary. Complete when the plan is finished.
    pub(crate) fn replaced(&self) -> impl Iterator<Item = &Path> {
        self.replace.iter()
    }

    /// Lists what needs a new object, and marks what the change leaves open (steps 3 and 4).
    pub(crate) fn finish(&mut self) {
        let schema = &*self.schema.clone();
        if self.planned.is_null() {
            return self.replace.clear();
        }
        let resumes = self.resume();
        self.replace_failed();
        if self.is_update() {
            let values = (&self.prior, &self.planned);
            replace::find(&schema.attributes, &Path::root(), values, &mut self.replace);
        }
        let (prior, planned) = (&self.prior, &self.planned);
        self.replace
            .retain(|path| prior.at_path(path) != planned.at_path(path));
        if self.is_update() && !is_material(&schema.attributes, &self.prior, &self.planned) {
            return;
        }
        let marking = mark::Marking {
            decided: &self.decided,
            resumes,
        };
        let planned = std::mem::take(&mut self.planned);
        let values = (&self.config, &self.prior);
        self.planned = marking.object(&schema.attributes, &Path::root(), values, planned);
    }

    /// Leaves open where an object stands that is still being made, which is a change to make: waiting for the end. Not
    /// where the resource has decided it: then nobody waits. Tells whether it is left open.
    fn resume(&mut self) -> bool {
        let is_open = |name: &&str| !self.decided.contains(&Path::root().attribute(*name));
        let names = self.names_where(|attribute| &attribute.unfinished);
        let names: Vec<_> = names.filter(is_open).map(ToOwned::to_owned).collect();
        for name in &names {
            self.set_unknown(name);
        }
        !names.is_empty()
    }

    /// Asks for a new object in the place of one of which nothing came.
    fn replace_failed(&mut self) {
        let names = self.names_where(|attribute| &attribute.failed);
        let names: Vec<_> = names.map(ToOwned::to_owned).collect();
        for name in &names {
            self.force_replacement(name);
        }
    }
}

/// Whether the difference between two states is one that the API would have to be told of.
///
/// How long to wait, what counted at creation only, and what means nothing alone, is written down without a word to the
/// API.
pub(crate) fn is_material(attributes: &[Attribute], prior: &Value, planned: &Value) -> bool {
    let without_timeouts = |state: &Value| match material(attributes, state) {
        Value::Object(mut members) => {
            members.remove(Timeouts::NAME);
            Value::Object(members)
        }
        other => other,
    };
    without_timeouts(prior) != without_timeouts(planned)
}

fn material(attributes: &[Attribute], object: &Value) -> Value {
    nested::members(attributes, object, |attribute, value| {
        match attribute.inner() {
            _ if attribute.write_once || attribute.companion => Value::Null,
            Some(inner) => nested::map(value, |element| material(inner, element)),
            None => value.clone(),
        }
    })
}
