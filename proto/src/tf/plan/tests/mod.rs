//! Tables of plans: configuration, prior state, and what is planned.
//!
//! [`check`] is the only caller of the planner, and holds every plan against Terraform's own rules on the way.

mod computed_blocks;
mod fallback;
mod nested;
mod status;

use std::collections::BTreeSet;

use super::{Plan, plan};
use crate::model;
use crate::tf::core_rules::{assert_plan_valid, proposed_new, schema_is_valid};
use crate::tf::notation::{read, write};
use crate::tf::{Model, Schema, Value};

fn schema_of<M: Model>() -> Schema {
    let schema = Schema {
        attributes: M::attributes(),
        ..Schema::default()
    };
    assert_eq!(schema_is_valid(&schema), Vec::<String>::new());
    schema
}

/// Plans, lets `adjust` do what a resource would, and compares `planned` and the paths that ask for replacement, as
/// `planned text; replace path, path`, or `no change`.
fn check_adjusted<M: Model>(
    (config, prior): (&str, &str),
    adjust: impl Fn(&mut Plan),
    expected: &str,
) {
    let schema = schema_of::<M>();
    let (config, prior) = (
        read(&schema.attributes, config),
        read(&schema.attributes, prior),
    );
    let proposed = match config {
        Value::Null => Value::Null,
        ref config => proposed_new(&schema, &prior, config),
    };
    let mut plan = plan(&schema, config.clone(), prior.clone(), &proposed);
    adjust(&mut plan);
    plan.finish();
    let violations = assert_plan_valid(&schema, &prior, &config, &plan.planned);
    assert_eq!(
        violations,
        [],
        "{}",
        write(&schema.attributes, &plan.planned)
    );
    let replaced: Vec<_> = plan.replaced().map(ToString::to_string).collect();
    let planned = match plan.planned == prior {
        true => "no change".to_owned(),
        false => write(&schema.attributes, &plan.planned),
    };
    let actual = match replaced.is_empty() {
        true => planned,
        false => format!("{planned}; replace {}", replaced.join(", ")),
    };
    assert_eq!(actual, expected, "\nconfig {config:?}\nprior {prior:?}");
}

fn check<M: Model>(config: &str, prior: &str, expected: &str) {
    check_adjusted::<M>((config, prior), |_| {}, expected);
}

model! {
    /// Leaves of every behaviour.
    struct Leaves {
        /// Names it.
        pub name: String => replace,
        /// May be left out.
        pub note: Option<String>,
        /// Has a default.
        pub size: Option<i64> => default(3_i64),
        /// Chosen by the API when left out; cannot be changed.
        pub zone: Option<String> => optional_computed replace,
        /// Never changes.
        pub arn: Option<String> => computed keep,
        /// Changes with the size.
        pub capacity: Option<i64> => computed follows(["size"]),
        /// Changes with the capacity.
        pub price: Option<i64> => computed follows(["capacity"]),
        /// May change with anything.
        pub status: Option<String> => computed,
        /// A document.
        pub policy: Option<String> => json,
        /// Any case.
        pub level: Option<String> => ignore_case,
        /// Labels.
        pub tags: Option<BTreeSet<String>>,
        /// Never stored.
        pub password: Option<String> => write_only,
        /// Counts at creation.
        pub bootstrap: Option<bool> => default(true) write_once,
        /// Counts with other changes.
        pub force: Option<bool> => default(false) companion,
    }
}

const MADE: &str = "name: a, size: 3, zone: z1, arn: arn/a, capacity: 30, price: 7, status: up, \
                    bootstrap: true, force: false";

#[test]
fn marks_what_the_api_decides_on_create() {
    check::<Leaves>(
        "name: a",
        "-",
        "name: a, size: 3, zone: ?, arn: ?, capacity: ?, price: ?, status: ?, bootstrap: true, \
         force: false",
    );
}

#[test]
fn plans_nothing_when_nothing_changes() {
    check::<Leaves>("name: a", MADE, "no change");
    check::<Leaves>("name: a, size: 3, zone: z1", MADE, "no change");
}

#[test]
fn marks_on_update_only_what_the_change_can_touch() {
    check::<Leaves>(
        "name: a, note: n",
        MADE,
        "name: a, note: n, size: 3, zone: z1, arn: arn/a, capacity: 30, price: 7, status: ?, \
         bootstrap: true, force: false",
    );
    check::<Leaves>(
        "name: a, size: 4",
        MADE,
        "name: a, size: 4, zone: z1, arn: arn/a, capacity: ?, price: ?, status: ?, \
         bootstrap: true, force: false",
    );
}

#[test]
fn goes_back_to_the_default_when_unset() {
    check::<Leaves>(
        "name: a",
        &MADE.replace("size: 3", "size: 5"),
        "name: a, size: 3, zone: z1, arn: arn/a, capacity: ?, price: ?, status: ?, \
         bootstrap: true, force: false",
    );
}

#[test]
fn looks_again_for_a_kept_value_that_was_never_there() {
    check::<Leaves>(
        "name: a, note: n",
        &MADE.replace(", arn: arn/a", ""),
        "name: a, note: n, size: 3, zone: z1, arn: ?, capacity: 30, price: 7, status: ?, \
         bootstrap: true, force: false",
    );
}

