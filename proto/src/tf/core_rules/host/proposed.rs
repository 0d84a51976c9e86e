//! What Terraform proposes to a provider: the configuration, and the prior value of what the provider computes.

use std::collections::BTreeMap;

use crate::tf::core_rules::{Seen, equal};
use crate::tf::schema::absent_object;
use crate::tf::{Attribute, Mode, Nesting, Schema, Value};

static NULL: Value = Value::Null;

/// The proposed new state for a prior state and a configuration, each null when there is none.
pub fn proposed_new(schema: &Schema, prior: &Value, config: &Value) -> Value {
    block(&schema.attributes, prior, config)
}

fn block(attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    match (prior, config) {
        (Value::Null, Value::Null) => Value::Null,
        (Value::Null, Value::Unknown(_)) => absent_object(attributes),
        (prior, Value::Null | Value::Unknown(_)) => prior.clone(),
        (Value::Null, config) => members(attributes, &absent_object(attributes), config),
        (prior, config) => members(attributes, prior, config),
    }
}

fn object(attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    match config {
        Value::Null | Value::Unknown(_) => config.clone(),
        _ => members(attributes, prior, config),
    }
}

fn members(attributes: &[Attribute], prior: &Value, config: &Value) -> Value {
    let member = |attribute: &Attribute| {
        let (prior, config) = (prior.get(&attribute.name), config.get(&attribute.name));
        (attribute.name.clone(), member(attribute, prior, config))
    };
    Value::Object(attributes.iter().map(member).collect())
}

fn member(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    match Seen::of(attribute) {
        _ if config.is_unknown() => config.clone(),
        Seen::Block(nesting, inner) => elements(nesting, inner, prior, config, block),
        _ if config.is_null() && attribute.is_computed() => {
            let was_configured = matches!(Seen::of(attribute), Seen::Nested(..))
                && attribute.mode == Mode::OptionalComputed
                && holds_uncomputed(attribute, prior);
            if was_configured {
                Value::Null
            } else {
                prior.clone()
            }
        }
        Seen::Nested(nesting, inner) => elements(nesting, inner, prior, config, object),
        Seen::Leaf => config.clone(),
    }
}

type Merge = fn(&[Attribute], &Value, &Value) -> Value;

fn elements(
    nesting: Nesting,
    inner: &[Attribute],
    prior: &Value,
    config: &Value,
    merge: Merge,
) -> Value {
    match (nesting, config) {
        (Nesting::Single, Value::Object(_)) => merge(inner, prior, config),
        (_, Value::List(configured)) => {
            let merged = configured
                .iter()
                .enumerate()
                .map(|(place, element)| correlated(inner, prior.index(place), element, merge));
            Value::List(merged.collect())
        }
        (_, Value::Map(configured)) => {
            let merged: BTreeMap<_, _> = configured
                .iter()
                .map(|(key, element)| {
                    (
                        key.clone(),
                        correlated(inner, prior.get(key), element, merge),
                    )
                })
                .collect();
            Value::Map(merged)
        }
        (_, Value::Set(configured)) => {
            let mut free: Vec<&Value> = prior.elements().collect();
            Value::set(configured.iter().map(|element| {
                let place = free.iter().position(|p| could_come_from(inner, p, element));
                let prior = place.map_or(&NULL, |place| free.remove(place));
                merge(inner, prior, element)
            }))
        }
        _ => config.clone(),
    }
}

fn correlated(inner: &[Attribute], prior: &Value, config: &Value, merge: Merge) -> Value {
    match prior {
        Value::Null => config.clone(),
        prior => merge(inner, prior, config),
    }
}

/// Whether a prior element of a set is the configured one with computed values filled in.
fn could_come_from(inner: &[Attribute], prior: &Value, config: &Value) -> bool {
    if equal(prior, config) {
        return true;
    }
    matches!(config, Value::Object(_))
        && inner.iter().all(|attribute| {
            let (prior, config) = (prior.get(&attribute.name), config.get(&attribute.name));
            if equal(prior, config) {
                return true;
            }
            match Seen::of(attribute) {
                Seen::Leaf => attribute.is_computed() && config.is_null(),
                Seen::Nested(nesting, inner) | Seen::Block(nesting, inner) => {
                    nested_could_come_from(nesting, inner, prior, config)
                }
            }
        })
}

fn nested_could_come_from(
    nesting: Nesting,
    inner: &[Attribute],
    prior: &Value,
    config: &Value,
) -> bool {
    match (nesting, prior, config) {
        (Nesting::Single, Value::Object(_), Value::Object(_)) => {
            could_come_from(inner, prior, config)
        }
        (Nesting::List, Value::List(priors), Value::List(configs)) => {
            let mut pairs = priors.iter().zip(configs);
            priors.len() == configs.len() && pairs.all(|(p, c)| could_come_from(inner, p, c))
        }
        (Nesting::Map, Value::Map(priors), Value::Map(configs)) => {
            let fits = |(key, p)| {
                configs
                    .get(key)
                    .is_some_and(|c| could_come_from(inner, p, c))
            };
            priors.len() == configs.len() && priors.iter().all(fits)
        }
        _ => false,
    }
}

/// Whether something in the value can only have come from a configuration.
fn holds_uncomputed(attribute: &Attribute, value: &Value) -> bool {
    if value.is_null() {
        return false;
    }
    let objects: Vec<&Value> = match value {
        Value::Object(_) => vec![value],
        other => other.elements().collect(),
    };
    let inner = attribute.inner().unwrap_or_default();
    objects.iter().any(|object| {
        inner.iter().any(|attribute| {
            let member = object.get(&attribute.name);
            !member.is_null() && (!attribute.is_computed() || holds_uncomputed(attribute, member))
        })
    })
}
