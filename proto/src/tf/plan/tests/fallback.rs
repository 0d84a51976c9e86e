//! What becomes of what the user does not give, where the declaration says it.

use super::{check, schema_of};
use crate::model;
use crate::tf::notation::{read, write};
use crate::tf::reconcile::differences;
use crate::tf::{Value, reconcile};

model! {
    /// A pace.
    struct Pace {
        /// Either this
        pub count: Option<i64>,
        /// or this.
        pub percent: Option<i64>,
        /// Has a default.
        pub strategy: Option<String> => default("slow"),
    }
}

model! {
    /// Something that decides what nobody says.
    struct Machine {
        /// Known at plan.
        pub always: Option<Pace> => block default(Value::block([("count", 1_i64)])),
        /// The API says how a new one is.
        pub later: Option<Pace> => block reverts_to(Value::block([("count", 1_i64)])),
        /// The same without a block.
        pub tier: Option<String> => reverts_to("standard"),
        /// May be left out.
        pub note: Option<String>,
    }
}

#[test]
fn a_new_object_gets_defaults_and_the_rest_from_the_api() {
    check::<Machine>(
        "note: n",
        "-",
        "always: [{count: 1, strategy: slow}], later: ?, tier: ?, note: n",
    );
    check::<Machine>(
        "always: [], later: [], tier: fast",
        "-",
        "always: [], later: [], tier: fast",
    );
}

#[test]
fn what_is_removed_goes_back() {
    let usual =
        "always: [{count: 1, strategy: slow}], later: [{count: 1, strategy: slow}], tier: standard";
    let other = "always: [{count: 2}], later: [{percent: 5}], tier: fast";
    check::<Machine>("", other, usual);
    check::<Machine>(
        "",
        "always: [{count: 1, percent: 5}], later: [{count: 1, strategy: quick}]",
        "always: [{count: 1, strategy: slow}], later: [{count: 1, strategy: slow}]",
    );
    // An explicit `[]` has to come back as it is written.
    check::<Machine>(
        "always: [], later: []",
        other,
        "always: [], later: [], tier: standard",
    );
}

#[test]
fn what_is_as_it_would_be_anyway_stays_as_it_is_told() {
    for silent in [
        "always: [{count: 1, strategy: slow}], later: [{count: 1}], tier: standard",
        "always: [{count: 1}], later: [{strategy: slow}], tier: standard",
        "always: [{}], later: [{}]",
        "always: [], later: []",
        "",
    ] {
        check::<Machine>("", silent, "no change");
    }
    let told = "always: [{count: 1}], later: [{strategy: slow}]";
    check::<Machine>("always: [], later: []", told, "no change");
}

#[test]
fn no_block_is_what_the_api_does_by_itself() {
    let attributes = schema_of::<Machine>().attributes;
    let told = |planned: &str, actual: &str| {
        let (planned, actual) = (read(&attributes, planned), read(&attributes, actual));
        let differing = differences(&attributes, &planned, &actual);
        let differing: Vec<_> = differing.iter().map(ToString::to_string).collect();
        let stored = reconcile(&attributes, &planned, actual);
        (write(&attributes, &stored), differing.join(", "))
    };
    let expect = |stored: &str, differing: &str| (stored.to_owned(), differing.to_owned());
    assert_eq!(
        told("later: []", "later: [{count: 1, strategy: slow}]"),
        expect("later: []", "")
    );
    assert_eq!(
        told("later: []", "later: [{count: 2, strategy: slow}]"),
        expect("later: [{count: 2, strategy: slow}]", "later")
    );
}
