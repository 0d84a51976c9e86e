//! What the real Terraform wrote, and what we write of it.

use std::collections::BTreeMap;

use super::{bytes, decode, encode};
use crate::tf::{Number, Refinement, Type, Value};

const CAPTURED: &str = include_str!("vectors/terraform-1.11.4.txt");

fn captured() -> BTreeMap<&'static str, Vec<u8>> {
    let lines = CAPTURED.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, hex)| (name, bytes(hex)))
        .collect()
}

/// The type of the resource terraform_data.
fn terraform_data() -> Type {
    Type::object([
        ("id", Type::String),
        ("input", Type::Dynamic),
        ("output", Type::Dynamic),
        ("triggers_replace", Type::Dynamic),
    ])
}

fn typed(ty: Type, value: impl Into<Value>) -> Value {
    Value::Dynamic(Box::new((ty, value.into())))
}

fn number(text: &str) -> Value {
    typed(Type::Number, text.parse::<Number>().unwrap())
}

fn not_null() -> Refinement {
    Refinement {
        null: Some(false),
        ..Refinement::default()
    }
}

#[track_caller]
fn check(name: &str, input: Value) {
    let decoded = decode(&captured()[name], &terraform_data()).unwrap();
    assert_eq!(decoded.get("input"), &input, "{name}");
    assert_eq!(decoded.get("id"), &Value::Unknown(not_null()), "{name}");
    assert!(decoded.get("triggers_replace").is_null(), "{name}");
}

#[test]
fn writes_what_terraform_wrote() {
    for (name, bytes) in captured() {
        let value = decode(&bytes, &terraform_data()).unwrap();
        let written = encode(&value, &terraform_data());
        if name == "unknownset" {
            // Terraform puts unknown elements last, and accepts any order.
            assert_eq!(decode(&written, &terraform_data()), Ok(value), "{name}");
            assert_eq!(written.len(), bytes.len(), "{name}");
        } else {
            assert_eq!(written, bytes, "{name}");
        }
    }
}

#[test]
fn reads_text_and_truth() {
    check("text", typed(Type::String, "h\u{e9}llo \u{1f600}"));
    check("empty", typed(Type::String, ""));
    check("long", typed(Type::String, "x".repeat(40)));
    check("truth", typed(Type::Bool, true));
}

#[test]
fn reads_numbers_without_loss() {
    for (name, text) in [
        ("zero", "0"),
        ("small", "127"),
        ("byte", "200"),
        ("short", "40000"),
        ("word", "3000000000"),
        ("max", "9223372036854775807"),
        ("above", "9223372036854775808"),
        ("unsigned", "18446744073709551616"),
        ("round", "100000000000000000000"),
        ("huge", "1e100"),
        ("minus", "-1"),
        ("minus33", "-33"),
        ("minus200", "-200"),
        ("minus40000", "-40000"),
        ("minus3e9", "-3000000000"),
        ("min", "-9223372036854775808"),
        ("half", "1.5"),
        ("minushalf", "-2.25"),
        ("tenth", "0.1"),
        ("tiny", "1e-10"),
    ] {
        check(name, number(text));
    }
}

#[test]
fn reads_collections() {
    let strings = Type::list(Type::String);
    check("list", typed(strings, Value::list(["a", "b"])));
    let nothing = Value::List(Vec::new());
    check("emptylist", typed(Type::list(Type::Dynamic), nothing));
    let set = Type::set(Type::String);
    check("set", typed(set, Value::set(["a", "b"])));
    let numbers = Type::set(Type::Number);
    check("numset", typed(numbers, Value::set([100, 9, 10])));
    let map = Type::map(Type::String);
    check("map", typed(map, Value::map([("a", "1"), ("b", "2")])));
}

#[test]
fn reads_objects_and_tuples() {
    let ty = Type::object([
        ("f", Type::Bool),
        ("n", Type::Number),
        ("t", Type::String),
        ("z", Type::Dynamic),
    ]);
    let object = [
        ("f", true.into()),
        ("n", 1.into()),
        ("t", "x".into()),
        ("z", Value::Null),
    ];
    check("object", typed(ty, Value::object(object)));
    let ty = Type::Tuple(vec![Type::Number, Type::String, Type::Dynamic]);
    let tuple = Value::Tuple(vec![1.into(), "x".into(), Value::Null]);
    check("tuple", typed(ty, tuple));
    let ty = Type::object([("k", Type::set(Type::String))]);
    let nested = Value::Tuple(vec![Value::object([("k", Value::set(["q"]))])]);
    check("nested", typed(Type::Tuple(vec![ty]), nested));
}

#[test]
fn reads_what_is_certain_about_the_unknown() {
    let plain = Value::Unknown(not_null());
    check("notnull", typed(Type::String, plain.clone()));
    check("anything", typed(Type::Number, Value::unknown()));
    check("keysof", Value::unknown());
    check("split", typed(Type::list(Type::String), plain));
    let prefix = Some("arn:aws:iam::".to_owned());
    let prefixed = Refinement {
        prefix,
        ..not_null()
    };
    check("prefixed", typed(Type::String, Value::Unknown(prefixed)));
    let between = Refinement {
        lower: Some((1_i64.into(), true)),
        upper: Some((2_i64.into(), true)),
        ..not_null()
    };
    check("lengthofs", typed(Type::Number, Value::Unknown(between)));
}

#[test]
fn keeps_unknown_elements_of_a_set_apart() {
    let unknown = || Value::Unknown(not_null());
    let set = Value::set([unknown(), unknown(), "known".into()]);
    assert_eq!(set.len(), 3);
    check("unknownset", typed(Type::set(Type::String), set));
    let ty = Type::object([("id", Type::String), ("n", Type::Number)]);
    let object = || Value::object([("id", unknown()), ("n", 1.into())]);
    let set = Value::set([object(), object()]);
    assert_eq!(set.len(), 2);
    check("setofobj", typed(Type::set(ty), set));
}
