//! Step 4: marks computed values as unknown that the change can touch.

use std::collections::BTreeSet;

use super::super::meaning::is_nothing;
use super::super::{Attribute, Mode, Path, Shape, Value};
use super::merge;

/// Marks computed values as unknown that an apply may change.
pub(super) struct Marking<'a> {
    /// What the provider or the resource decided already.
    pub decided: &'a BTreeSet<Path>,
    /// The object is still being made.
    pub resumes: bool,
}

impl Marking<'_> {
    /// The planned object with what is open in it marked.
    pub fn object(
        &self,
        attributes: &[Attribute],
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: Value,
    ) -> Value {
        let Value::Object(members) = planned else {
            return planned;
        };
        let planned = Value::Object(members);
        let open = self.open(attributes, path, (config, prior), &planned);
        let mark = |attribute: &Attribute| {
            let name = &attribute.name;
            let marked = if open.contains(name.as_str()) {
                Value::unknown()
            } else {
                let values = (config.get(name), prior.get(name));
                self.inside(attribute, &path.attribute(name), values, planned.get(name))
            };
            (name.clone(), marked)
        };
        Value::Object(attributes.iter().map(mark).collect())
    }

    /// The attributes of the object that an apply may give another value than the merge did.
    ///
    /// What follows something open is open as well, so this goes on until nothing is added.
    fn open<'s>(
        &self,
        attributes: &'s [Attribute],
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: &Value,
    ) -> BTreeSet<&'s str> {
        let differs = |a: &&Attribute| prior.get(&a.name) != planned.get(&a.name);
        let names =
            |attributes: Vec<&'s Attribute>| attributes.into_iter().map(|a| a.name.as_str());
        let mut touched: BTreeSet<&str> =
            names(attributes.iter().filter(differs).collect()).collect();
        let mut open = BTreeSet::new();
        loop {
            let is_new = |attribute: &&Attribute| {
                let name = attribute.name.as_str();
                !open.contains(name)
                    && !self.is_decided_within(&path.attribute(name))
                    && self.is_open(attribute, config.get(name), prior, &touched)
            };
            let found: Vec<_> = attributes.iter().filter(is_new).collect();
            if found.is_empty() {
                return open;
            }
            touched.extend(names(found.clone()));
            open.extend(names(found));
        }
    }

    fn is_decided_within(&self, path: &Path) -> bool {
        self.decided.iter().any(|decided| path.starts(decided))
    }

    fn inside(
        &self,
        attribute: &Attribute,
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: &Value,
    ) -> Value {
        // What is inside a computed block cannot be computed one by one once the user wrote it.
        let is_fixed = matches!(attribute.shape, Shape::ComputedBlock(_)) && !config.is_null();
        // What only the provider sets is open as a whole or not at all.
        let is_whole = attribute.mode == Mode::Computed || attribute.write_once;
        let is_decided = self.decided.contains(path);
        // What a block falls back to holds as if it were written.
        let config = match attribute.when_absent() {
            Some(fallback) if config.is_null() => fallback,
            _ => config,
        };
        match attribute.inner() {
            Some(inner) if !is_fixed && !is_whole && !is_decided => {
                self.elements(inner, path, (config, prior), planned)
            }
            _ => planned.clone(),
        }
    }

    fn elements(
        &self,
        inner: &[Attribute],
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: &Value,
    ) -> Value {
        match planned {
            Value::List(elements) => {
                let mark = |(place, element): (usize, &Value)| {
                    let values = (config.index(place), prior.index(place));
                    self.object(inner, &path.index(place), values, element.clone())
                };
                Value::List(elements.iter().enumerate().map(mark).collect())
            }
            Value::Map(entries) => {
                let mark = |(key, entry): (&String, &Value)| {
                    let values = (config.get(key), prior.get(key));
                    (
                        key.clone(),
                        self.object(inner, &path.key(key), values, entry.clone()),
                    )
                };
                Value::Map(entries.iter().map(mark).collect())
            }
            Value::Set(_) => self.set(inner, path, (config, prior), planned),
            object => self.object(inner, path, (config, prior), object.clone()),
        }
    }

    /// Elements of sets have no address. Merging once more tells which configured and prior element each was made of;
    /// a set that was not made by merging is somebody's decision and stays.
    fn set(
        &self,
        inner: &[Attribute],
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: &Value,
    ) -> Value {
        let pairs: Vec<_> = merge::set_pairs(inner, config, prior).collect();
        let merged = Value::set(pairs.iter().map(|(c, p)| merge::object(inner, c, p)));
        if merged != *planned {
            return planned.clone();
        }
        let mark = |(config, prior)| {
            let merged = merge::object(inner, config, prior);
            self.object(inner, path, (config, prior), merged)
        };
        Value::set(pairs.into_iter().map(mark))
    }

    /// Whether an apply may give the attribute another value than the merge did.
    ///
    /// On an update, an attribute that the user may set keeps its value unless what it follows changes; one that only
    /// the provider sets is open unless it is declared to keep its value, and there is one to keep. While an object is
    /// still being made, everything is open that is not there yet.
    fn is_open(
        &self,
        attribute: &Attribute,
        config: &Value,
        prior_object: &Value,
        touched: &BTreeSet<&str>,
    ) -> bool {
        let is_free = attribute.is_computed() && config.is_null() && attribute.default.is_none();
        if !is_free || attribute.write_once || attribute.write_only {
            return false;
        }
        let prior = prior_object.get(&attribute.name);
        let follows_a_change = attribute.follows.iter().any(|name| touched.contains(name));
        let is_missing = self.resumes && is_nothing(prior);
        prior_object.is_null() || follows_a_change || is_missing || !keeps(attribute, prior)
    }
}

/// Whether an update that touches nothing of what it follows leaves the value as it is.
fn keeps(attribute: &Attribute, prior: &Value) -> bool {
    if let Some(usual) = &attribute.usual {
        return prior == usual || is_nothing(prior) && is_nothing(usual);
    }
    let is_settable = attribute.mode == Mode::OptionalComputed;
    is_settable || attribute.keep && !is_nothing(prior) || !attribute.follows.is_empty()
}
