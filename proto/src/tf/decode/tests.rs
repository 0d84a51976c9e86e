//! Models of every shape, and any schema, with serde_json's `Value` in the place of a model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::*;
use crate::model;
use crate::testing::{types, values};
use crate::tf::core_rules::assert_conforms;
use crate::tf::schema::absent;
use crate::tf::{Attribute, Field, Nesting, Schema, Shape, Type, nested, to_json};

model! {
    /// Inner.
    struct Network {
        /// Subnets.
        pub subnet_ids: BTreeSet<String>,
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
        /// Nested, one.
        pub one: Option<Network>,
        /// Nested, many by name.
        pub named: BTreeMap<String, Network>,
        /// Size.
        pub size: Option<i64>,
        /// Weights.
        pub weights: BTreeMap<String, i64>,
        /// Labels.
        pub labels: Labels,
    }
}

/// A field of a type of its own.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
struct Labels(Option<BTreeMap<String, String>>);

impl Field for Labels {
    const OPTIONAL: bool = true;

    fn shape() -> Shape {
        Shape::Leaf(Type::map(Type::String))
    }
}

#[test]
fn models_come_back_from_their_values() {
    let network = |subnet: &str, public| Network {
        subnet_ids: [subnet.to_owned()].into(),
        public,
    };
    let model = Cluster {
        name: "a".into(),
        network: network("s", Some(false)),
        access: Some(Network::default()),
        more: vec![Network::default(), network("t", None)],
        one: Some(network("u", None)),
        named: [("x".to_owned(), network("v", Some(true)))].into(),
        size: Some(3),
        weights: [("y".to_owned(), i64::MIN)].into(),
        labels: Labels(Some([("k".to_owned(), "l".to_owned())].into())),
    };
    let value = to_value(&model).unwrap();
    assert_eq!(value.at("network[0].public").as_bool(), Some(false));
    assert_eq!(value.at("named[\"x\"].public").as_bool(), Some(true));
    assert_eq!(value.at("size").as_i64(), Some(3));
    assert_eq!(value.at("labels[\"k\"]").as_str(), Some("l"));
    assert_eq!(from_value::<Cluster>(&value).unwrap(), model);
}

#[test]
fn unknown_and_absent_become_defaults() {
    let value = Value::object([("name", Value::unknown()), ("network", Value::Null)]);
    assert_eq!(from_value::<Cluster>(&value).unwrap(), Cluster::default());
    let value = Value::object([("network", Value::List(Vec::new()))]);
    assert_eq!(from_value::<Cluster>(&value).unwrap(), Cluster::default());
    let unknown_inside = Value::block([("public", Value::unknown())]);
    let value = Value::object([("network", unknown_inside)]);
    assert_eq!(from_value::<Cluster>(&value).unwrap(), Cluster::default());
}

#[test]
fn values_are_complete() {
    let value = to_value(&Cluster::default()).unwrap();
    let schema = Schema {
        attributes: Cluster::attributes(),
        ..Schema::default()
    };
    assert_eq!(assert_conforms(&schema, &value), []);
    assert_eq!(value.get("more"), &Value::List(Vec::new()));
    assert_eq!(value.get("access"), &Value::Null);
    assert_eq!(value.get("one"), &Value::Null);
}

#[test]
fn blocks_that_are_not_there_are_empty_lists() {
    model! {
        /// Has a block.
        struct House {
            /// Garden.
            pub garden: Option<Network> => block,
        }
    }
    let value = to_value(&House::default()).unwrap();
    assert_eq!(value.get("garden"), &Value::List(Vec::new()));
    assert_eq!(from_value::<House>(&value).unwrap(), House::default());
}

/// A model that `model!` cannot make: JSON values have no order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Exact {
    anything: Option<Json>,
    number: serde_json::Number,
    fraction: f64,
}

impl Model for Exact {
    const DESCRIPTION: &'static str = "Numbers.";

