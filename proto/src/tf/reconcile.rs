//! What the API says, put into the words of the plan or of the prior state.
//!
//! APIs reorder, reformat and omit. Terraform compares text. What the API says is therefore put into the spelling that is
//! known wherever both mean the same, and where it means something else, that is told.

use super::meaning::{is_at, is_nothing, pair_up, same};
use super::schema::absent;
use super::{Attribute, Mode, Path, Shape, Value, nested};

static NONE: Value = Value::Null;

/// What the API says (`actual`), in the spelling of `known`: the prior state on a refresh.
///
/// Equal meanings keep the known spelling. An empty collection and an absent one mean the same, and so do empty and
/// absent text, where APIs cannot tell them apart. What the API never returns stays as it was.
pub fn reconcile(attributes: &[Attribute], known: &Value, actual: Value) -> Value {
    object(attributes, known, &actual, member)
}

type Member = fn(&Attribute, &Value, Value) -> Value;

fn object(attributes: &[Attribute], known: &Value, actual: &Value, member: Member) -> Value {
    nested::members(attributes, actual, |attribute, actual| {
        member(attribute, known.get(&attribute.name), actual.clone())
    })
}

fn member(attribute: &Attribute, known: &Value, actual: Value) -> Value {
    if attribute.write_only {
        return Value::Null;
    }
    if (attribute.write_once || attribute.companion) && actual.is_null() {
        return never_returned(attribute, known);
    }
    if !known.is_unknown() && is_nothing(known) && is_nothing(&actual) {
        return nothing(attribute, known, actual);
    }
    if is_without(attribute, known, &actual) || same(attribute, known, &actual) {
        return known.clone();
    }
    match (&attribute.shape, known) {
        (Shape::Leaf(_), _) => actual,
        (Shape::ComputedBlock(inner), Value::List(elements)) if elements.len() == actual.len() => {
            inside(inner, known, &actual, configured_member)
        }
        // What is there now and what was known do not belong together.
        (Shape::ComputedBlock(inner), Value::List(_)) => inside(inner, &NONE, &actual, member),
        (
            Shape::ComputedBlock(inner)
            | Shape::Nested(_, inner)
            | Shape::Block {
                attributes: inner, ..
            },
            known,
        ) => inside(inner, known, &actual, member),
    }
}

/// Whether somebody wrote `= []` for what the API does by itself.
fn is_without(attribute: &Attribute, known: &Value, actual: &Value) -> bool {
    let is_no_block = matches!(attribute.shape, Shape::ComputedBlock(_)) && known.is_empty();
    let mut fallback = attribute.when_absent().into_iter();
    is_no_block && fallback.any(|fallback| is_at(attribute, fallback, actual))
}

/// What is only sent stays what it was. Of an imported object nobody knows, so the default has to do. Where it counted at
/// creation only, any value keeps later configurations from being a difference.
fn never_returned(attribute: &Attribute, known: &Value) -> Value {
    match &attribute.default {
        Some(default) if known.is_null() => default.clone(),
        _ => known.clone(),
    }
}

fn nothing(attribute: &Attribute, known: &Value, actual: Value) -> Value {
    match (known, attribute.mode) {
        // An imported object: empty blocks are lists, and what must be given, or the API gives, was not left out.
        (Value::Null, Mode::Optional) => absent(attribute),
        (Value::Null, _) if !actual.is_null() => actual,
        (Value::Null, _) => absent(attribute),
        _ => known.clone(),
    }
}

fn inside(inner: &[Attribute], known: &Value, actual: &Value, member: Member) -> Value {
    let spelled = |actual: &Value, known: &Value| object(inner, known, actual, member);
    if !matches!(actual, Value::Set(_)) {
        return nested::map_with(actual, known, spelled);
    }
    // An element of a set is matched by meaning: to the known one that it agrees with once it is spelled alike.
    let agrees = |actual: &Value, known: &Value| {
        let spelled = spelled(actual, known);
        complete(known, &spelled) == spelled
    };
    let pairs = pair_up(actual.elements(), known.elements(), agrees);
    let pairs = pairs.into_iter();
    Value::set(pairs.map(|(actual, known)| spelled(actual, known.unwrap_or(&NONE))))
}

/// Inside a computed block that the user wrote, what the user left to the provider is not followed: it could not have
/// been planned, because Terraform takes the block as configured or not at all.
fn configured_member(attribute: &Attribute, known: &Value, actual: Value) -> Value {
    if !known.is_null() || !attribute.is_computed() {
        return member(attribute, known, actual);
    }
    match &attribute.default {
        _ if attribute.write_once => Value::Null,
        Some(default) if !actual.is_null() && !same(attribute, default, &actual) => actual,
        _ => Value::Null,
    }
}

/// Fills what the plan left open with what the API says, and leaves the rest as planned.
///
/// Terraform insists on getting planned values back. Where the API says something else, [`differences`] tells.
pub(crate) fn complete(planned: &Value, actual: &Value) -> Value {
    let member = |(name, planned): (&String, &Value)| {
        let completed = complete(planned, actual.get(name));
        (name.clone(), completed)
    };
    match planned {
        Value::Unknown(_) => actual.clone(),
        Value::Object(planned) => Value::Object(planned.iter().map(member).collect()),
        Value::Map(planned) => Value::Map(planned.iter().map(member).collect()),
        Value::List(planned) => {
            let elements = planned.iter().enumerate();
            Value::List(
                elements
                    .map(|(i, planned)| complete(planned, actual.index(i)))
                    .collect(),
            )
        }
        Value::Set(_) => complete_set(planned, actual),
        known => known.clone(),
    }
}

/// Each planned element that is open takes the place of an actual one that agrees with what is known of it.
fn complete_set(planned: &Value, actual: &Value) -> Value {
    let agrees = |planned: &Value, actual: &Value| complete(planned, actual) == *actual;
    let pairs = pair_up(planned.elements(), actual.elements(), agrees);
    Value::set(
        pairs
            .into_iter()
            .map(|(planned, actual)| actual.unwrap_or(planned).clone()),
    )
}

/// Where what the API says differs from what was planned.
pub fn differences(attributes: &[Attribute], planned: &Value, actual: &Value) -> Vec<Path> {
    let differs = |attribute: &&Attribute| {
        let planned = planned.get(&attribute.name);
        let reconciled = member(attribute, planned, actual.get(&attribute.name).clone());
        !attribute.write_only && complete(planned, &reconciled) != reconciled
    };
    let differing = attributes.iter().filter(differs);
    differing
        .map(|attribute| Path::root().attribute(&attribute.name))
        .collect()
}
