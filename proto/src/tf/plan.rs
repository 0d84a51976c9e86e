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
//! Source of the rules: what Terraform checks on every answer (`AssertPlanValid` in Terraform's
//! `internal/plans/objchange`), and the order of terraform-plugin-framework's `PlanResourceChange`.

use std::collections::{BTreeMap, BTreeSet};

use super::reconcile::{contains, same};
use super::schema::absent_object;
use super::{Attribute, Diagnostics, Mode, Nesting, Path, Schema, Shape, Value};

/// A plan in the making.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the user wrote. Null when the object is to be destroyed.
    pub config: Value,
    /// What is there. Null when the object is to be created.
    pub prior: Value,
    /// What will be. Null when the object is to be destroyed.
    pub planned: Value,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
    replace: BTreeSet<Path>,
    decided: BTreeSet<Path>,
}

/// Merges configuration, defaults and prior state (step 1).
///
/// A null `proposed` asks for a destroy plan.
pub fn plan(schema: &Schema, config: Value, prior: Value, proposed: &Value) -> Plan {
    let planned = match proposed {
        Value::Null => Value::Null,
        _ => merge_object(&schema.attributes, &config, &prior),
    };
    Plan {
        config,
        prior,
        planned,
        diagnostics: Diagnostics::new(),
        replace: BTreeSet::new(),
        decided: BTreeSet::new(),
    }
}

impl Plan {
    /// The object does not exist yet, or is to be made anew.
    pub fn is_create(&self) -> bool {
        self.prior.is_null() && !self.planned.is_null()
    }

    /// The object exists and stays.
    pub fn is_update(&self) -> bool {
        !self.prior.is_null() && !self.planned.is_null()
    }

    /// The object goes.
    pub fn is_destroy(&self) -> bool {
        self.planned.is_null()
    }

    /// Whether the value at `path` differs from the prior one. An unknown value differs.
    pub fn changes(&self, path: &str) -> bool {
        self.prior.at(path) != self.planned.at(path)
    }

    /// Decides a computed value. It is then what Terraform will hold the apply to.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let path = Path::parse(path);
        if let Some(place) = self.planned.at_path_mut(&path) {
            *place = value.into();
            self.decided.insert(path);
        }
    }

    /// Declares that a computed value will be known after apply only.
    pub fn set_unknown(&mut self, path: &str) {
        self.set(path, Value::unknown());
    }

    /// Asks for a new object because of the value at `path`.
    pub fn require_replace(&mut self, path: &str) {
        if !self.prior.is_null() {
            self.replace.insert(Path::parse(path));
        }
    }

    /// The paths that make a new object necessary.
    pub fn replaced(&self) -> impl Iterator<Item = &Path> {
        self.replace.iter()
    }

    /// Whether the object is to be replaced.
    pub fn is_replace(&self) -> bool {
        !self.replace.is_empty()
    }

    /// Lists what needs a new object, and marks what the change leaves open (steps 3 and 4).
    pub fn finish(&mut self, schema: &Schema) {
        if self.planned.is_null() || self.planned == self.prior {
            return;
        }
        if !self.prior.is_null() {
            let mut found = BTreeSet::new();
            let object = (&self.prior, &self.planned);
            find_replaced(&schema.attributes, &Path::root(), object, &mut found);
            self.replace.append(&mut found);
        }
        let marking = Marking {
            decided: &self.decided,
        };
        let planned = std::mem::take(&mut self.planned);
        let values = (&self.config, &self.prior);
        self.planned = marking.object(&schema.attributes, &Path::root(), values, planned);
    }
}

fn merge_object(attributes: &[Attribute], config: &Value, prior: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return config.clone();
    }
    let merge_member = |attribute: &Attribute| {
        let name = &attribute.name;
        (
            name.clone(),
            merge(attribute, config.get(name), prior.get(name)),
        )
    };
    Value::Object(attributes.iter().map(merge_member).collect())
}