    fn attributes() -> Vec<Attribute> {
        let attribute = |(name, ty)| Attribute::required(name, Shape::Leaf(ty), "A value.");
        let attributes = [
            ("anything", Type::Dynamic),
            ("number", Type::Number),
            ("fraction", Type::Number),
        ];
        attributes.map(attribute).into()
    }
}

#[test]
fn numbers_keep_the_precision_of_the_field() {
    let exact: Value = Value::Number("12345678901234567890.123456789".parse().unwrap());
    let third: Value = Value::Number("0.33333333333333333333".parse().unwrap());
    let dynamic = Value::Dynamic(Box::new((Type::Number, exact.clone())));
    let value = [
        ("anything", dynamic),
        ("number", exact),
        ("fraction", third),
    ];
    let value = Value::object(value);
    let model: Exact = from_value(&value).unwrap();
    assert_eq!(model.fraction, 1.0 / 3.0);
    let back = to_value(&model).unwrap();
    assert_eq!(back.get("number"), value.get("number"));
    assert_eq!(back.get("anything"), value.get("anything"));
    assert_eq!(
        back.get("fraction"),
        &Value::Number("0.3333333333333333".parse().unwrap())
    );
}

#[test]
fn dynamic_values_get_the_type_that_they_look_like() {
    let model = Exact {
        anything: Some(json!({"a": [1, null], "b": "c"})),
        number: 1.into(),
        fraction: 0.5,
    };
    let value = to_value(&model).unwrap();
    let Value::Dynamic(typed) = value.get("anything") else {
        panic!("{value:?}");
    };
    let tuple = Type::Tuple(vec![Type::Number, Type::Dynamic]);
    assert_eq!(typed.0, Type::object([("a", tuple), ("b", Type::String)]));
    assert_eq!(from_value::<Exact>(&value).unwrap(), model);
}

#[track_caller]
fn refused(value: Value, expected: &str) {
    let error = from_value::<Cluster>(&value).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn misfits_are_named_with_their_path() {
    refused(
        Value::object([("size", "large")]),
        "size: invalid type: string \"large\", expected i64",
    );
    refused(
        Value::object([("size", Value::Number("1.5".parse().unwrap()))]),
        "size: invalid number",
    );
    refused(
        Value::object([("network", Value::block([("public", "yes")]))]),
        "network[0].public: invalid type: string \"yes\", expected a boolean",
    );
    let subnets = Value::object([("subnet_ids", Value::list([Value::from("a"), 1.into()]))]);
    refused(
        Value::object([("named", Value::map([("x", subnets)]))]),
        "named[\"x\"].subnet_ids[1]: invalid type: integer `1`, expected a string",
    );
    refused(
        Value::object([("more", Value::list([Value::from(true)]))]),
        "more[0]: invalid type: boolean `true`, expected struct Network",
    );
    refused(
        true.into(),
        "invalid type: boolean `true`, expected struct Cluster",
    );
}

#[test]
fn as_errors_they_blame_the_provider() {
    let error = from_value::<Cluster>(&Value::object([("size", true)])).unwrap_err();
    let error = Error::from(error).detail;
    assert!(
        error.starts_with("This is a bug in the provider: size: "),
        "{error}"
    );
}

/// A model whose struct and schema differ.
#[derive(Serialize)]
struct Crooked {
    parts: Vec<Vec<&'static str>>,
}

#[test]
fn models_that_are_not_what_their_schema_says_are_refused() {
    let ty = Type::list(Type::list(Type::Number));
    let attributes = [Attribute::required("parts", Shape::Leaf(ty), "Parts.")];
    let parts = vec![vec!["1"], vec!["2", "three"]];
    let crooked = Crooked { parts };
    let error = crooked
        .serialize(write::Writer::object(&attributes))
        .unwrap_err();
    assert_eq!(error.to_string(), "parts[1][1]: expected a number");
}

static BUILT: AtomicUsize = AtomicUsize::new(0);

/// Counts how often its schema is built.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Counting(Network);

impl Model for Counting {
    const DESCRIPTION: &'static str = "Counts.";

    fn attributes() -> Vec<Attribute> {
        BUILT.fetch_add(1, Ordering::SeqCst);
        Network::attributes()
    }
}

#[test]
fn schemas_are_built_once_for_each_model() {
    for _ in 0..3 {
        let value = to_value(&Counting::default()).unwrap();
        from_value::<Counting>(&value).unwrap();
    }
    assert_eq!(BUILT.load(Ordering::SeqCst), 1);
    let names = |attributes: &[Attribute]| attributes.iter().map(|it| it.name.clone()).collect();
    let counting: Vec<_> = names(&attributes_of::<Counting>());
    let cluster: Vec<_> = names(&attributes_of::<Cluster>());
    assert_eq!(counting, ["subnet_ids", "public"]);
    assert_eq!(cluster[0], "name");
}

/// Any attributes, up to three levels deep. What is dynamic comes back as the type that it looks like, and is left out.
fn any_attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let leaf = types().prop_filter("dynamic", |ty| !format!("{ty:?}").contains("Dynamic"));
    let leaf = leaf.prop_map(Shape::Leaf);
    let shape = leaf.prop_recursive(2, 12, 4, |inner| {
        let attributes = prop::collection::vec(inner, 1..4).prop_map(named);
        (attributes, 0..9_usize).prop_map(|(attributes, which)| shape(attributes, which))
    });
    prop::collection::vec(shape, 1..5).prop_map(named)
}

