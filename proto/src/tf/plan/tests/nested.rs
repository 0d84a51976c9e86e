//! What is inside: nested attributes and blocks.

use std::collections::{BTreeMap, BTreeSet};

use super::{check, check_adjusted};
use crate::model;
use crate::tf::Value;

model! {
    /// Something inside.
    struct Part {
        /// Names it.
        pub key: String,
        /// Has a default.
        pub size: Option<i64> => default(1_i64),
        /// Another one needs a new object.
        pub kind: Option<String> => replace,
        /// Decided by the API.
        pub id: Option<String> => computed keep,
    }
}

model! {
    /// Every nesting, as blocks and as attributes.
    struct Nestings {
        /// At most one.
        pub one: Option<Part> => block,
        /// Several in order.
        pub list: Vec<Part> => block,
        /// Several.
        pub set: BTreeSet<Part> => block,
        /// One as an attribute.
        pub attribute: Option<Part>,
        /// Several as an attribute.
        pub map: Option<BTreeMap<String, Part>>,
        /// Several as an attribute without order.
        pub group: Option<BTreeSet<Part>>,
        /// Decided by the API when left out.
        pub open: Option<Part> => optional_computed,
        /// Decided by the API.
        pub closed: Vec<Part> => computed keep,
    }
}

#[test]
fn completes_what_is_inside_on_create() {
    check::<Nestings>(
        "one: [{key: a}], list: [{key: b}, {key: ?}], set: [{key: c}], attribute: {key: d}, \
         map: {x: {key: e}}, group: [{key: f}], open: {key: g}",
        "-",
        "one: [{key: a, size: 1, id: ?}], list: [{key: b, size: 1, id: ?}, {key: ?, size: 1, id: ?}], \
         set: [{key: c, size: 1, id: ?}], attribute: {key: d, size: 1, id: ?}, \
         map: {x: {key: e, size: 1, id: ?}}, group: [{key: f, size: 1, id: ?}], \
         open: {key: g, size: 1, id: ?}, closed: ?",
    );
}

#[test]
fn plans_nothing_when_nothing_inside_changes() {
    check::<Nestings>(
        "one: [{key: a}], list: [{key: b}], set: [{key: c}, {key: d}], map: {x: {key: e}}",
        "one: [{key: a, size: 1, id: 1}], list: [{key: b, size: 1, id: 2}], \
         set: [{key: c, size: 1, id: 3}, {key: d, size: 1, id: 4}], map: {x: {key: e, size: 1, id: 5}}, \
         open: {key: g, size: 1, id: 6}, closed: [{key: h}]",
        "no change",
    );
}

#[test]
fn adds_and_removes_elements() {
    check::<Nestings>(
        "list: [{key: a}, {key: b}], map: {y: {key: d}}",
        "list: [{key: a, size: 1, id: 1}], map: {x: {key: c, size: 1, id: 2}}, open: {key: g, size: 1, id: 3}, \
         closed: []",
        "list: [{key: a, size: 1, id: 1}, {key: b, size: 1, id: ?}], map: {y: {key: d, size: 1, id: ?}}, \
         open: {key: g, size: 1, id: 3}, closed: ?",
    );
}

#[test]
fn lists_are_compared_by_place_and_sets_by_meaning() {
    check::<Nestings>(
        "list: [{key: b}, {key: a}], set: [{key: b}, {key: a}]",
        "list: [{key: a, size: 1, id: 1}, {key: b, size: 1, id: 2}], \
         set: [{key: a, size: 1, id: 1}, {key: b, size: 1, id: 2}], open: {key: g, size: 1}, closed: []",
        "list: [{key: b, size: 1, id: 1}, {key: a, size: 1, id: 2}], \
         set: [{key: a, size: 1, id: 1}, {key: b, size: 1, id: 2}], open: {key: g, size: 1, id: ?}, closed: ?",
    );
}

#[test]
fn a_changed_element_of_a_set_is_another_element() {
    check::<Nestings>(
        "group: [{key: a, size: 2}, {key: b}]",
        "group: [{key: a, size: 1, id: 1}, {key: b, size: 1, id: 2}], open: {key: g, size: 1, id: 3}, closed: []",
        "group: [{key: a, size: 2, id: ?}, {key: b, size: 1, id: 2}], open: {key: g, size: 1, id: 3}, closed: ?",
    );
}

#[test]
fn replaces_for_what_is_inside() {
    check::<Nestings>(
        "one: [{key: a, kind: y}]",
        "one: [{key: a, size: 1, kind: x, id: 1}], closed: [], open: {key: g, size: 1, id: 3}",
        "one: [{key: a, size: 1, kind: y, id: 1}], open: {key: g, size: 1, id: 3}, closed: ?; replace one[0].kind",
    );
    check::<Nestings>(
        "map: {x: {key: a, kind: ?}}",
        "map: {x: {key: a, size: 1, kind: x, id: 1}}, closed: [], open: {key: g, size: 1, id: 3}",
        "map: {x: {key: a, size: 1, kind: ?, id: 1}}, open: {key: g, size: 1, id: 3}, closed: ?; \
         replace map[\"x\"].kind",
    );
}

#[test]
fn replaces_for_a_set_by_what_its_elements_were() {
    let made =
        "set: [{key: a, size: 1, kind: x, id: 1}], closed: [], open: {key: g, size: 1, id: 3}";
    check::<Nestings>(
        "set: [{key: a, size: 2, kind: x}]",
        made,
        "set: [{key: a, size: 2, kind: x, id: ?}], open: {key: g, size: 1, id: 3}, closed: ?",
    );
    check::<Nestings>(
        "set: [{key: a, kind: x}, {key: b, kind: y}]",
        made,
        "set: [{key: a, size: 1, kind: x, id: 1}, {key: b, size: 1, kind: y, id: ?}], \
         open: {key: g, size: 1, id: 3}, closed: ?; replace set",
    );
}

#[test]
fn replaces_for_a_block_of_which_nobody_can_say_what_it_holds() {
    check::<Nestings>(
        "list: ?",
        "closed: [], open: {key: g, size: 1, id: 3}",
        "list: ?, open: {key: g, size: 1, id: 3}, closed: ?; replace list",
    );
}

#[test]
fn marks_inside_of_what_is_left_to_the_provider() {
    check::<Nestings>(
        "one: [{key: a}]",
        "closed: [{key: h}], open: {key: g, size: 1}",
        "one: [{key: a, size: 1, id: ?}], open: {key: g, size: 1, id: ?}, closed: [{key: h}]",
    );
}

#[test]
fn decisions_inside_hold() {
    check_adjusted::<Nestings>(
        ("one: [{key: a}], open: {key: g}", "-"),
        |plan| {
            plan.set("one[0].id", "i");
            plan.set(
                "open",
                Value::object([
                    ("key", Value::from("g")),
                    ("size", Value::from(1)),
                    ("kind", Value::Null),
                    ("id", Value::Null),
                ]),
            );
        },
        "one: [{key: a, size: 1, id: i}], open: {key: g, size: 1}, closed: ?",
    );
}
