//! Terraform's values and types as bytes and back: msgpack with HashiCorp's extensions, and the JSON form of types.
//!
//! Everything is guided by a type, because the bytes alone do not tell a set from a list. What arrives is not trusted:
//! no input panics, recurses deeper than [`MAX_DEPTH`], or makes the reader allocate more than a multiple of its
//! length. This module must not know the gRPC messages that carry the bytes, nor what a schema is.

mod decode;
mod encode;
mod error;
mod number;
mod refinement;
#[cfg(test)]
mod tests;
mod type_json;

pub use decode::decode;
pub use encode::encode;
pub use error::Error;
pub use type_json::{type_from_json, type_to_json};

use crate::tf::{Path, Type, Value, leaf_from_json};

/// How many levels of values, or of types, may stand inside each other. Schemas of real providers stay below twenty.
pub const MAX_DEPTH: usize = 64;

/// Reads the two byte fields of a `DynamicValue` message: msgpack when there is any, else JSON, else null.
///
/// Terraform and OpenTofu send msgpack only; JSON is what the protocol also allows.
///
/// # Errors
///
/// The bytes are malformed, or are no value of type `ty`.
pub fn dynamic_value(msgpack: &[u8], json: &[u8], ty: &Type) -> Result<Value, Error> {
    if !msgpack.is_empty() {
        return decode(msgpack, ty);
    }
    if json.is_empty() {
        return Ok(Value::Null);
    }
    // serde_json bounds the depth by itself, at 128.
    let json = serde_json::from_slice(json).map_err(|_| Error::expected("well-formed JSON"))?;
    leaf_from_json(ty, &json, &Path::root()).map_err(Error::from)
}
