//! The rules themselves: each breach is found, and what is allowed is let through.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model;
use crate::tf::notation::{read, write};
use crate::tf::{Model, Schema};

model! {
    /// A part.
    struct Part {
        /// Names it.
        pub key: Option<String>,
        /// Decided by the API.
        pub id: Option<String> => computed,
    }
}

model! {
    /// A whole.
    struct Whole {
        /// Required.
        pub name: String,
        /// Optional.
        pub note: Option<String>,
        /// Both.
        pub zone: Option<String> => optional_computed,
        /// Computed.
        pub arn: Option<String> => computed,
        /// Never stored.
        pub password: Option<String> => write_only,
        /// Not shown.
        pub secret: Option<String> => sensitive,
        /// Texts.
        pub words: Option<BTreeSet<String>>,
        /// A block.
        pub list: Vec<Part> => block,
        /// Blocks without order.
        pub set: BTreeSet<Part> => block,
        /// An attribute.
        pub part: Option<Part>,
        /// An attribute of several.
        pub map: Option<BTreeMap<String, Part>>,
        /// An attribute that the API may fill.
        pub open: Option<Part> => optional_computed,
        /// A block that the API may fill.
        pub filled: Option<Part> => block optional_computed,
    }
}

fn schema() -> Schema {
    Schema {
        attributes: Whole::attributes(),
        ..Schema::default()
    }
}

fn value(text: &str) -> Value {
    read(&schema().attributes, text)
}