fn merge(attribute: &Attribute, config: &Value, prior: &Value) -> Value {
    if attribute.write_only {
        return Value::Null;
    }
    if attribute.write_once && !prior.is_null() {
        return prior.clone();
    }
    match &attribute.shape {
        _ if config.is_unknown() => config.clone(),
        Shape::Block {
            nesting,
            attributes,
            ..
        } => merge_nested(*nesting, attributes, config, prior),
        _ if config.is_null() => unset(attribute, prior),
        Shape::Nested(nesting, inner) => merge_nested(*nesting, inner, config, prior),
        Shape::ComputedBlock(inner) if contains(inner, prior, config) => prior.clone(),
        _ if same(attribute, config, prior) => prior.clone(),
        _ => config.clone(),
    }
}

/// What an attribute becomes that the user does not set.
fn unset(attribute: &Attribute, prior: &Value) -> Value {
    match &attribute.default {
        Some(default) if same(attribute, default, prior) => prior.clone(),
        Some(default) => default.clone(),
        None if attribute.is_computed() => prior.clone(),
        None => Value::Null,
    }
}

fn merge_nested(nesting: Nesting, inner: &[Attribute], config: &Value, prior: &Value) -> Value {
    match (nesting, config) {
        (Nesting::Single, _) => merge_object(inner, config, prior),
        (_, Value::List(elements)) => {
            let elements = elements.iter().enumerate();
            Value::List(
                elements
                    .map(|(i, e)| merge_object(inner, e, prior.index(i)))
                    .collect(),
            )
        }
        (_, Value::Map(entries)) => {
            let entries = entries.iter();
            Value::Map(
                entries
                    .map(|(k, e)| (k.clone(), merge_object(inner, e, prior.get(k))))
                    .collect(),
            )
        }
        (_, Value::Set(elements)) => {
            let merged = elements
                .iter()
                .map(|e| merge_object(inner, e, counterpart(inner, e, prior)));
            Value::set(merged)
        }
        _ => config.clone(),
    }
}

/// The prior element that a configured element of a set could have become.
fn counterpart<'a>(inner: &[Attribute], config: &Value, prior: &'a Value) -> &'a Value {
    static NONE: Value = Value::Null;
    let fits = |candidate: &&Value| {
        inner.iter().all(|attribute| {
            let config = config.get(&attribute.name);
            let free = config.is_null() && attribute.is_computed();
            free || same(attribute, config, candidate.get(&attribute.name))
        })
    };
    prior.elements().find(fits).unwrap_or(&NONE)
}

fn find_replaced(
    attributes: &[Attribute],
    path: &Path,
    (prior, planned): (&Value, &Value),
    found: &mut BTreeSet<Path>,
) {
    for attribute in attributes {
        let values = (prior.get(&attribute.name), planned.get(&attribute.name));
        if values.0 == values.1 {
            continue;
        }
        let path = path.attribute(&attribute.name);
        if attribute.replace {
            if !is_merely_released(attribute, values) {
                found.insert(path);
            }
        } else if let Some(inner) = attribute.inner() {
            find_replaced_inside(inner, &path, values, found);
        }
    }
}

/// Leaving an attribute to the provider that the user used to set is no reason for a new object.
fn is_merely_released(attribute: &Attribute, (_, planned): (&Value, &Value)) -> bool {
    attribute.is_computed() && planned.is_null()
}

fn find_replaced_inside(
    inner: &[Attribute],
    path: &Path,
    (prior, planned): (&Value, &Value),
    found: &mut BTreeSet<Path>,
) {
    match (prior, planned) {
        (Value::Set(_), _) | (_, Value::Set(_)) => {
            let mut within = BTreeSet::new();
            let none = absent_object(inner);
            for element in prior
                .elements()
                .filter(|e| !planned.elements().any(|p| p == *e))
            {
                find_replaced(inner, path, (element, &none), &mut within);
            }
            for element in planned
                .elements()
                .filter(|e| !prior.elements().any(|p| p == *e))
            {
                find_replaced(inner, path, (&none, element), &mut within);
            }
            if !within.is_empty() {
                found.insert(path.clone());
            }
        }
        (Value::List(_), _) | (_, Value::List(_)) => {
            for place in 0..prior.len().max(planned.len()) {
                let values = (prior.index(place), planned.index(place));
                find_replaced(inner, &path.index(place), values, found);
            }
        }
        (Value::Map(_), _) | (_, Value::Map(_)) => {
            let keys: BTreeSet<&String> = [prior, planned].into_iter().flat_map(keys).collect();
            for key in keys {
                find_replaced(
                    inner,
                    &path.key(key),
                    (prior.get(key), planned.get(key)),
                    found,
                );
            }
        }
        values => find_replaced(inner, path, values, found),
    }
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    let entries = match value {
        Value::Map(entries) => Some(entries.keys()),
        _ => None,
    };
    entries.into_iter().flatten()
}

