//! Tables of plans: configuration, prior state, and what is planned.
//!
//! [`check`] is the only caller of the planner, and holds every plan against Terraform's own rules on the way.

mod fallback;

use std::collections::{BTreeMap, BTreeSet};

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
fn takes_a_companion_along_with_another_change_only() {
    check::<Leaves>("name: a, force: true", MADE, "no change");
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

model! {
    /// Access.
    struct Access {
        /// Decided by the API when left out.
        pub mode: Option<String> => optional_computed replace,
        /// Has a default.
        pub public: Option<bool> => default(true),
        /// May be left out.
        pub note: Option<String>,
        /// Counts at creation.
        pub bootstrap: Option<bool> => write_once,
    }
}

model! {
    /// A block that the provider fills in.
    struct Filled {
        /// Access.
        pub access: Option<Access> => block optional_computed,
        /// Another one needs a new object.
        pub fixed: Option<Access> => block optional_computed replace,
        /// May be left out.
        pub note: Option<String>,
    }
}

#[test]
fn a_computed_block_is_open_when_absent_and_planned_as_written() {
    check::<Filled>("note: n", "-", "access: ?, fixed: ?, note: n");
    check::<Filled>("access: [{mode: m}]", "-", "access: [{mode: m}], fixed: ?");
    check::<Filled>("access: ?", "-", "access: ?, fixed: ?");
}

#[test]
fn a_computed_block_that_says_what_is_there_is_no_change() {
    let made = "access: [{mode: m, public: true, bootstrap: true}], fixed: []";
    check::<Filled>("", made, "no change");
    check::<Filled>("access: [], fixed: []", made, "no change");
    check::<Filled>("access: [{mode: m}]", made, "no change");
    check::<Filled>("access: [{public: true}]", made, "no change");
    check::<Filled>("access: [{mode: m, bootstrap: false}]", made, "no change");
    check::<Filled>(
        "access: [{bootstrap: true}]",
        "access: [{mode: m}], fixed: []",
        "no change",
    );
}

model! {
    /// A switch.
    struct Switch {
        /// On.
        pub on: Option<bool> => default(false),
    }
}

model! {
    /// Something with a switch.
    struct Switched {
        /// The switch.
        pub switch: Option<Switch> => block,
    }
}

model! {
    /// The whole.
    struct Machine {
        /// May be left to the API.
        pub storage: Option<Switched> => block optional_computed,
    }
}

#[test]
fn a_block_at_its_defaults_is_as_good_as_none() {
    let off = "storage: [{switch: [{on: false}]}]";
    check::<Machine>("storage: [{}]", off, "no change");
    check::<Machine>("storage: [{switch: []}]", off, "no change");
    check::<Machine>("storage: [{switch: [{}]}]", off, "no change");
    check::<Machine>(
        "storage: [{}]",
        "storage: [{switch: [{on: true}]}]",
        "storage: [{}]",
    );
    check::<Machine>(off, "storage: [{}]", "no change");
}

#[test]
fn a_computed_block_that_says_something_else_is_planned_as_written() {
    let made = "access: [{mode: m, public: false, note: n}], fixed: []";
    check::<Filled>(
        "access: [{mode: m, public: true, note: n}]",
        made,
        "access: [{mode: m, public: true, note: n}], fixed: []",
    );
    // Removing what only the user sets removes it, and removing what has a default goes back to that.
    check::<Filled>(
        "access: [{mode: m, public: false}]",
        made,
        "access: [{mode: m, public: false}], fixed: []",
    );
    check::<Filled>(
        "access: [{mode: m, note: n}]",
        made,
        "access: [{mode: m, note: n}], fixed: []",
    );
}

#[test]
fn a_computed_block_asks_for_replacement_only_when_it_says_something_else() {
    let made = "access: [{mode: m, public: true}], fixed: [{mode: m, public: true}]";
    check::<Filled>(
        "access: [{public: false}]",
        made,
        "access: [{public: false}], fixed: [{mode: m, public: true}]",
    );
    check::<Filled>(
        "access: [{mode: o}]",
        made,
        "access: [{mode: o}], fixed: [{mode: m, public: true}]; replace access[0].mode",
    );
    check::<Filled>(
        "fixed: [{bootstrap: true}], note: n",
        made,
        "access: [{mode: m, public: true}], fixed: [{mode: m, public: true}], note: n",
    );
    check::<Filled>(
        "fixed: [{note: n}]",
        made,
        "access: [{mode: m, public: true}], fixed: [{note: n}]; replace fixed",
    );
}

/// Terraform takes such a block as configured or as it was. With something unknown inside it has to be as configured,
/// although at apply it may turn out to be what is there already; the plan made then keeps what the API filled in, and
/// Terraform calls that an inconsistent final plan. Only a computed block of protocol 6.11 can do better.
#[test]
fn a_computed_block_with_something_unknown_inside_is_planned_as_written() {
    check::<Filled>(
        "access: [{mode: ?}]",
        "access: [{mode: m, public: true}], fixed: []",
        "access: [{mode: ?}], fixed: []; replace access[0].mode",
    );
}

model! {
    /// Takes a while to make, and can be unwell.
    struct Slow {
        /// Names it.
        pub name: String => replace,
        /// May be left out.
        pub note: Option<String>,
        /// Chosen by the API when left out; cannot be changed.
        pub zone: Option<String> => optional_computed replace,
        /// Where it stands.
        pub status: Option<String> => computed usual("UP") unfinished(["MAKING"]) failed(["LOST"]),
        /// What is wrong with it.
        pub health: Vec<String> => computed usual(Value::List(Vec::new())) follows(["status"]),
        /// Where it is reached.
        pub endpoint: Option<String> => computed keep,
        /// Signs its certificates.
        pub authorities: Vec<String> => computed keep,
        /// Null for most.
        pub release: Option<String> => computed follows(["note"]),
    }
}

#[test]
fn waits_for_what_is_still_being_made() {
    check::<Slow>(
        "name: a",
        "name: a, status: MAKING, health: [], authorities: []",
        "name: a, zone: ?, status: ?, health: ?, endpoint: ?, authorities: ?, release: ?",
    );
    // What is there already stays.
    check::<Slow>(
        "name: a",
        "name: a, zone: z, status: MAKING, health: [], endpoint: e, authorities: [], release: r",
        "name: a, zone: z, status: ?, health: ?, endpoint: e, authorities: ?, release: r",
    );
}

#[test]
fn replaces_what_nothing_came_of() {
    let failed = "name: a, zone: z, status: LOST, health: [bad], endpoint: e, authorities: [x]";
    check::<Slow>(
        "name: a",
        failed,
        "name: a, zone: z, status: ?, health: ?, endpoint: e, authorities: [x]; replace status",
    );
    let ask = |prior: &str, config: &str| {
        let schema = schema_of::<Slow>();
        let value = |text: &str| read(&schema.attributes, text);
        let (prior, config) = (value(prior), value(config));
        let plan = plan(&schema, config.clone(), prior, &config);
        (plan.failed().map(ToOwned::to_owned), plan.will_replace())
    };
    assert_eq!(ask(failed, "name: a"), (Some("LOST".to_owned()), true));
    let well = failed.replace("LOST", "UNWELL");
    assert_eq!(ask(&well, "name: a"), (None, false));
    // What is to be destroyed is not replaced.
    assert_eq!(ask(failed, "-"), (Some("LOST".to_owned()), false));
}

#[test]
fn what_is_unusual_is_no_change_by_itself_and_open_in_an_update() {
    let changing = "name: a, zone: z, status: CHANGING, health: [], endpoint: e, authorities: [x]";
    check::<Slow>("name: a", changing, "no change");
    check::<Slow>(
        "name: a, note: n",
        changing,
        "name: a, note: n, zone: z, status: ?, health: ?, endpoint: e, authorities: [x], release: ?",
    );
    check::<Slow>(
        "name: a, note: n",
        &changing
            .replace("CHANGING", "UP")
            .replace("health: []", "health: [bad]"),
        "name: a, note: n, zone: z, status: UP, health: ?, endpoint: e, authorities: [x], release: ?",
    );
    check::<Slow>(
        "name: a, note: n",
        &changing.replace("CHANGING", "UP"),
        "name: a, note: n, zone: z, status: UP, health: [], endpoint: e, authorities: [x], release: ?",
    );
}

#[test]
fn looks_for_kept_values_that_are_not_there() {
    check::<Slow>(
        "name: a, note: n",
        "name: a, zone: z, status: UP, health: [], authorities: []",
        "name: a, note: n, zone: z, status: UP, health: [], endpoint: ?, authorities: ?, release: ?",
    );
}
