//! Between value trees and the models of one resource: what a model cannot hold is put in and taken out here.

use crate::tf::decode::attributes_of;
use crate::tf::schema::absent_object;
use crate::tf::{
    Attribute, Model, Resource, Result, Schema, Shape, Timeouts, Value, from_value, nested,
    to_value,
};

/// The schema of a resource, with the attributes that the framework adds.
pub(super) fn schema_of<R: Resource>() -> Schema {
    let mut attributes = attributes_of::<R::Model>().to_vec();
    attributes.extend(R::TIMEOUTS.attribute());
    Schema {
        version: R::VERSION,
        description: crate::tf::checks::prose(R::Model::DESCRIPTION),
        deprecated: None,
        attributes,
    }
}

/// The model of a value. Write-only values come from the configuration, the only place that has them, and defaults are
/// put where the value may not have them: inside blocks that are planned as written or not at all.
pub(super) fn decode<R: Resource>(
    schema: &Schema,
    value: &Value,
    config: &Value,
) -> Result<R::Model> {
    let value = for_model(&schema.attributes, value, config, false);
    Ok(from_value(&value)?)
}

/// The value of a model, with what models do not hold taken from `reference`.
pub(super) fn encode<R: Resource>(model: &R::Model, reference: &Value) -> Result<Value> {
    let value = to_value(model)?;
    Ok(with_timeouts::<R>(value, reference))
}

/// The timeouts of `reference` in `value`, which was made of a model and has none.
pub(super) fn with_timeouts<R: Resource>(value: Value, reference: &Value) -> Value {
    match value {
        Value::Object(mut members) if R::TIMEOUTS.is_configurable() => {
            let timeouts = reference.get(Timeouts::NAME).clone();
            members.insert(Timeouts::NAME.to_owned(), timeouts);
            Value::Object(members)
        }
        other => other,
    }
}

/// What an import knows before the object was looked at: the members that the id gave, and nothing that a model merely
/// has because its fields cannot be empty.
pub(super) fn import_stub<R: Resource>(schema: &Schema, model: &R::Model) -> Result<Value> {
    let absent = absent_object(&schema.attributes);
    let blank: R::Model = from_value(&absent)?;
    let blank = encode::<R>(&blank, &absent)?;
    let known = encode::<R>(model, &absent)?;
    let member = |attribute: &Attribute| {
        let name = &attribute.name;
        let is_given = known.get(name) != blank.get(name);
        let value = if is_given { &known } else { &absent };
        (name.clone(), value.get(name).clone())
    };
    Ok(Value::Object(
        schema.attributes.iter().map(member).collect(),
    ))
}

fn for_model(attributes: &[Attribute], object: &Value, config: &Value, defaults: bool) -> Value {
    nested::members(attributes, object, |attribute, value| {
        member_for_model(attribute, value, config.get(&attribute.name), defaults)
    })
}

fn member_for_model(attribute: &Attribute, value: &Value, config: &Value, defaults: bool) -> Value {
    let value = match &attribute.default {
        _ if attribute.write_only => config,
        Some(default) if defaults && value.is_null() => default,
        _ => value,
    };
    let Some(inner) = attribute.inner() else {
        return value.clone();
    };
    let defaults = defaults || matches!(attribute.shape, Shape::ComputedBlock(_));
    nested::map_with(value, config, |object, config| {
        for_model(inner, object, config, defaults)
    })
}
