//! Step 1: configuration over defaults over what is already there.

use super::super::meaning::{covers, is_at, pair_up, same};
use super::super::{Attribute, Shape, Value, nested};

/// The merged object; a configuration that is null or unknown stays so.
pub(super) fn object(attributes: &[Attribute], config: &Value, prior: &Value) -> Value {
    if config.is_null() || config.is_unknown() {
        return config.clone();
    }
    let merged = attributes.iter().map(|attribute| {
        let value = member(attribute, config.get(&attribute.name), prior);
        (attribute.name.clone(), value)
    });
    Value::Object(merged.collect())
}

fn member(attribute: &Attribute, config: &Value, prior_object: &Value) -> Value {
    let prior = prior_object.get(&attribute.name);
    if attribute.write_only {
        return Value::Null;
    }
    // Terraform takes a value other than the configured one only where there is a prior one.
    let may_stay = config.is_null() || !prior.is_null();
    if attribute.write_once && !prior_object.is_null() && may_stay {
        return prior.clone();
    }
    match &attribute.shape {
        _ if config.is_unknown() => config.clone(),
        Shape::Block { attributes, .. } => inside(attributes, config, prior),
        _ if config.is_null() => unset(attribute, prior_object),
        Shape::Nested(_, inner) => inside(inner, config, prior),
        // Terraform takes the configured value or the prior one, and nothing in between.
        Shape::ComputedBlock(_) if !prior.is_null() && covers(attribute, prior, config) => {
            prior.clone()
        }
        _ if same(attribute, config, prior) => prior.clone(),
        _ => config.clone(),
    }
}

/// What an attribute becomes that the user does not set.
fn unset(attribute: &Attribute, prior_object: &Value) -> Value {
    if prior_object.is_null() {
        return attribute.default.clone().unwrap_or_default();
    }
    let prior = prior_object.get(&attribute.name);
    match attribute.when_absent() {
        Some(fallback) if is_at(attribute, fallback, prior) => prior.clone(),
        Some(fallback) => fallback.clone(),
        None if attribute.is_computed() => prior.clone(),
        None => Value::Null,
    }
}

fn inside(inner: &[Attribute], config: &Value, prior: &Value) -> Value {
    match config {
        Value::Set(_) => {
            let pairs = set_pairs(inner, config, prior);
            Value::set(pairs.map(|(config, prior)| object(inner, config, prior)))
        }
        _ => nested::map_with(config, prior, |config, prior| object(inner, config, prior)),
    }
}

/// The configured elements of a set, each with the prior element that it stands for, or null.
///
/// It stands for the one that merging would leave as it is. Any other is another element: elements have no identity.
/// While something in the set is unknown, nothing is taken from prior elements: the unknown element might turn out to
/// be the one that stands for it, and the plan that Terraform makes then must agree with this one.
pub(super) fn set_pairs<'a>(
    inner: &[Attribute],
    config: &'a Value,
    prior: &'a Value,
) -> impl Iterator<Item = (&'a Value, &'a Value)> + use<'a> {
    static NONE: Value = Value::Null;
    let is_known = config.is_wholly_known();
    let stands_for = |config: &Value, prior: &Value| {
        let source = if is_known { prior } else { &NONE };
        object(inner, config, source) == *prior
    };
    let pairs = pair_up(config.elements(), prior.elements(), stands_for);
    pairs
        .into_iter()
        .map(|(config, prior)| (config, prior.unwrap_or(&NONE)))
}
