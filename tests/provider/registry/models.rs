//! Whether each model holds what its schema says. A field without an attribute, or of another type, would show only when a
//! user sets it.

use terraform_provider_eks::provider::Eks;
use tfplugin_rs::tf::core_rules::assert_conforms;
use tfplugin_rs::tf::{Attribute, DecodeError, Nesting, Provider, Schema, Shape, Type, Value};

#[test]
fn every_model_holds_what_its_schema_says() {
    let registry = Eks::registry();
    for it in &registry.resources {
        agree(it.name(), it.schema(), |object| it.through_model(object));
    }
    for it in &registry.data_sources {
        agree(it.name(), it.schema(), |object| it.through_model(object));
    }
    for it in &registry.ephemeral_resources {
        agree(it.name(), it.schema(), |object| it.through_model(object));
    }
}

fn agree(
    name: &str,
    mut schema: Schema,
    through_model: impl Fn(&Value) -> Result<Value, DecodeError>,
) {
    // The framework adds them, and models do not have them.
    schema.attributes.retain(|it| it.name != "timeouts");
    let empty = through_model(&Value::object([("region", Value::Null)])).unwrap();
    assert_eq!(assert_conforms(&schema, &empty), [], "{name}");
    let full = full(&schema.attributes, &mut 0);
    assert_eq!(assert_conforms(&schema, &full), [], "{name}");
    assert_eq!(through_model(&full).unwrap(), full, "{name}");
}

/// An object in which everything is given, each leaf with a value of its own.
pub fn full(attributes: &[Attribute], count: &mut i64) -> Value {
    let member = |attribute: &Attribute| {
        let value = match &attribute.shape {
            Shape::Leaf(ty) => leaf(ty, count),
            shape => {
                let object = full(attribute.inner().unwrap(), count);
                match shape.nesting().unwrap() {
                    Nesting::Single => object,
                    Nesting::List => Value::list([object]),
                    Nesting::Set => Value::set([object]),
                    Nesting::Map => Value::map([("key", object)]),
                }
            }
        };
        (attribute.name.clone(), value)
    };
    Value::object(attributes.iter().map(member).collect::<Vec<_>>())
}

fn leaf(ty: &Type, count: &mut i64) -> Value {
    *count += 1;
    match ty {
        Type::Number => Value::from(*count),
        Type::Bool => Value::from(true),
        Type::List(ty) => Value::list([leaf(ty, count), leaf(ty, count)]),
        Type::Set(ty) => Value::set([leaf(ty, count), leaf(ty, count)]),
        Type::Map(ty) => Value::map([("a", leaf(ty, count)), ("b", leaf(ty, count))]),
        Type::Dynamic => Value::Dynamic(Box::new((Type::String, leaf(&Type::String, count)))),
        _ => Value::from(format!("text {count}").as_str()),
    }
}
