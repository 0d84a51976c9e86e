//! What the fuzzer calls, callable as an ordinary test too.

use crate::plugin::codec::{decode, encode, type_from_json, type_to_json};
use crate::tf::Type;

/// Reads bytes as a dynamic value, which can hold a value of any type, and as a type.
///
/// # Panics
///
/// What was read is written in a way that cannot be read again, or reads as something else.
pub fn decode_anything(bytes: &[u8]) {
    if let Ok(ty) = type_from_json(bytes) {
        assert_eq!(type_from_json(&type_to_json(&ty)), Ok(ty));
    }
    if let Ok(value) = decode(bytes, &Type::Dynamic) {
        // Over-long refinements are shortened once, so that it is the written form that must not change any more.
        let written = encode(&value, &Type::Dynamic);
        let again = decode(&written, &Type::Dynamic);
        let rewritten = again.map(|value| encode(&value, &Type::Dynamic));
        assert_eq!(rewritten.as_ref(), Ok(&written), "{value:?}");
    }
}