fn listed(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

fn check_plan(prior: &str, config: &str, planned: &str, expected: &str) {
    let found = assert_plan_valid(&schema(), &value(prior), &value(config), &value(planned));
    assert_eq!(listed(&found), expected, "{config} -> {planned}");
}

fn check_outcome(planned: &str, actual: &str, expected: &str) {
    let found = assert_object_compatible(&schema(), &value(planned), &value(actual));
    assert_eq!(listed(&found), expected, "{planned} -> {actual}");
}

fn check_proposed(prior: &str, config: &str, expected: &str) {
    let proposed = proposed_new(&schema(), &value(prior), &value(config));
    assert_eq!(write(&schema().attributes, &proposed), expected);
}

#[test]
fn a_plan_is_what_was_configured_or_what_was_there() {
    check_plan(
        "-",
        "name: a",
        "name: a, zone: ?, arn: x, open: ?, filled: ?",
        "",
    );
    check_plan(
        "name: a, note: N",
        "name: a, note: n",
        "name: a, note: N",
        "",
    );
    check_plan("-", "name: ?", "name: ?", "");
    let rule = "must be planned as configured, or stay as it was";
    check_plan("-", "name: a", "name: b", &format!("name {rule}"));
    check_plan("name: c", "name: a", "name: b", &format!("name {rule}"));
    check_plan(
        "-",
        "name: a, zone: z",
        "name: a, zone: ?",
        &format!("zone {rule}"),
    );
    check_plan(
        "-",
        "name: a, filled: [{key: k}]",
        "name: a, filled: [{key: k, id: ?}]",
        &format!("filled {rule}"),
    );
    check_plan(
        "-",
        "name: a",
        "name: a, note: n",
        "note is neither configured nor computed",
    );
    check_plan(
        "name: a, note: n",
        "name: a",
        "name: a, note: n",
        "note is neither configured nor computed",
    );
}

#[test]
fn a_plan_is_there_when_it_is_configured() {
    check_plan("name: a", "-", "-", "");
    check_plan(
        "-",
        "name: a",
        "-",
        "the object is configured and must not be planned as null",
    );
    check_plan(
        "name: a",
        "-",
        "name: a",
        "the object is not configured and must be planned as null",
    );
}

#[test]
fn a_plan_has_the_blocks_that_are_configured() {
    check_plan(
        "-",
        "name: a, list: [{key: k}]",
        "name: a, list: [{key: k, id: ?}]",
        "",
    );
    check_plan("-", "name: a, list: ?", "name: a, list: ?", "");
    let counted = "must be planned with as many elements as are configured";
    check_plan(
        "-",
        "name: a, list: [{key: k}]",
        "name: a",
        &format!("list {counted}"),
    );
    check_plan(
        "-",
        "name: a, list: [{key: k}]",
        "name: a, list: [{key: l}]",
        "list[0].key must be planned as configured, or stay as it was",
    );
    check_plan(
        "-",
        "name: a, list: [{key: k}]",
        "name: a, list: ?",
        "list holds blocks, which must not be planned as unknown themselves",
    );
    check_plan(
        "-",
        "name: a, list: ?",
        "name: a",
        "list is an unknown dynamic block and must be planned as such",
    );
    check_plan(
        "-",
        "name: a",
        "name: a, list: -",
        "list holds blocks and must be empty instead of null",
    );
}

#[test]
fn a_plan_has_the_nested_attributes_that_are_configured() {
    check_plan(
        "-",
        "name: a, part: {key: k}, map: {x: {key: k}}",
        "name: a, part: {key: k, id: ?}, map: {x: {key: k, id: 1}}",
        "",
    );
    check_plan(
        "-",
        "name: a, part: {}",
        "name: a",
        "part is configured and must not be planned as null",
    );
    check_plan(
        "-",
        "name: a, part: {}",
        "name: a, part: ?",
        "part is configured and must not be planned as unknown",
    );
    check_plan(
        "-",
        "name: a, map: {x: {}}",
        "name: a, map: {y: {}}",
        "map must be planned with the keys that are configured",
    );
}

#[test]
fn write_only_values_are_nowhere_but_in_the_configuration() {
    let rule = "password is write-only and must be null outside the configuration";
    check_plan("-", "name: a, password: p", "name: a", "");
    check_plan("-", "name: a, password: p", "name: a, password: p", rule);
    check_outcome("name: a", "name: a, password: p", rule);
}

#[test]
fn an_outcome_keeps_what_was_known() {
    check_outcome(
        "name: a, arn: ?, words: [?, x]",
        "name: a, arn: r, words: [x, y]",
        "",
    );
    check_outcome("name: a, words: [?, x]", "name: a, words: [x]", "");
    check_outcome("name: a, list: ?", "name: a, list: [{key: k}]", "");
    check_outcome(
        "name: a",
        "name: b",
        "name was planned as String(\"a\") and is String(\"b\")",
    );
    check_outcome(
        "name: a",
        "name: a, note: n",
        "note was planned as Null and is String(\"n\")",
    );
    check_outcome(
        "name: a",
        "name: ?",
        "name was planned as String(\"a\") and is unknown",
    );
    check_outcome(
        "name: a",
        "-",
        "the object was planned as present and is absent",
    );
    check_outcome(
        "name: a, secret: s",
        "name: a, secret: t",
        "secret is sensitive and differs from what was planned",
    );
    check_outcome(
        "name: a, list: [{}]",
        "name: a",
        "list was planned as 1 blocks and has 0",
    );
    check_outcome(
        "name: a, words: [x]",
        "name: a, words: [x, y]",
        "words has the element String(\"y\") that was not planned; words has more elements than were planned",
    );
    check_outcome(
        "name: a, words: [x]",
        "name: a, words: []",
        "words lacks the planned element String(\"x\")",
    );
}

#[test]
fn an_outcome_keeps_what_was_said_of_the_unknown() {
    let refinement = Refinement {
        null: Some(false),
        prefix: Some("arn:".into()),
        ..Refinement::default()
    };
    let planned = Value::object([("arn", Value::Unknown(refinement))]);
    let schema = Schema {
        attributes: vec![schema().attribute("arn").unwrap().clone()],
        ..Schema::default()
    };
    let check = |actual: Value| {
        assert_object_compatible(&schema, &planned, &Value::object([("arn", actual)]))
    };
    assert_eq!(check(Value::from("arn:x")), []);
    for wrong in [Value::from("x"), Value::Null] {
        assert_eq!(
            listed(&check(wrong)),
            "arn is not what the plan said about the unknown value"
        );
    }
}

#[test]
fn a_value_has_the_members_and_types_of_the_schema() {
    let wrong = Value::object([("name", Value::from(true)), ("nonsense", Value::Null)]);
    let found = listed(&assert_conforms(&schema(), &wrong));
    assert!(found.contains("nonsense is not in the schema"), "{found}");
    assert!(found.contains("arn is missing from the value"), "{found}");
    assert!(
        found.contains("name must be of type String, is Bool(true)"),
        "{found}"
    );
}

#[test]
fn terraform_proposes_the_configuration_and_prior_computed_values() {
    check_proposed("-", "name: a", "name: a");
    check_proposed(
        "name: a, note: n, zone: z, arn: r",
        "name: b",
        "name: b, zone: z, arn: r",
    );
    check_proposed(
        "name: a, list: [{key: k, id: 1}], set: [{key: k, id: 2}, {key: l, id: 3}], map: {x: {key: k, id: 4}}",
        "name: a, list: [{key: m}, {key: n}], set: [{key: l}, {key: o}], map: {x: {}, y: {}}",
        "name: a, list: [{key: m, id: 1}, {key: n}], set: [{key: l, id: 3}, {key: o}], \
         map: {x: {id: 4}, y: {}}",
    );
    // What only a configuration can have set shows that there was one.
    check_proposed("name: a, open: {key: k, id: 1}", "name: a", "name: a");
    check_proposed(
        "name: a, open: {id: 1}",
        "name: a",
        "name: a, open: {id: 1}",
    );
    check_proposed(
        "name: a, filled: [{key: k}]",
        "name: a",
        "name: a, filled: [{key: k}]",
    );
    check_proposed("name: a", "-", "name: a");
}

#[test]
fn wrong_schemas_are_named() {
    let leaf = || Shape::Leaf(crate::tf::Type::String);
    let attribute = |name: &str| Attribute::required(name, leaf(), "Text.").optional();
    let nested =
        |nesting, inner| Attribute::required("outer", Shape::Nested(nesting, inner), "Objects.");
    let check = |attributes: Vec<Attribute>, expected: &str| {
        let schema = Schema {
            attributes,
            ..Schema::default()
        };
        assert_eq!(schema_is_valid(&schema).join(" "), expected);
    };
    check(vec![attribute("a"), attribute("b").computed()], "");
    check(vec![attribute("a"), attribute("a")], "a is declared twice.");
    check(
        vec![attribute("count")],
        "count is a name reserved by Terraform.",
    );
    check(
        vec![attribute("aB")],
        "aB may hold only lower-case letters, digits and underscores.",
    );
    check(
        vec![attribute("a").keep()],
        "a is not computed: there is nothing to keep.",
    );
    check(
        vec![attribute("a").computed().write_only()],
        "a is write-only and so cannot be computed.",
    );
    check(
        vec![nested(Nesting::Set, vec![attribute("a").write_only()])],
        "outer is a set, which cannot hold write-only attributes.",
    );
    check(
        vec![nested(Nesting::Set, vec![attribute("a").json()])],
        "outer is a set, whose elements are compared as they are written.",
    );
    check(
        vec![
            nested(Nesting::List, vec![attribute("a")])
                .block()
                .computed(),
        ],
        "outer is a block of several, which cannot be computed; use a nested attribute.",
    );
    let block = nested(Nesting::List, vec![attribute("a")]).block();
    check(
        vec![Attribute::required(
            "whole",
            Shape::Nested(Nesting::Single, vec![block]),
            "An object.",
        )],
        "whole.outer is a block inside a nested attribute, which holds attributes only.",
    );
}
