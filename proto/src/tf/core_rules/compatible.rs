//! What Terraform accepts as the outcome of a plan: `Provider produced inconsistent result after apply`, or
//! `inconsistent final plan` when the outcome is the second plan that every apply begins with.

use super::super::{Attribute, Nesting, Path, Refinement, Schema, Value};
use super::{Found, Seen, Violation, assert_conforms};

/// Compares an outcome with its plan: what was known stays, what was unknown becomes anything that was not ruled out.
pub fn assert_object_compatible(
    schema: &Schema,
    planned: &Value,
    actual: &Value,
) -> Vec<Violation> {
    let conforming = assert_conforms(schema, actual);
    if !conforming.is_empty() {
        return conforming;
    }
    let mut found = Found::default();
    object(
        &schema.attributes,
        planned,
        actual,
        &Path::root(),
        &mut found,
    );
    found.0
}

fn object(
    attributes: &[Attribute],
    planned: &Value,
    actual: &Value,
    path: &Path,
    found: &mut Found,
) {
    match (planned, actual) {
        (Value::Null, Value::Null) | (Value::Unknown(_), _) => return,
        (Value::Null, _) => return found.add(path, "was planned as absent and is present"),
        (_, Value::Null) => return found.add(path, "was planned as present and is absent"),
        _ => {}
    }
    for attribute in attributes {
        let planned = planned.get(&attribute.name);
        let actual = actual.get(&attribute.name);
        let path = path.attribute(&attribute.name);
        match Seen::of(attribute) {
            Seen::Block(nesting, inner) => blocks(nesting, inner, (planned, actual), &path, found),
            _ if attribute.sensitive => sensitive(planned, actual, &path, found),
            _ => value(planned, actual, &path, found),
        }
    }
}

fn sensitive(planned: &Value, actual: &Value, path: &Path, found: &mut Found) {
    let mut within = Found::default();
    value(planned, actual, path, &mut within);
    if !within.0.is_empty() {
        found.add(path, "is sensitive and differs from what was planned");
    }
}

fn blocks(
    nesting: Nesting,
    inner: &[Attribute],
    (planned, actual): (&Value, &Value),
    path: &Path,
    found: &mut Found,
) {
    match (planned, actual) {
        _ if nesting == Nesting::Single => object(inner, planned, actual, path, found),
        (Value::Set(_), Value::Set(_)) => set((planned, actual), path, found, |planned, actual| {
            let mut within = Found::default();
            object(inner, planned, actual, path, &mut within);
            within.0.is_empty()
        }),
        (Value::List(_) | Value::Map(_), Value::List(_) | Value::Map(_)) => {
            if planned.len() != actual.len() {
                let (planned, actual) = (planned.len(), actual.len());
                return found.add(
                    path,
                    format!("was planned as {planned} blocks and has {actual}"),
                );
            }
            places(planned, path, |path, part| {
                object(inner, part(planned), part(actual), path, found);
            });
        }
        _ => {}
    }
}

fn value(planned: &Value, actual: &Value, path: &Path, found: &mut Found) {
    match (planned, actual) {
        (Value::Unknown(refinement), actual) if includes(refinement, actual) => {}
        (Value::Unknown(_), _) => {
            found.add(path, "is not what the plan said about the unknown value");
        }
        (Value::Null, Value::Null) => {}
        (planned, Value::Unknown(_)) => {
            found.add(path, format!("was planned as {planned:?} and is unknown"));
        }
        (Value::Set(_), Value::Set(_)) => set((planned, actual), path, found, |planned, actual| {
            let mut within = Found::default();
            value(planned, actual, path, &mut within);
            within.0.is_empty()
        }),
        (Value::Dynamic(planned), Value::Dynamic(actual)) if planned.0 == actual.0 => {
            value(&planned.1, &actual.1, path, found);
        }
        (planned, actual) if planned.is_collection() && actual.is_collection() => {
            if planned.len() != actual.len() {
                found.add(path, "has other elements than were planned");
            }
            places(planned, path, |path, part| {
                value(part(planned), part(actual), path, found)
            });
        }
        (planned, actual) if planned != actual => {
            found.add(
                path,
                format!("was planned as {planned:?} and is {actual:?}"),
            );
        }
        _ => {}
    }
}

/// Every planned element has its like among the actual ones and the other way round; unknown ones may become one.
fn set(
    (planned, actual): (&Value, &Value),
    path: &Path,
    found: &mut Found,
    is_like: impl Fn(&Value, &Value) -> bool,
) {
    for element in planned.elements() {
        if !actual.elements().any(|actual| is_like(element, actual)) {
            found.add(path, format!("lacks the planned element {element:?}"));
        }
    }
    for element in actual.elements() {
        if !planned.elements().any(|planned| is_like(planned, element)) {
            found.add(
                path,
                format!("has the element {element:?} that was not planned"),
            );
        }
    }
    if actual.len() > planned.len() {
        found.add(path, "has more elements than were planned");
    }
}

type Part<'p> = &'p dyn for<'v> Fn(&'v Value) -> &'v Value;

fn places(planned: &Value, path: &Path, mut check: impl FnMut(&Path, Part)) {
    match planned {
        Value::List(elements) | Value::Tuple(elements) => {
            (0..elements.len()).for_each(|i| check(&path.index(i), &|value| value.index(i)));
        }
        Value::Map(entries) => {
            entries
                .keys()
                .for_each(|key| check(&path.key(key), &|value| value.get(key)));
        }
        Value::Object(members) => {
            members
                .keys()
                .for_each(|name| check(&path.attribute(name), &|value| value.get(name)));
        }
        _ => {}
    }
}

fn includes(refinement: &Refinement, actual: &Value) -> bool {
    let length = u64::try_from(actual.len()).unwrap_or(u64::MAX);
    let length_fits = !actual.is_collection()
        || refinement.min_length.is_none_or(|least| length >= least)
            && refinement.max_length.is_none_or(|most| length <= most);
    let prefix_fits = match (&refinement.prefix, actual.as_str()) {
        (Some(prefix), Some(text)) => text.starts_with(prefix),
        _ => true,
    };
    let null_fits = match refinement.null {
        Some(is_null) if !actual.is_unknown() => is_null == actual.is_null(),
        _ => true,
    };
    length_fits && prefix_fits && null_fits && number_fits(refinement, actual)
}

fn number_fits(refinement: &Refinement, actual: &Value) -> bool {
    let Value::Number(number) = actual else {
        return true;
    };
    let above = refinement
        .lower
        .as_ref()
        .is_none_or(|(bound, inclusive)| number > bound || (*inclusive && number == bound));
    let below = refinement
        .upper
        .as_ref()
        .is_none_or(|(bound, inclusive)| number < bound || (*inclusive && number == bound));
    above && below
}
