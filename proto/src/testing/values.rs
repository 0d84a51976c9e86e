//! Arbitrary values of a type, as Terraform could send them.

use proptest::collection::{btree_map, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::strategy::Union;

use super::types::{carried_types, types};
use crate::tf::{Number, Refinement, Type, Value};

/// A type together with a value of it, parts of which may be null or unknown.
pub fn typed_values() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))
}

/// Values of a type, parts of which may be null or unknown.
pub fn values(ty: &Type) -> BoxedStrategy<Value> {
    let unknown = refinements(ty).prop_map(Value::Unknown).boxed();
    let choices = vec![
        (8, present(ty)),
        (1, Just(Value::Null).boxed()),
        (1, unknown),
    ];
    Union::new_weighted(choices).boxed()
}

fn present(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::String => any::<String>().prop_map(Value::String).boxed(),
        Type::Number => numbers().prop_map(Value::Number).boxed(),
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Dynamic => carried_types()
            .prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))
            .prop_map(|pair| Value::Dynamic(Box::new(pair)))
            .boxed(),
        Type::List(ty) => vec(values(ty), 0..4).prop_map(Value::List).boxed(),
        Type::Set(ty) => vec(values(ty), 0..4).prop_map(Value::set).boxed(),
        Type::Map(ty) => btree_map(any::<String>(), values(ty), 0..4)
            .prop_map(Value::Map)
            .boxed(),
        Type::Tuple(types) => {
            let elements: Vec<_> = types.iter().map(values).collect();
            elements.prop_map(Value::Tuple).boxed()
        }
        Type::Object(types) => {
            let names: Vec<String> = types.keys().cloned().collect();
            let members: Vec<_> = types.values().map(values).collect();
            members
                .prop_map(move |members| Value::object(names.iter().cloned().zip(members)))
                .boxed()
        }
    }
}

/// Numbers of every kind that the wire tells apart, and the values next to the borders.
fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        (-200_i64..300).prop_map(Number::from),
        (i64::MAX as u64 - 1..).prop_map(Number::from),
        any::<f64>().prop_filter_map("NaN is no number", |float| float.try_into().ok()),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?"
            .prop_filter_map("too long", |text| text.parse().ok()),
        Just(Number::Infinity),
        Just(Number::NegativeInfinity),
    ]
}

/// What can be certain about an unknown value of the type.
fn refinements(ty: &Type) -> BoxedStrategy<Refinement> {
    let null = weighted(0.5, any::<bool>());
    let only_null = |null| Refinement {
        null,
        ..Refinement::default()
    };
    match ty {
        Type::Dynamic => Just(Refinement::default()).boxed(),
        Type::String => (null, weighted(0.5, "[a-z:é/-]{1,20}"))
            .prop_map(|(null, prefix)| Refinement {
                null,
                prefix,
                ..Refinement::default()
            })
            .boxed(),
        Type::Number => (null, bounds(), bounds())
            .prop_map(|(null, lower, upper)| Refinement {
                null,
                lower,
                upper,
                ..Refinement::default()
            })
            .boxed(),
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            (null, any::<Option<u32>>(), any::<Option<u32>>())
                .prop_map(|(null, min, max)| Refinement {
                    null,
                    min_length: min.map(u64::from),
                    max_length: max.map(u64::from),
                    ..Refinement::default()
                })
                .boxed()
        }
        _ => null.prop_map(only_null).boxed(),
    }
}

fn bounds() -> impl Strategy<Value = Option<(Number, bool)>> {
    weighted(0.5, (any::<i64>().prop_map(Number::from), any::<bool>()))
}
