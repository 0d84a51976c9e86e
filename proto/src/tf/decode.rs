//! Between value trees and models.
//!
//! A model never meets an unknown: by the time one is made, what is unknown is what the provider is about to fill in,
//! and a model says `None` to that. A block that holds at most one object is an option in the model and a list in the
//! tree; that difference is bridged here and nowhere else.

use std::fmt;

use serde_json::Value as Json;

use super::{Attribute, Error, Model, Value, from_json, to_json};

/// A value does not fit its model. The cause is a bug in a declaration, never the user's input.
#[derive(Debug)]
pub struct DecodeError(String);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for DecodeError {}

/// Makes a model of a value; unknown and null members take the field's default.
///
/// # Errors
///
/// A member has another type than the field.
pub fn from_value<M: Model>(value: &Value) -> Result<M, DecodeError> {
    let json = lower(&M::attributes(), to_json(value));
    serde_json::from_value(json).map_err(|error| DecodeError(error.to_string()))
}

/// Makes the value of a model.
///
/// # Errors
///
/// The model does not serialize to what its schema says.
pub fn to_value<M: Model>(model: &M) -> Result<Value, DecodeError> {
    let attributes = M::attributes();
    let json = serde_json::to_value(model).map_err(|error| DecodeError(error.to_string()))?;
    let json = raise(&attributes, json);
    from_json(&attributes, &json).map_err(|error| DecodeError(error.to_string()))
}

/// Single blocks become options, and nulls go, so that serde takes defaults for them.
/// Models and schemas come from one declaration, so that a value which does not fit is no fault of the user.
impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::new(format!("This is a bug of the provider: {error}"))
    }
}

fn lower(attributes: &[Attribute], json: Json) -> Json {
    rewrite(attributes, json, &|attribute, json| match json {
        Json::Array(mut elements) if attribute.shape.is_single_in_list() => {
            elements.drain(..).next().unwrap_or(Json::Null)
        }
        other => other,
    })
}

/// Options become single blocks.
fn raise(attributes: &[Attribute], json: Json) -> Json {
    rewrite(attributes, json, &|attribute, json| match json {
        Json::Object(_) if attribute.shape.is_single_in_list() => Json::Array(vec![json]),
        other => other,
    })
}

fn rewrite(
    attributes: &[Attribute],
    json: Json,
    change: &dyn Fn(&Attribute, Json) -> Json,
) -> Json {
    let Json::Object(members) = json else {
        return json;
    };
    let members = members.into_iter().filter(|(_, member)| !member.is_null());
    let rewritten = members.map(|(name, member)| {
        let Some(attribute) = attributes.iter().find(|attribute| attribute.name == name) else {
            return (name, member);
        };
        let member = rewrite_inside(attribute, member, change);
        (name, change(attribute, member))
    });
    // An absent single block has become null just now.
    Json::Object(rewritten.filter(|(_, member)| !member.is_null()).collect())
}

fn rewrite_inside(
    attribute: &Attribute,
    json: Json,
    change: &dyn Fn(&Attribute, Json) -> Json,
) -> Json {
    let Some(inner) = attribute.inner() else {
        return json;
    };
    match json {
        Json::Array(elements) => Json::Array(
            elements
                .into_iter()
                .map(|element| rewrite(inner, element, change))
                .collect(),
        ),
        Json::Object(entries) if attribute.shape.nesting() == Some(super::Nesting::Map) => {
            let entries = entries
                .into_iter()
                .map(|(k, v)| (k, rewrite(inner, v, change)));
            Json::Object(entries.collect())
        }
        other => rewrite(inner, other, change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    model! {
        /// Inner.
        struct Network {
            /// Subnets.
            pub subnet_ids: std::collections::BTreeSet<String>,
            /// Public.
            pub public: Option<bool> => default(true),
        }
    }

    model! {
        /// Outer.
        struct Cluster {
            /// Name.
            pub name: String => replace,
            /// Network.
            pub network: Network => block,
            /// Access.
            pub access: Option<Network> => block optional_computed,
            /// More.
            pub more: Vec<Network> => block,
            /// Size.
            pub size: Option<i64>,
        }
    }

    #[test]
    fn models_come_back_from_their_values() {
        let model = Cluster {
            name: "a".into(),
            network: Network {
                subnet_ids: ["s".to_owned()].into(),
                public: Some(false),
            },
            access: Some(Network::default()),
            more: vec![Network::default()],
            size: Some(3),
        };
        let value = to_value(&model).unwrap();
        assert_eq!(value.at("network[0].public").as_bool(), Some(false));
        assert_eq!(value.at("size").as_i64(), Some(3));
        assert_eq!(from_value::<Cluster>(&value).unwrap(), model);
    }

    #[test]
    fn unknown_and_absent_become_defaults() {
        let value = Value::object([("name", Value::unknown()), ("network", Value::Null)]);
        assert_eq!(from_value::<Cluster>(&value).unwrap(), Cluster::default());
        let value = Value::object([("network", Value::List(Vec::new()))]);
        assert_eq!(from_value::<Cluster>(&value).unwrap(), Cluster::default());
    }
}
