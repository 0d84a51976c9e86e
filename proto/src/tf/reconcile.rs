//! Two spellings of one meaning: which one to keep, and where two values really differ.
//!
//! AWS reorders, reformats and omits. Terraform compares text. What AWS says is therefore put into the spelling of the
//! plan or of the prior state wherever both mean the same.

use super::{Attribute, Equality, Path, Shape, Value};

/// Whether two values of an attribute mean the same.
pub(crate) fn same(attribute: &Attribute, left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    let (Some(left), Some(right)) = (left.as_str(), right.as_str()) else {
        return false;
    };
    match attribute.equality {
        Equality::Exact => false,
        Equality::IgnoreCase => left.eq_ignore_ascii_case(right),
        Equality::Json => {
            let parse = |text| serde_json::from_str::<serde_json::Value>(text).ok();
            parse(left).is_some_and(|left| Some(left) == parse(right))
        }
    }
}

/// Whether `whole`, a computed block, already says everything that is set in `part`.
pub(crate) fn contains(inner: &[Attribute], whole: &Value, part: &Value) -> bool {
    let pairs_up = !whole.is_null() && whole.len() == part.len();
    pairs_up && (0..part.len()).all(|i| object_contains(inner, whole.index(i), part.index(i)))
}

fn object_contains(attributes: &[Attribute], whole: &Value, part: &Value) -> bool {
    !part.is_unknown()
        && attributes.iter().all(|attribute| {
            let (whole, part) = (whole.get(&attribute.name), part.get(&attribute.name));
            if part.is_null() || (attribute.write_once && !whole.is_null()) {
                return true;
            }
            match attribute.inner() {
                Some(inner) if part.is_empty() && whole.is_null() => inner.is_empty(),
                Some(inner) => contains(inner, whole, part),
                None => same(attribute, whole, part),
            }
        })
}

/// What AWS says (`actual`), in the spelling of `known`: the prior state on a refresh.
///
/// Equal meanings keep the known spelling. An empty collection and an absent one mean the same, and so do empty and
/// absent text, where AWS cannot tell them apart. What the API never returns stays as it was.
pub fn reconcile(attributes: &[Attribute], known: &Value, actual: Value) -> Value {
    let Value::Object(members) = actual else {
        return actual;
    };
    if !matches!(known, Value::Object(_)) {
        return Value::Object(members);
    }
    let member = |(name, actual): (String, Value)| {
        let reconciled = match attributes.iter().find(|attribute| attribute.name == name) {
            Some(attribute) => reconcile_member(attribute, known.get(&name), actual),
            None => actual,
        };
        (name, reconciled)
    };
    Value::Object(members.into_iter().map(member).collect())
}

fn reconcile_member(attribute: &Attribute, known: &Value, actual: Value) -> Value {
    if attribute.write_only {
        return Value::Null;
    }
    let both_nothing = is_nothing(known) && is_nothing(&actual) && !known.is_unknown();
    let never_returned = attribute.write_once && actual.is_null();
    if both_nothing || never_returned || same(attribute, known, &actual) {
        return known.clone();
    }
    match (&attribute.shape, known, actual) {
        (Shape::ComputedBlock(inner), Value::List(known), Value::List(actual))
            if known.len() == actual.len() =>
        {
            let pairs = known.iter().zip(actual);
            Value::List(
                pairs
                    .map(|(known, actual)| only_known(inner, known, actual))
                    .collect(),
            )
        }
        (
            Shape::Nested(_, inner)
            | Shape::Block {
                attributes: inner, ..
            },
            known,
            actual,
        ) => reconcile_nested(inner, known, actual),
        (_, _, actual) => actual,
    }
}

fn reconcile_nested(inner: &[Attribute], known: &Value, actual: Value) -> Value {
    match actual {
        Value::List(elements) => {
            let elements = elements.into_iter().enumerate();
            Value::List(
                elements
                    .map(|(i, e)| reconcile(inner, known.index(i), e))
                    .collect(),
            )
        }
        Value::Map(entries) => {
            let entries = entries.into_iter();
            Value::Map(
                entries
                    .map(|(k, e)| (k.clone(), reconcile(inner, known.get(&k), e)))
                    .collect(),
            )
        }
        Value::Set(elements) => {
            // An element of a set is matched by meaning: the known one that reconciling would turn it into.
            let respell = |actual: Value| {
                let as_known = |k: &&Value| reconcile(inner, k, actual.clone()) == **k;
                known
                    .elements()
                    .find(as_known)
                    .cloned()
                    .unwrap_or_else(|| actual.clone())
            };
            Value::set(elements.into_iter().map(respell))
        }
        object => reconcile(inner, known, object),
    }
}

/// Inside a computed block only what was set before is followed: the rest could not have been planned.
fn only_known(inner: &[Attribute], known: &Value, actual: Value) -> Value {
    let Value::Object(members) = actual else {
        return actual;
    };
    let member = |(name, actual): (String, Value)| {
        let known = known.get(&name);
        let reconciled = match inner.iter().find(|attribute| attribute.name == name) {
            _ if known.is_null() => Value::Null,
            Some(attribute) => reconcile_member(attribute, known, actual),
            None => actual,
        };
        (name, reconciled)
    };
    Value::Object(members.into_iter().map(member).collect())
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.is_empty() || value.as_str() == Some("")
}

/// Fills what the plan left open with what AWS says, and leaves the rest as planned.
///
/// Terraform insists on getting planned values back. Where AWS says something else, [`differences`] tells.
pub(crate) fn complete(planned: &Value, actual: &Value) -> Value {
    match (planned, actual) {
        (Value::Unknown(_), actual) => actual.clone(),
        (Value::Object(planned), _) => {
            let members = planned
                .iter()
                .map(|(k, v)| (k.clone(), complete(v, actual.get(k))));
            Value::Object(members.collect())
        }
        (Value::Map(planned), _) => {
            let entries = planned
                .iter()
                .map(|(k, v)| (k.clone(), complete(v, actual.get(k))));
            Value::Map(entries.collect())
        }
        (Value::List(planned), _) => {
            let elements = planned.iter().enumerate();
            Value::List(
                elements
                    .map(|(i, v)| complete(v, actual.index(i)))
                    .collect(),
            )
        }
        (Value::Set(elements), Value::Set(_)) if !elements.iter().all(Value::is_wholly_known) => {
            actual.clone()
        }
        (known, _) => known.clone(),
    }
}

/// Where what AWS says differs from what was planned.
pub fn differences(attributes: &[Attribute], planned: &Value, actual: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|attribute| !attribute.write_only) {
        let planned = planned.get(&attribute.name);
        let actual = actual.get(&attribute.name).clone();
        let reconciled = reconcile_member(attribute, planned, actual);
        if complete(planned, &reconciled) != reconciled {
            found.push(Path::root().attribute(&attribute.name));
        }
    }
    found
}
