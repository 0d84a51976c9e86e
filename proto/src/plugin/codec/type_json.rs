//! Types as compact JSON: `"string"`, `["list","string"]`, `["object",{"name":"string"}]`.
//!
//! Schemas carry types in this form, and so does every value of type `dynamic`.

use serde_json::Value as Json;

use super::{Error, MAX_DEPTH};
use crate::tf::Type;

/// Writes a type.
pub fn type_to_json(ty: &Type) -> Vec<u8> {
    to_json(ty).to_string().into_bytes()
}

/// Reads a type.
///
/// # Errors
///
/// The bytes are not JSON, not a type, or more than [`MAX_DEPTH`] levels deep.
pub fn type_from_json(bytes: &[u8]) -> Result<Type, Error> {
    let json = serde_json::from_slice(bytes).map_err(|_| Error::expected("a type in JSON"))?;
    from_json(&json, MAX_DEPTH)
}

fn to_json(ty: &Type) -> Json {
    match ty {
        Type::String => "string".into(),
        Type::Number => "number".into(),
        Type::Bool => "bool".into(),
        Type::Dynamic => "dynamic".into(),
        Type::List(element) => pair("list", to_json(element)),
        Type::Set(element) => pair("set", to_json(element)),
        Type::Map(element) => pair("map", to_json(element)),
        Type::Object(members) => {
            let members = members.iter().map(|(name, ty)| (name.clone(), to_json(ty)));
            pair("object", Json::Object(members.collect()))
        }
        Type::Tuple(elements) => pair("tuple", elements.iter().map(to_json).collect()),
    }
}

fn pair(kind: &str, of: Json) -> Json {
    Json::Array(vec![kind.into(), of])
}

fn from_json(json: &Json, depth: usize) -> Result<Type, Error> {
    if depth == 0 {
        return Err(Error::expected("a type that is less deeply nested"));
    }
    match json {
        Json::String(name) => primitive(name),
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(kind), of] => composite(kind, of, depth - 1),
            _ => Err(Error::expected("a type of the form [kind, of]")),
        },
        _ => Err(Error::expected("a type")),
    }
}

fn primitive(name: &str) -> Result<Type, Error> {
    match name {
        "string" => Ok(Type::String),
        "number" => Ok(Type::Number),
        "bool" => Ok(Type::Bool),
        "dynamic" => Ok(Type::Dynamic),
        _ => Err(Error::expected("string, number, bool or dynamic")),
    }
}

fn composite(kind: &str, of: &Json, depth: usize) -> Result<Type, Error> {
    match (kind, of) {
        ("list", element) => Ok(Type::list(from_json(element, depth)?)),
        ("set", element) => Ok(Type::set(from_json(element, depth)?)),
        ("map", element) => Ok(Type::map(from_json(element, depth)?)),
        ("object", Json::Object(members)) => {
            let member = |(name, ty): (&String, &Json)| Ok((name.clone(), from_json(ty, depth)?));
            let members = members.iter().map(member);
            Ok(Type::Object(members.collect::<Result<_, Error>>()?))
        }
        ("tuple", Json::Array(elements)) => {
            let elements = elements.iter().map(|element| from_json(element, depth));
            Ok(Type::Tuple(elements.collect::<Result<_, Error>>()?))
        }
        _ => Err(Error::expected("a list, set, map, object or tuple type")),
    }
}