fn named(shapes: Vec<Shape>) -> Vec<Attribute> {
    let attribute = |(name, shape)| Attribute::required(name, shape, "An attribute.").optional();
    ["a", "b", "c", "d"]
        .into_iter()
        .zip(shapes)
        .map(attribute)
        .collect()
}

fn shape(attributes: Vec<Attribute>, which: usize) -> Shape {
    const NESTINGS: [Nesting; 4] = [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map];
    match which {
        0..4 => Shape::Nested(NESTINGS[which], attributes),
        4..8 => Shape::Block {
            nesting: NESTINGS[which - 4],
            single: which == 5,
            attributes,
        },
        _ => Shape::ComputedBlock(attributes),
    }
}

/// Whether serde_json keeps the numbers. It has no infinity, and of the two spellings that some fractions have between
/// the same two floats, it may choose the other one: 188859607217084.63 becomes 188859607217084.62.
fn survives_json(value: &Value) -> bool {
    let Value::Number(number) = value else {
        return value.elements().all(survives_json);
    };
    let again = Json::deserialize(to_json(value)).unwrap();
    again.is_number() && again.to_string().parse().as_ref() == Ok(number)
}

/// An object of any schema.
fn any_object() -> impl Strategy<Value = (Vec<Attribute>, Value)> {
    any_attributes().prop_flat_map(|attributes| {
        let ty = crate::tf::schema::object_type(&attributes);
        let objects = values(&ty).prop_filter("lost in JSON", survives_json);
        (Just(attributes), objects)
    })
}

/// What comes back of a value: nothing unknown, blocks instead of null, and one of a single block.
fn expected(attributes: &[Attribute], value: &Value) -> Value {
    nested::members(attributes, value, |attribute, value| {
        let value = match value {
            Value::List(elements) if attribute.shape.is_single_in_list() => {
                let first = elements
                    .first()
                    .filter(|it| !it.is_null() && !it.is_unknown());
                first.map_or(Value::Null, |first| Value::list([first.clone()]))
            }
            value => value.clone(),
        };
        match (value, attribute.inner()) {
            (Value::Null | Value::Unknown(_), _) => absent(attribute),
            (value, Some(inner)) => nested::map(&value, |object| expected(inner, object)),
            (leaf, None) => leaf,
        }
    })
    .with_unknown_as_null()
}

fn round_trip(attributes: &[Attribute], value: &Value) -> Result<Value, DecodeError> {
    let model = Json::deserialize(read::Reader::object(attributes, value))?;
    model.serialize(write::Writer::object(attributes))
}

proptest! {
    #[test]
    fn objects_of_any_schema_come_back((attributes, object) in any_object()) {
        let back = round_trip(&attributes, &object);
        prop_assert_eq!(back, Ok(expected(&attributes, &object)));
    }
}