/// Marks computed values as unknown that an apply may change.
struct Marking<'a> {
    decided: &'a BTreeSet<Path>,
}

impl Marking<'_> {
    fn object(
        &self,
        attributes: &[Attribute],
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: Value,
    ) -> Value {
        let Value::Object(members) = planned else {
            return planned;
        };
        let touched: BTreeSet<String> = members
            .iter()
            .filter(|(name, planned)| prior.get(name) != *planned)
            .map(|(name, _)| name.clone())
            .collect();
        let mark = |(name, planned): (String, Value)| {
            let Some(attribute) = attributes.iter().find(|a| a.name == name) else {
                return (name, planned);
            };
            let path = path.attribute(&name);
            let values = (config.get(&name), prior.get(&name));
            let is_open = !self.decided.contains(&path)
                && is_open(attribute, values.0, prior.is_null(), &touched);
            let marked = match is_open {
                true => Value::unknown(),
                false => self.inside(attribute, &path, values, planned),
            };
            (name, marked)
        };
        Value::Object(members.into_iter().map(mark).collect::<BTreeMap<_, _>>())
    }

    fn inside(
        &self,
        attribute: &Attribute,
        path: &Path,
        (config, prior): (&Value, &Value),
        planned: Value,
    ) -> Value {
        // What is inside a computed block cannot be computed one by one: see `Shape::ComputedBlock`.
        let (Some(inner), false) = (
            attribute.inner(),
            matches!(attribute.shape, Shape::ComputedBlock(_)),
        ) else {
            return planned;
        };
        if config.is_null() {
            return planned;
        }
        match planned {
            Value::List(elements) => {
                let mark = |(place, element)| {
                    let values = (config.index(place), prior.index(place));
                    self.object(inner, &path.index(place), values, element)
                };
                Value::List(elements.into_iter().enumerate().map(mark).collect())
            }
            Value::Map(entries) => {
                let mark = |(key, element): (String, Value)| {
                    let values = (config.get(&key), prior.get(&key));
                    let marked = self.object(inner, &path.key(&key), values, element);
                    (key, marked)
                };
                Value::Map(entries.into_iter().map(mark).collect())
            }
            Value::Set(elements) => {
                let mark = |element: Value| {
                    let config = counterpart_config(inner, config, &element);
                    let prior = counterpart(inner, config, prior);
                    self.object(inner, path, (config, prior), element.clone())
                };
                Value::set(elements.into_iter().map(mark))
            }
            object => self.object(inner, path, (config, prior), object),
        }
    }
}

/// The configured element that a planned element of a set was made from.
fn counterpart_config<'a>(inner: &[Attribute], config: &'a Value, planned: &'a Value) -> &'a Value {
    let fits = |candidate: &&Value| {
        inner.iter().all(|attribute| {
            let config = candidate.get(&attribute.name);
            config.is_null() || same(attribute, config, planned.get(&attribute.name))
        })
    };
    config.elements().find(fits).unwrap_or(planned)
}

/// Whether an apply may give the attribute another value than the merge did.
///
/// On an update, an attribute that the user may set keeps its value unless what it follows changes; one that only the
/// provider sets is open unless it is declared to keep its value.
fn is_open(
    attribute: &Attribute,
    config: &Value,
    is_new: bool,
    touched: &BTreeSet<String>,
) -> bool {
    let is_free = attribute.is_computed() && config.is_null() && attribute.default.is_none();
    if !is_free || attribute.write_once || attribute.write_only {
        return false;
    }
    let follows_a_change = attribute.follows.iter().any(|name| touched.contains(*name));
    let keeps =
        attribute.keep || !attribute.follows.is_empty() || attribute.mode == Mode::OptionalComputed;
    is_new || follows_a_change || !keeps
}
