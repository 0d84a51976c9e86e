//! The state of another provider's type, put into the words of ours. It must not know which provider that is.
//!
//! Providers on Terraform's older SDK store an empty map, an empty list or empty text for what the user left out, and
//! may plan null for it; here a plan that makes null of something is a change.

use crate::tf::meaning::is_nothing;
use crate::tf::schema::absent;
use crate::tf::{Attribute, Mode, Nesting, Shape, Value, nested};

/// The object with everything absent that says nothing and that is the user's alone to set, at any depth.
///
/// Whether the user wrote `{}` or nothing is not known here. Nothing is what nearly all write; who wrote `{}` gets it
/// back as a change of the state that the API is not told of.
pub(super) fn without_nothings(attributes: &[Attribute], object: &Value) -> Value {
    nested::members(attributes, object, |attribute, value| {
        let is_users = attribute.mode == Mode::Optional;
        match attribute.inner() {
            _ if is_users && (is_nothing(value) || is_of_provider(attribute, value)) => {
                absent(attribute)
            }
            Some(inner) => nested::map(value, |element| without_nothings(inner, element)),
            None => value.clone(),
        }
    })
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
