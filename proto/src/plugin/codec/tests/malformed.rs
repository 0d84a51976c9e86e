//! What is refused, and how the error says where and why.

use super::super::{dynamic_value, type_from_json};
use super::{bytes, decode};
use crate::tf::{Type, Value};

fn cluster() -> Type {
    let vpc = Type::object([
        ("ids", Type::set(Type::String)),
        ("ports", Type::list(Type::Number)),
    ]);
    Type::object([("vpc", vpc), ("tags", Type::map(Type::String))])
}

#[track_caller]
fn check(hex: &str, ty: &Type, message: &str) {
    assert_eq!(
        decode(&bytes(hex), ty).unwrap_err().to_string(),
        message,
        "{hex}"
    );
}

#[test]
fn says_where_and_what_was_expected() {
    let cluster = cluster();
    check("05", &cluster, "expected an object");
    check("81 a4746167 7380", &cluster, "vpc: expected a value");
    check("81 a178 c0", &cluster, "x: expected no such attribute");
    check(
        "82 a474616773 c0 a474616773 c0",
        &cluster,
        "tags: expected the attribute only once",
    );
    check(
        "81 a474616773 81 a161 c3",
        &cluster,
        "tags[\"a\"]: expected a string",
    );
    let ports = "81 a3767063 81 a5706f727473";
    check(
        &format!("{ports} 92 01 c3"),
        &cluster,
        "vpc.ports[1]: expected a number",
    );
    check(
        &format!("{ports} 92 01 cbfff8000000000000"),
        &cluster,
        "vpc.ports[1]: expected a number",
    );
    check(
        "81 a3767063 81 a3696473 91 c3",
        &cluster,
        "vpc.ids: expected a string",
    );
    check(
        "81 a3767063 81 a3696473 80",
        &cluster,
        "vpc.ids: expected a set",
    );
}

#[test]
fn refuses_what_is_no_value_of_the_type() {
    check("91a161", &Type::Tuple(vec![]), "expected a tuple of 0");
    check("80", &Type::list(Type::Bool), "expected a list");
    check("01", &Type::Bool, "expected a bool");
    check("a3316531", &Type::Bool, "expected a bool");
    check("a3 4e614e", &Type::Number, "expected a number");
    check("a1ff", &Type::String, "expected UTF-8");
    check("81 01 c3", &Type::map(Type::Bool), "expected a string");
    check("91c0", &Type::Dynamic, "expected a pair of type and value");
    check("92c0c0", &Type::Dynamic, "expected a string");
    check("92c401 61 c0", &Type::Dynamic, "expected a type in JSON");
}

#[test]
fn refuses_bytes_that_end_early_or_late() {
    check("", &Type::String, "expected more bytes");
    check("a5 6161", &Type::String, "expected more bytes");
    check("92 c3", &Type::list(Type::Bool), "[1]: expected more bytes");
    check("c7ff0c 80", &Type::String, "expected more bytes");
    check("c0c0", &Type::String, "expected nothing after the value");
}

#[test]
fn refuses_types_that_are_none() {
    for json in [
        "",
        "1",
        "\"text\"",
        "[]",
        "[\"list\"]",
        "[\"list\",\"string\",1]",
        "[\"heap\",\"string\"]",
        "[\"object\",[]]",
        "[\"tuple\",{}]",
        "[\"list\",null]",
        "[\"object\",{\"a\":\"x\"}]",
    ] {
        assert!(type_from_json(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn falls_back_to_json_and_to_null() {
    let ty = Type::object([("n", Type::Number)]);
    let exact = Value::object([(
        "n",
        "0.10000000000000000000001"
            .parse::<crate::tf::Number>()
            .unwrap(),
    )]);
    let json = br#"{"n":0.10000000000000000000001}"#;
    assert_eq!(dynamic_value(&[], json, &ty), Ok(exact));
    assert_eq!(dynamic_value(&[0xc0], json, &ty), Ok(Value::Null));
    assert_eq!(dynamic_value(&[], &[], &ty), Ok(Value::Null));
    let error = dynamic_value(&[], br#"{"n":[]}"#, &ty).unwrap_err();
    assert_eq!(error.to_string(), "n: expected a number");
    assert!(dynamic_value(&[], b"{", &ty).is_err());
}
