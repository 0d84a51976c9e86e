//! Whether a value has the type that the schema gives it. The wire could not even carry one that has not.

use super::super::{Attribute, Path, Schema, Type, Value};
use super::{Found, Seen, Violation};

/// Compares a value with the schema's type: all members there, none too many, blocks never null, and, as it stands in
/// every value but a configuration, nothing in write-only attributes.
pub fn assert_conforms(schema: &Schema, value: &Value) -> Vec<Violation> {
    let mut found = Found::default();
    typed(&schema.ty(), value, &Path::root(), &mut found);
    if found.0.is_empty() {
        object(&schema.attributes, value, &Path::root(), &mut found);
    }
    found.0
}

fn typed(ty: &Type, value: &Value, path: &Path, found: &mut Found) {
    match (ty, value) {
        (_, Value::Null | Value::Unknown(_)) | (Type::Dynamic, Value::Dynamic(_)) => {}
        (Type::String, Value::String(_)) | (Type::Number, Value::Number(_)) => {}
        (Type::Bool, Value::Bool(_)) => {}
        (Type::List(ty), Value::List(elements)) => {
            for (place, element) in elements.iter().enumerate() {
                typed(ty, element, &path.index(place), found);
            }
        }
        (Type::Set(ty), Value::Set(elements)) => {
            elements
                .iter()
                .for_each(|element| typed(ty, element, path, found));
        }
        (Type::Map(ty), Value::Map(entries)) => {
            entries
                .iter()
                .for_each(|(key, entry)| typed(ty, entry, &path.key(key), found));
        }
        (Type::Tuple(types), Value::Tuple(elements)) if types.len() == elements.len() => {
            for (place, (ty, element)) in types.iter().zip(elements).enumerate() {
                typed(ty, element, &path.index(place), found);
            }
        }
        (Type::Object(types), Value::Object(members)) => {
            for name in members.keys().filter(|name| !types.contains_key(*name)) {
                found.add(&path.attribute(name), "is not in the schema");
            }
            for (name, ty) in types {
                match members.get(name) {
                    Some(member) => typed(ty, member, &path.attribute(name), found),
                    None => found.add(&path.attribute(name), "is missing from the value"),
                }
            }
        }
        (ty, value) => found.add(path, format!("must be of type {ty:?}, is {value:?}")),
    }
}

fn object(attributes: &[Attribute], value: &Value, path: &Path, found: &mut Found) {
    if !matches!(value, Value::Object(_)) {
        return;
    }
    for attribute in attributes {
        let path = path.attribute(&attribute.name);
        let value = value.get(&attribute.name);
        if attribute.write_only && !value.is_null() {
            found.add(
                &path,
                "is write-only and must be null outside the configuration",
            );
        }
        match Seen::of(attribute) {
            // Terraform does not look into it: what is left out in there is null, blocks included.
            Seen::Leaf => {}
            Seen::Nested(_, inner) => inside(inner, value, &path, found),
            Seen::Block(nesting, inner) => {
                if nesting != super::Nesting::Single && value.is_null() {
                    found.add(&path, "holds blocks and must be empty instead of null");
                }
                inside(inner, value, &path, found);
            }
        }
    }
}

fn inside(inner: &[Attribute], value: &Value, path: &Path, found: &mut Found) {
    match value {
        Value::Object(_) => object(inner, value, path, found),
        Value::List(elements) => {
            for (place, element) in elements.iter().enumerate() {
                object(inner, element, &path.index(place), found);
            }
        }
        Value::Map(entries) => {
            for (key, element) in entries {
                object(inner, element, &path.key(key), found);
            }
        }
        Value::Set(elements) => elements.iter().for_each(|e| object(inner, e, path, found)),
        _ => {}
    }
}
