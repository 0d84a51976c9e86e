//! What a status says: still being made, gone wrong, or as usual.

use super::{check, schema_of};
use crate::model;
use crate::tf::Value;
use crate::tf::notation::read;
use crate::tf::plan::plan;

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
