//! The state of another provider's type, put into the words of ours. It must not know which provider that is.
//!
//! Providers on Terraform's older SDK store an empty map, an empty list or empty text for what the user left out, and
//! may plan null for it; here a plan that makes null of something is a change.

use crate::tf::meaning::is_nothing;
use crate::tf::schema::absent;
use crate::tf::{Attribute, Mode, Nesting, Shape, Value};

/// The object with everything absent that says nothing and that is the user's alone to set, at any depth.
///
/// Whether the user wrote `{}` or nothing is not known here. Nothing is what nearly all write; who wrote `{}` gets it
/// back as a change of the state that the API is not told of.
pub(super) fn without_nothings(attributes: &[Attribute], object: Value) -> Value {
    let Value::Object(members) = object else {
        return object;
    };
    let said = members.into_iter().map(|(name, value)| {
        let value = match attributes.iter().find(|attribute| attribute.name == name) {
            Some(attribute) => member(attribute, value),
            None => value,
        };
        (name, value)
    });
    Value::Object(said.collect())
}

fn member(attribute: &Attribute, value: Value) -> Value {
    if attribute.mode == Mode::Optional && (is_nothing(&value) || is_of_provider(attribute, &value))
    {
        return absent(attribute);
    }
    match &attribute.shape {
        Shape::Leaf(_) => value,
        Shape::Nested(Nesting::Single, inner) => without_nothings(inner, value),
        Shape::Nested(_, inner)
        | Shape::ComputedBlock(inner)
        | Shape::Block {
            attributes: inner, ..
        } => each(inner, value),
    }
}

/// Whether a block holds nothing that only a user can have set: the other provider may have filled it in by itself,
/// and here a block that nobody wrote is absent. If it means something, reading the object brings it back.
fn is_of_provider(attribute: &Attribute, value: &Value) -> bool {
    let Shape::Block {
        nesting: Nesting::List,
        single: true,
        attributes: inner,
    } = &attribute.shape
    else {
        return false;
    };
    let object = value.index(0);
    let is_usual = |inner: &Attribute| {
        let value = object.get(&inner.name);
        let is_usual = match &inner.default {
            Some(default) => value == default,
            None => inner.is_computed() || is_of_provider(inner, value),
        };
        is_nothing(value) || is_usual
    };
    inner.iter().all(is_usual)
}

fn each(inner: &[Attribute], value: Value) -> Value {
    let element = |element| without_nothings(inner, element);
    match value {
        Value::List(elements) => Value::List(elements.into_iter().map(element).collect()),
        Value::Set(elements) => Value::set(elements.into_iter().map(element)),
        Value::Map(entries) => {
            let entry = |(key, value)| (key, element(value));
            Value::Map(entries.into_iter().map(entry).collect())
        }
        single => element(single),
    }
}