#[test]
fn replaces_when_told_to() {
    check::<Leaves>(
        "name: b",
        MADE,
        "name: b, size: 3, zone: z1, arn: arn/a, capacity: 30, price: 7, status: ?, \
         bootstrap: true, force: false; replace name",
    );
    check::<Leaves>(
        "name: a, zone: ?",
        MADE,
        "name: a, size: 3, zone: ?, arn: arn/a, capacity: 30, price: 7, status: ?, \
         bootstrap: true, force: false; replace zone",
    );
}

#[test]
fn leaves_alone_what_the_user_leaves_to_the_provider() {
    check::<Leaves>("name: a", &MADE.replace("z1", "chosen"), "no change");
}

#[test]
fn keeps_the_spelling_of_the_same_meaning() {
    let made = format!("{MADE}, policy: '{{\"a\": 1}}', level: High, tags: [x, y]");
    let same = "name: a, policy: '{ \"a\":1 }', level: HIGH, tags: [y, x]";
    check::<Leaves>(same, &made, "no change");
    check::<Leaves>(
        &same.replace("1 }", "2 }"),
        &made,
        "name: a, size: 3, zone: z1, arn: arn/a, capacity: 30, price: 7, status: ?, \
         policy: '{ \"a\":2 }', level: High, tags: [x, y], bootstrap: true, force: false",
    );
}

#[test]
fn never_plans_a_write_only_value() {
    check::<Leaves>("name: a, password: secret", MADE, "no change");
    check::<Leaves>("name: a, password: ?", MADE, "no change");
}

#[test]
fn does_not_follow_what_counted_at_creation() {
    for config in [
        "name: a, bootstrap: false",
        "name: a, bootstrap: ?",
        "name: a",
    ] {
        check::<Leaves>(config, MADE, "no change");
        check::<Leaves>(
            config,
            &MADE.replace("bootstrap: true", "bootstrap: false"),
            "no change",
        );
    }
    let unknown = MADE.replace(", bootstrap: true", "");
    check::<Leaves>("name: a", &unknown, "no change");
    // Terraform insists on the configured value where there is no prior one; nothing else is touched by that.
    check::<Leaves>(
        "name: a, bootstrap: false",
        &unknown,
        &MADE.replace("bootstrap: true", "bootstrap: false"),
    );
}

#[test]
fn a_companion_alone_touches_nothing_else() {
    check::<Leaves>(
        "name: a, force: true",
        &MADE.replace("status: up", "status: ill"),
        "name: a, size: 3, zone: z1, arn: arn/a, capacity: 30, price: 7, status: ill, \
         bootstrap: true, force: true",
    );
    check::<Leaves>(
        "name: a, size: 4, force: true",
        MADE,
        "name: a, size: 4, zone: z1, arn: arn/a, capacity: ?, price: ?, status: ?, \
         bootstrap: true, force: true",
    );
}

#[test]
fn plans_unknown_values_as_unknown() {
    check::<Leaves>(
        "name: ?, note: ?, size: ?, policy: ?, tags: [x, ?]",
        "-",
        "name: ?, note: ?, size: ?, zone: ?, arn: ?, capacity: ?, price: ?, status: ?, policy: ?, \
         tags: [?, x], bootstrap: true, force: false",
    );
}

#[test]
fn plans_nothing_for_a_destroy() {
    check_adjusted::<Leaves>(("-", MADE), |plan| assert!(plan.is_destroy()), "-");
}

#[test]
fn keeps_what_was_decided() {
    check_adjusted::<Leaves>(
        ("name: a", "-"),
        |plan| {
            plan.set("arn", "arn/a");
            plan.set("status", "up");
        },
        "name: a, size: 3, zone: ?, arn: arn/a, capacity: ?, price: ?, status: up, \
         bootstrap: true, force: false",
    );
}

#[test]
fn a_decision_alone_is_a_change_and_what_follows_it_is_open() {
    check_adjusted::<Leaves>(
        ("name: a", MADE),
        |plan| plan.set_unknown("capacity"),
        "name: a, size: 3, zone: z1, arn: arn/a, capacity: ?, price: ?, status: ?, \
         bootstrap: true, force: false",
    );
    check_adjusted::<Leaves>(
        ("name: a", MADE),
        |plan| plan.set("status", "up"),
        "no change",
    );
}

#[test]
fn a_resource_can_ask_whether_it_will_be_replaced() {
    let will_replace = |config: &str, ask: &str| {
        let schema = schema_of::<Leaves>();
        let (config, prior) = (
            read(&schema.attributes, config),
            read(&schema.attributes, MADE),
        );
        let proposed = proposed_new(&schema, &prior, &config);
        let mut plan = plan(&schema, config, prior, &proposed);
        if !ask.is_empty() {
            plan.require_replace(ask);
        }
        plan.will_replace()
    };
    // By declaration, and by request; only what changes counts.
    assert!(will_replace("name: b", ""));
    assert!(will_replace("name: a, note: n", "note"));
    assert!(!will_replace("name: a, note: n", ""));
    assert!(!will_replace("name: a, note: n", "zone"));
}

#[test]
fn replaces_on_request_only_what_changes() {
    let ask = |plan: &mut Plan| plan.require_replace("note");
    check_adjusted::<Leaves>(("name: a", MADE), ask, "no change");
    check_adjusted::<Leaves>(
        ("name: a, note: n", MADE),
        ask,
        "name: a, note: n, size: 3, zone: z1, arn: arn/a, capacity: 30, price: 7, status: ?, \
         bootstrap: true, force: false; replace note",
    );
}
