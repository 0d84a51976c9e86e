//! Values as JSON and back, guided by the schema: stored state, `jsonencode`d arguments, and the bridge to models.
//!
//! ResourceDataSource is lenient where stored state demands it: a missing member is null, an unknown one is ignored.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use super::schema::absent;
use super::{Attribute, Nesting, Number, Path, Shape, Type, Value};

/// The JSON does not fit the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Where.
    pub path: Path,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.path, self.expected)
    }
}

impl std::error::Error for JsonError {}

/// Reads an object with these attributes.
///
/// # Errors
///
/// Something in `json` is of another type than the schema says.
pub fn from_json(attributes: &[Attribute], json: &Json) -> Result<Value, JsonError> {
    object(attributes, json, &Path::root())
}

/// Writes a value; unknown becomes null.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => number_to_json(number),
        Value::String(text) => Json::String(text.clone()),
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => {
            Json::Array(value.elements().map(to_json).collect())
        }
        Value::Map(entries) | Value::Object(entries) => Json::Object(
            entries
                .iter()
                .map(|(k, v)| (k.clone(), to_json(v)))
                .collect(),
        ),
        Value::Dynamic(inner) => to_json(&inner.1),
    }
}

fn number_to_json(number: &Number) -> Json {
    let text = number.to_string();
    let number = text.parse::<serde_json::Number>();
    number.map_or_else(|_| Json::String(text), Json::Number)
}

fn object(attributes: &[Attribute], json: &Json, path: &Path) -> Result<Value, JsonError> {
    let Json::Object(members) = json else {
        return if json.is_null() {
            Ok(Value::Null)
        } else {
            wrong(path, "an object")
        };
    };
    let read = |attribute: &Attribute| {
        let path = path.attribute(&attribute.name);
        let json = members.get(&attribute.name).unwrap_or(&Json::Null);
        Ok((attribute.name.clone(), member(attribute, json, &path)?))
    };
    Ok(Value::Object(
        attributes.iter().map(read).collect::<Result<_, _>>()?,
    ))
}

fn member(attribute: &Attribute, json: &Json, path: &Path) -> Result<Value, JsonError> {
    if json.is_null() {
        return Ok(absent(attribute));
    }
    match &attribute.shape {
        Shape::Leaf(ty) => leaf(ty, json, path),
        Shape::Nested(nesting, inner) => nested(*nesting, inner, json, path),
        Shape::Block {
            nesting,
            attributes,
            ..
        } => nested(*nesting, attributes, json, path),
        Shape::ComputedBlock(inner) => nested(Nesting::List, inner, json, path),
    }
}

fn nested(
    nesting: Nesting,
    inner: &[Attribute],
    json: &Json,
    path: &Path,
) -> Result<Value, JsonError> {
    match nesting {
        Nesting::Single => object(inner, json, path),
        Nesting::List => Ok(Value::List(elements(json, path, |j, p| {
            object(inner, j, p)
        })?)),
        Nesting::Set => Ok(Value::set(elements(json, path, |j, p| {
            object(inner, j, p)
        })?)),
        Nesting::Map => Ok(Value::Map(entries(json, path, |j, p| object(inner, j, p))?)),
    }
}

/// Reads a value of a plain type.
pub(crate) fn leaf(ty: &Type, json: &Json, path: &Path) -> Result<Value, JsonError> {
    match (ty, json) {
        (_, Json::Null) => Ok(Value::Null),
        (Type::String, Json::String(text)) => Ok(Value::String(text.clone())),
        (Type::String, Json::Number(number)) => Ok(Value::String(number.to_string())),
        (Type::String, Json::Bool(value)) => Ok(Value::String(value.to_string())),
        (Type::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
        (Type::Bool, Json::String(text)) if text == "true" || text == "false" => {
            Ok(Value::Bool(text == "true"))
        }
        (Type::Number, Json::Number(number)) => parse_number(&number.to_string(), path),
        (Type::Number, Json::String(text)) => parse_number(text, path),
        (Type::List(ty), _) => Ok(Value::List(elements(json, path, |j, p| leaf(ty, j, p))?)),
        (Type::Set(ty), _) => Ok(Value::set(elements(json, path, |j, p| leaf(ty, j, p))?)),
        (Type::Map(ty), _) => Ok(Value::Map(entries(json, path, |j, p| leaf(ty, j, p))?)),
        (Type::Object(members), Json::Object(_)) => typed_object(members, json, path),
        (Type::Tuple(types), Json::Array(array)) if types.len() == array.len() => {
            let read = |(place, (ty, json))| leaf(ty, json, &path.index(place));
            let elements = types.iter().zip(array).enumerate().map(read);
            Ok(Value::Tuple(elements.collect::<Result<_, _>>()?))
        }
        (Type::Dynamic, _) => dynamic(json, path),
        (Type::String, _) => wrong(path, "a string"),
        (Type::Bool, _) => wrong(path, "a bool"),
        (Type::Number, _) => wrong(path, "a number"),
        (Type::Object(_), _) => wrong(path, "an object"),
        (Type::Tuple(_), _) => wrong(path, "a tuple"),
    }
}

fn typed_object(
    members: &BTreeMap<String, Type>,
    json: &Json,
    path: &Path,
) -> Result<Value, JsonError> {
    let read = |(name, ty): (&String, &Type)| {
        let json = json.get(name).unwrap_or(&Json::Null);
        Ok((name.clone(), leaf(ty, json, &path.attribute(name))?))
    };
    Ok(Value::Object(
        members.iter().map(read).collect::<Result<_, _>>()?,
    ))
}

/// Terraform stores a dynamic value as `{"type": …, "value": …}`; anything else gets the type it looks like.
fn dynamic(json: &Json, path: &Path) -> Result<Value, JsonError> {
    let ty = looks_like(json);
    let value = leaf(&ty, json, path)?;
    Ok(Value::Dynamic(Box::new((ty, value))))
}

fn looks_like(json: &Json) -> Type {
    match json {
        Json::Null => Type::Dynamic,
        Json::Bool(_) => Type::Bool,
        Json::Number(_) => Type::Number,
        Json::String(_) => Type::String,
        Json::Array(elements) => Type::Tuple(elements.iter().map(looks_like).collect()),
        Json::Object(members) => Type::object(
            members
                .iter()
                .map(|(name, json)| (name.as_str(), looks_like(json))),
        ),
    }
}

fn elements(
    json: &Json,
    path: &Path,
    read: impl Fn(&Json, &Path) -> Result<Value, JsonError>,
) -> Result<Vec<Value>, JsonError> {
    let Json::Array(array) = json else {
        return wrong(path, "a list");
    };
    array
        .iter()
        .enumerate()
        .map(|(place, json)| read(json, &path.index(place)))
        .collect()
}

fn entries(
    json: &Json,
    path: &Path,
    read: impl Fn(&Json, &Path) -> Result<Value, JsonError>,
) -> Result<BTreeMap<String, Value>, JsonError> {
    let Json::Object(members) = json else {
        return wrong(path, "a map");
    };
    members
        .iter()
        .map(|(key, json)| Ok((key.clone(), read(json, &path.key(key))?)))
        .collect()
}

fn parse_number(text: &str, path: &Path) -> Result<Value, JsonError> {
    text.parse()
        .map(Value::Number)
        .or_else(|_| wrong(path, "a number"))
}

fn wrong<T>(path: &Path, expected: &'static str) -> Result<T, JsonError> {
    Err(JsonError {
        path: path.clone(),
        expected,
    })
}
