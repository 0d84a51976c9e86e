//! Walking into nested values. Lists, sets, maps and single objects are gone into alike, so that what is done with the
//! objects inside is said once. What is done is for the caller to know.

use super::{Attribute, Value};

/// The nested value with each object in it changed.
pub(crate) fn map(value: &Value, mut change: impl FnMut(&Value) -> Value) -> Value {
    map_with(value, &Value::Null, |object, _| change(object))
}

/// The nested value with each object in it changed, next to what stands at the same place or key of `other`.
///
/// Elements of sets have no place, so null stands next to them. Who can pair them does so instead.
pub(crate) fn map_with(
    value: &Value,
    other: &Value,
    mut change: impl FnMut(&Value, &Value) -> Value,
) -> Value {
    match value {
        Value::List(elements) => {
            let each = |(place, element)| change(element, other.index(place));
            Value::List(elements.iter().enumerate().map(each).collect())
        }
        Value::Set(elements) => {
            let each = |element| change(element, &Value::Null);
            Value::Set(elements.iter().map(each).collect())
        }
        Value::Map(entries) => {
            let each = |(key, entry): (&String, _)| (key.clone(), change(entry, other.get(key)));
            Value::Map(entries.iter().map(each).collect())
        }
        single => change(single, other),
    }
}

/// The object with each attribute changed. What is no object, and members that are no attributes, stay as they are.
pub(crate) fn members(
    attributes: &[Attribute],
    object: &Value,
    mut change: impl FnMut(&Attribute, &Value) -> Value,
) -> Value {
    let Value::Object(members) = object else {
        return object.clone();
    };
    let changed = members.iter().map(|(name, value)| {
        let attribute = attributes.iter().find(|attribute| attribute.name == *name);
        let value = match attribute {
            Some(attribute) => change(attribute, value),
            None => value.clone(),
        };
        (name.clone(), value)
    });
    Value::Object(changed.collect())
}
