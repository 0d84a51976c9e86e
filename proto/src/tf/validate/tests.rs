//! Configurations, and what is said about them.

use std::collections::BTreeSet;

use super::validate;
use crate::model;
use crate::tf::Model;
use crate::tf::checks::{count, within};
use crate::tf::notation::read;

model! {
    /// A rule.
    struct Rule {
        /// A port.
        pub port: i64 => check(within(1..=65535)),
        /// Direction.
        pub direction: Option<String> => default("in") one_of(["in", "out"]),
    }
}

model! {
    /// Access.
    struct Access {
        /// Who.
        pub who: String,
        /// Decided by the API.
        pub id: Option<String> => computed,
    }
}

model! {
    /// A whole.
    struct Whole {
        /// Texts.
        pub words: Option<BTreeSet<String>> => check(count(1..=2)) one_of(["x", "y", "z"]),
        /// Not shown.
        pub secret: Option<String> => sensitive one_of(["s"]),
        /// In order.
        pub list: Vec<Rule> => block,
        /// Without order.
        pub set: BTreeSet<Rule> => block,
        /// Filled in by the API.
        pub access: Option<Access> => block optional_computed,
        /// Nested.
        pub choice: Option<Rule>,
        /// Several of them.
        pub choices: Option<Vec<Rule>>,
    }
}

fn check(config: &str, expected: &[&str]) {
    let attributes = Whole::attributes();
    let found = validate(&attributes, &read(&attributes, config), true);
    let said = found.iter().map(|found| {
        let path = found
            .path
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        format!("{path}: {}", found.detail)
    });
    assert_eq!(said.collect::<Vec<_>>(), expected, "{config}");
}

#[test]
fn takes_what_is_right_and_what_cannot_be_said_yet() {
    check("words: [x, y], list: [{port: 1}], access: [{who: me}]", &[]);
    check(
        "words: [?], secret: ?, list: [{port: ?}], set: ?, access: ?",
        &[],
    );
}

/// Terraform looks for the last step of a path into an attribute among the attributes of the resource, and would show
/// the line of `port` there.
#[test]
fn what_is_inside_of_an_attribute_is_named_in_full_and_shown_there() {
    check(
        "choice: {port: 0}, choices: [{port: 1}, {port: 0}]",
        &[
            "choice: choice.port must be a whole number from 1 to 65535, got 0.",
            "choices: choices[1].port must be a whole number from 1 to 65535, got 0.",
        ],
    );
}

#[test]
fn says_where_and_what_is_wrong() {
    check(
        "words: [x, w], list: [{port: 1}, {port: 0}]",
        &[
            "words: words must be one of \"x\", \"y\", \"z\", got \"w\".",
            "list[1].port: port must be a whole number from 1 to 65535, got 0.",
        ],
    );
    check(
        "set: [{port: 0}]",
        &["set: set.port must be a whole number from 1 to 65535, got 0."],
    );
}

#[test]
fn does_not_show_what_is_sensitive() {
    check("secret: oops", &["secret: secret must be one of \"s\"."]);
}

#[test]
fn checks_what_terraform_does_not_inside_of_computed_blocks() {
    check(
        "access: [{id: i}]",
        &[
            "access[0].who: The argument \"who\" is required, but was not set.",
            "access[0].id: \"id\" is decided automatically and cannot be set.",
        ],
    );
    check(
        "access: [{who: a}, {who: b}]",
        &["access: No more than one access block is allowed."],
    );
}

#[test]
fn refuses_elements_that_a_default_makes_equal() {
    check(
        "set: [{port: 1}, {port: 1, direction: in}]",
        &["set: Two elements of set mean the same: one gives what is the default of the other."],
    );
    check("set: [{port: 1}, {port: 1, direction: out}]", &[]);
}
