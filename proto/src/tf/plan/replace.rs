//! Step 3: what needs a new object.

use std::collections::BTreeSet;

use super::super::meaning::{covers, effective};
use super::super::{Attribute, Path, Value, nested};

/// Finds the places whose change needs a new object.
///
/// Leaving to the provider what the user used to set is no such change, and neither is what counted at creation only.
pub(super) fn find(
    attributes: &[Attribute],
    path: &Path,
    (prior, planned): (&Value, &Value),
    found: &mut BTreeSet<Path>,
) {
    for attribute in attributes.iter().filter(|attribute| !attribute.write_once) {
        let (prior, planned) = (prior.get(&attribute.name), planned.get(&attribute.name));
        if prior == planned {
            continue;
        }
        let path = path.attribute(&attribute.name);
        if attribute.replace {
            if !covers(attribute, prior, planned) {
                found.insert(path);
            }
        } else if let Some(inner) = attribute.inner().filter(|inner| holds_replace(inner)) {
            find_inside(inner, &path, (prior, planned), found);
        }
    }
}

fn find_inside(
    inner: &[Attribute],
    path: &Path,
    (prior, planned): (&Value, &Value),
    found: &mut BTreeSet<Path>,
) {
    match (prior, planned) {
        // Nobody can say yet what will be in it.
        (_, Value::Unknown(_)) => {
            found.insert(path.clone());
        }
        (Value::Set(_), _) | (_, Value::Set(_)) => {
            if projections(inner, prior) != projections(inner, planned) {
                found.insert(path.clone());
            }
        }
        (Value::List(_), _) | (_, Value::List(_)) => {
            for place in 0..prior.len().max(planned.len()) {
                let values = (prior.index(place), planned.index(place));
                find(inner, &path.index(place), values, found);
            }
        }
        (Value::Map(_), _) | (_, Value::Map(_)) => {
            let keys: BTreeSet<&String> = [prior, planned].into_iter().flat_map(keys).collect();
            for key in keys {
                find(
                    inner,
                    &path.key(key),
                    (prior.get(key), planned.get(key)),
                    found,
                );
            }
        }
        values => find(inner, path, values, found),
    }
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    let entries = match value {
        Value::Map(entries) => Some(entries.keys()),
        _ => None,
    };
    entries.into_iter().flatten()
}

fn holds_replace(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|a| a.replace || a.inner().is_some_and(holds_replace))
}

/// What is left of the elements of a set when only what needs a new object is looked at. Elements have no identity, so
/// this is how to tell an element that came or went from one that merely changed.
fn projections(inner: &[Attribute], elements: &Value) -> BTreeSet<Value> {
    elements
        .elements()
        .map(|element| projection(inner, element))
        .collect()
}

fn projection(attributes: &[Attribute], object: &Value) -> Value {
    let Value::Object(_) = object else {
        return object.clone();
    };
    let members = attributes.iter().filter(|attribute| !attribute.write_once);
    let members = members.filter_map(|attribute| {
        let value = object.get(&attribute.name);
        let value = match attribute.inner() {
            _ if attribute.replace => effective(attribute, value).clone(),
            Some(inner) if holds_replace(inner) => {
                nested::map(value, |element| projection(inner, element))
            }
            _ => return None,
        };
        Some((attribute.name.clone(), value))
    });
    Value::Object(members.collect())
}
