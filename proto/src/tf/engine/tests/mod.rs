//! The life of an object, told by what the API is asked and what is left in the state.

mod bench;

use self::bench::{Access, Bench, Mood, Thing, Toy, run};
use super::{Managed, ManagedResource, StateAnswer};
use crate::tf::core_rules::{Action, Generator, Instance};
use crate::tf::notation::write;
use crate::tf::{MoveSource, Value};

#[test]
fn lives_and_dies() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.settle("name: a, rule: [{port: 1}, {port: 2}]"),
        Ok(Action::Create)
    );
    assert_eq!(
        bench.state(),
        "name: a, size: 3, rule: [{port: 1, id: r-1}, {port: 2, id: r-2}], \
         access: [{mode: auto, public: false}], bootstrap: true, arn: arn/a, revision: 1"
    );
    assert_eq!(
        bench.settle("name: a, size: 4, rule: [{port: 2}]"),
        Ok(Action::Update)
    );
    assert_eq!(bench.settle("name: b"), Ok(Action::Replace));
    assert_eq!(bench.settle("name: b"), Ok(Action::NoOp));
    assert_eq!(bench.settle("-"), Ok(Action::Delete));
    assert_eq!(bench.api.stored(), None);
}

#[test]
fn keeps_the_planned_spelling() {
    let mut bench = Bench::new();
    let config = "name: a, policy: '{ \"b\": 1, \"a\": 2 }', tags: {}, access: [{}], \
                  rule: [{port: 1, note: ''}]";
    assert_eq!(bench.settle(config), Ok(Action::Create));
    assert_eq!(
        bench.state(),
        "name: a, size: 3, policy: '{ \"b\": 1, \"a\": 2 }', rule: [{port: 1, note: '', id: r-1}], \
         access: [{}], tags: {}, bootstrap: true, arn: arn/a, revision: 1"
    );
    let reformatted = config.replace("{ \"b\": 1, \"a\": 2 }", "{\"a\":2,\"b\":1}");
    assert_eq!(bench.settle(&reformatted), Ok(Action::NoOp));
}

#[test]
fn sees_drift_and_what_is_gone() {
    let mut bench = Bench::made("name: a, tags: {x: y}, access: [{}]");
    let drifted = Thing {
        size: Some(5),
        tags: None,
        access: Some(Access {
            mode: Some("other".into()),
            public: Some(true),
        }),
        ..bench.api.stored().unwrap()
    };
    *bench.api.thing.lock().unwrap() = Some(drifted);
    let mut instance = bench.instance.clone();
    run(bench.core().refresh(&mut instance)).unwrap();
    bench.instance = instance;
    // The mode was left to the API; whether it is public was not.
    assert_eq!(
        bench.state(),
        "name: a, size: 5, access: [{public: true}], bootstrap: true, arn: arn/a, revision: 1"
    );
    assert_eq!(
        bench.settle("name: a, tags: {x: y}, access: [{}]"),
        Ok(Action::Update)
    );

    *bench.api.thing.lock().unwrap() = None;
    let mut instance = bench.instance.clone();
    run(bench.core().refresh(&mut instance)).unwrap();
    assert_eq!(instance.state, Value::Null);
}

#[test]
fn a_refused_create_leaves_nothing() {
    let mut bench = Bench::new();
    bench.api.set(Mood::Refuses);
    assert_eq!(bench.apply("name: a"), "Unable to create toy (a): No.");
    assert_eq!(bench.state(), "-");
}

#[test]
fn a_create_that_failed_late_is_kept_and_tainted() {
    for mood in [Mood::FailsLate, Mood::Forgets, Mood::FailsLateAndIsDown] {
        let mut bench = Bench::new();
        bench.api.set(mood);
        assert_eq!(
            bench.apply("name: a"),
            "Unable to create toy (a): It broke."
        );
        assert_eq!(
            bench.state(),
            "name: a, size: 3, access: [{mode: auto, public: false}], bootstrap: true, arn: arn/a, \
             revision: 1 (tainted)"
        );
        assert_eq!(bench.api.calls(), "create(60s, ) read");
    }
}

#[test]
fn a_panic_is_an_error_and_what_exists_is_kept() {
    let mut bench = Bench::new();
    bench.api.set(Mood::PanicsLate);
    let said = bench.apply("name: a");
    assert!(
        said.starts_with("Unable to create toy (a): The provider panicked: oh no, a."),
        "{said}"
    );
    assert!(bench.state().ends_with("(tainted)"), "{}", bench.state());
}

#[test]
fn an_interrupted_create_is_kept_without_taint() {
    let mut bench = Bench::new();
    bench.api.set(Mood::IsInterrupted);
    assert_eq!(
        bench.apply("name: a"),
        "Warning: Creation of toy (a) is not finished: Stopped waiting.\n\nWhat exists is in the state, without the \
         values that are not there yet. Apply again to wait for the rest; nothing is replaced."
    );
    assert!(bench.state().ends_with("revision: 1"), "{}", bench.state());
    assert_eq!(bench.api.calls(), "create(60s, )");
    bench.api.set(Mood::Fine);
    assert_eq!(bench.settle("name: a"), Ok(Action::NoOp));
}

#[test]
fn an_unfinished_create_is_resumed() {
    let mut bench = Bench::new();
    bench.api.set(Mood::IsSlow);
    let said = bench.apply("name: a");
    assert!(
        said.starts_with("Warning: Creation of toy (a) is not finished: Not done after 1 minute."),
        "{said}"
    );
    let made =
        "name: a, size: 3, access: [{mode: auto, public: false}], bootstrap: true, arn: arn/a";
    assert_eq!(bench.state(), format!("{made}, status: MAKING"));
    bench.api.set(Mood::Fine);
    bench.api.calls();
    assert_eq!(bench.settle("name: a"), Ok(Action::Update));
    assert_eq!(bench.state(), format!("{made}, revision: 1"));
    assert!(bench.api.calls().contains("update"));
}

#[test]
fn a_failed_update_leaves_what_really_holds() {
    let half_way = "name: a, size: 4, access: [{mode: auto, public: false}], bootstrap: true, \
                    arn: arn/a, revision: 2";
    for (mood, expected) in [
        (
            Mood::Refuses,
            half_way
                .replace("size: 4", "size: 3")
                .replace("revision: 2", "revision: 1"),
        ),
        (Mood::FailsLate, half_way.to_owned()),
        (Mood::FailsLateAndIsDown, half_way.to_owned()),
    ] {
        let mut bench = Bench::made("name: a");
        bench.api.set(mood);
        let said = bench.apply("name: a, size: 4, tags: {x: y}");
        assert!(said.starts_with("Unable to update toy (a): "), "{said}");
        assert_eq!(bench.state(), expected);
        assert_eq!(bench.api.calls(), "update read");
    }
}

#[test]
fn a_failed_delete_keeps_the_state() {
    let mut bench = Bench::made("name: a");
    let before = bench.state();
    bench.api.set(Mood::Refuses);
    assert_eq!(
        bench.apply("-"),
        "Unable to delete toy (a): It is protected."
    );
    assert_eq!(bench.state(), before);
}

#[test]
fn a_failed_read_keeps_the_state() {
    let bench = Bench::made("name: a");
    bench.api.set(Mood::Refuses);
    let mut instance = bench.instance.clone();
    let said = run(bench.core().refresh(&mut instance)).unwrap_err();
    assert_eq!(said, "Unable to read toy (a): Down.");
    assert_eq!(instance, bench.instance);
}

#[test]
fn tells_when_the_api_made_something_else() {
    let mut bench = Bench::new();
    bench.api.set(Mood::IsWilful);
    assert_eq!(
        bench.apply("name: a"),
        "Warning: size is not as planned: size of toy (a) was read back with another value than was \
         planned. The next plan will show the difference."
    );
    assert!(bench.state().contains("size: 3"), "{}", bench.state());
}

#[test]
fn write_only_values_reach_the_api_and_nothing_else() {
    let mut bench = Bench::new();
    assert_eq!(
        bench.settle("name: a, password: secret"),
        Ok(Action::Create)
    );
    assert!(bench.api.calls().starts_with("create(60s, secret) "));
    assert!(!bench.state().contains("password"), "{}", bench.state());
    let found = bench
        .toy
        .validate(&bench.config("name: a, password: secret"), false);
    let found: Vec<_> = found.iter().map(|found| found.summary.as_str()).collect();
    assert_eq!(found, ["Write-only attribute not supported"]);
}

#[test]
fn timeouts_are_taken_from_the_object_and_never_sent() {
    let mut bench = Bench::new();
    let config = "name: a, timeouts: {create: 2m, delete: 3m}";
    assert_eq!(bench.settle(config), Ok(Action::Create));
    assert!(bench.api.calls().starts_with("create(120s, ) "));
    assert_eq!(
        bench.settle("name: a, timeouts: {delete: 4m}"),
        Ok(Action::Update)
    );
    assert_eq!(bench.api.calls(), "read");
    assert!(
        bench.state().ends_with("timeouts: {delete: 4m}"),
        "{}",
        bench.state()
    );
    assert_eq!(bench.settle("-"), Ok(Action::Delete));
    assert!(bench.api.calls().starts_with("delete(240s)"));
}

#[test]
fn what_counted_at_creation_is_silent_ever_after() {
    let mut bench = Bench::made("name: a, bootstrap: false");
    assert_eq!(bench.settle("name: a, bootstrap: true"), Ok(Action::NoOp));
    assert_eq!(
        bench.settle("name: a, bootstrap: true, size: 4"),
        Ok(Action::Update)
    );
    assert!(
        bench.state().contains("bootstrap: false"),
        "{}",
        bench.state()
    );
}

/// What is unknown in the plan may turn out to be what is there already. Whatever it turns out to be, the plan that is
/// carried out says of the companion what the first one said.
#[test]
fn a_companion_is_planned_the_same_whatever_unknown_values_turn_out_to_be() {
    for (before, after) in [("false", "true"), ("true", "false")] {
        let made = format!("name: a, size: 4, force: {before}");
        for (size, expected) in [(4, "read"), (5, "update read")] {
            let mut bench = Bench::made(&made);
            let mut instance = bench.instance.clone();
            let blurred = bench.config(&format!("name: a, size: ?, force: {after}"));
            let known = bench.config(&format!("name: a, size: {size}, force: {after}"));
            let core = bench.core();
            let action = run(core.apply_and_settle(&mut instance, &blurred, &known));
            drop(core);
            assert_eq!(action, Ok(Action::Update));
            assert_eq!(bench.api.calls(), expected);
            bench.instance = instance;
            let state = bench.state();
            let expected = format!("bootstrap: true, force: {after}");
            assert!(state.contains(&expected), "{state}");
        }
    }
}

#[test]
fn a_companion_alone_is_put_into_the_state_without_a_word_to_the_api() {
    let mut bench = Bench::made("name: a");
    assert_eq!(bench.settle("name: a, force: true"), Ok(Action::Update));
    assert_eq!(bench.api.calls(), "read");
}

#[test]
fn an_imported_object_needs_no_change() {
    let mut bench = Bench::made("name: a, size: 4, rule: [{port: 1}], bootstrap: false");
    bench.instance = run(bench.core().import("a")).unwrap();
    assert_eq!(
        bench.state(),
        "name: a, size: 4, rule: [{port: 1, id: r-1}], access: [{mode: auto, public: false}], \
         bootstrap: true, arn: arn/a, revision: 1"
    );
    for config in [
        "name: a, size: 4, rule: [{port: 1}], bootstrap: false",
        "name: a, size: 4, rule: [{port: 1}], access: [{mode: auto}]",
    ] {
        assert_eq!(bench.settle(config), Ok(Action::NoOp));
    }
    assert_eq!(
        run(bench.core().import("b")).unwrap_err(),
        "there is no object to import as \"b\""
    );
    assert_eq!(
        run(bench.core().import("")).unwrap_err(),
        "Invalid import id for toy: The id must be a name."
    );
}

#[test]
fn an_import_knows_nothing_but_the_identity() {
    let toy = Managed::<Toy>::default();
    let attributes = toy.schema().attributes;
    let by_id = toy.import_by_id("a").unwrap();
    let by_identity = toy
        .import_by_identity(&Value::object([("name", "a")]))
        .unwrap();
    assert_eq!(write(&attributes, &by_id), "name: a");
    assert_eq!(by_id, by_identity);
}

#[test]
fn takes_over_the_state_of_the_types_it_knows() {
    let toy = Managed::<Toy>::default();
    let mut source = MoveSource {
        provider: "registry.opentofu.org/other/toys".into(),
        type_name: "other_toy".into(),
        version: 0,
        state: serde_json::json!({"name": "a", "size": 4, "more": true}),
    };
    let state = toy.move_from(&source).unwrap();
    assert_eq!(write(&toy.schema().attributes, &state), "name: a, size: 4");
    // What has another name there.
    source.state = serde_json::json!({"name": "a", "length": 4});
    assert_eq!(toy.move_from(&source).unwrap(), state);
    source.provider = "registry.opentofu.org/another/toys".into();
    let found = toy.move_from(&source).unwrap_err();
    let details: Vec<_> = found.iter().map(|found| found.detail.as_str()).collect();
    assert_eq!(
        details,
        ["What can be moved here is other_toy of other/toys."]
    );
}

#[test]
fn what_a_moved_state_leaves_empty_is_absent() {
    let toy = Managed::<Toy>::default();
    let rules = serde_json::json!([{"port": 1, "note": ""}, {"port": 2, "note": "x"}]);
    let source = MoveSource {
        provider: "registry.terraform.io/other/toys".into(),
        type_name: "other_toy".into(),
        version: 0,
        state: serde_json::json!({
            "name": "a", "policy": "", "rule": rules, "access": [], "tags": {}, "arn": "", "revision": 1,
        }),
    };
    let state = toy.move_from(&source).unwrap();
    assert_eq!(
        write(&toy.schema().attributes, &state),
        "name: a, rule: [{port: 1}, {port: 2, note: x}], access: [], arn: '', revision: 1"
    );
}

#[test]
fn the_token_of_a_change_is_the_same_from_plan_to_apply_and_then_gone() {
    let bench = Bench::new();
    let (core, config) = (bench.core(), bench.config("name: a"));
    let first = run(core.plan(&Instance::default(), &config)).unwrap();
    let with_private = Instance {
        private: first.private.clone(),
        ..Instance::default()
    };
    let again = run(core.plan(&with_private, &config)).unwrap();
    let other = run(core.plan(&Instance::default(), &config)).unwrap();
    assert_eq!(again.private, first.private);
    assert_ne!(other.private, first.private);
    let mut instance = Instance::default();
    run(core.apply(&mut instance, first, &config)).unwrap();
    assert_eq!(instance.private, b"");
}

#[test]
fn what_a_change_remembers_is_there_for_later_plans_and_changes() {
    let mut bench = Bench::made("name: a");
    for (size, mood) in [(4, Mood::Fine), (5, Mood::Refuses), (6, Mood::Fine)] {
        bench.api.set(mood);
        bench.apply(&format!("name: a, size: {size}"));
    }
    // What asks nothing of the API forgets nothing.
    bench.apply("name: a, size: 6, timeouts: {delete: 4m}");
    bench.api.sizes.lock().unwrap().clear();
    bench.apply("name: a, size: 6");
    assert_eq!(*bench.api.sizes.lock().unwrap(), [4, 5, 6]);
    bench.instance = run(bench.core().import("a")).unwrap();
    bench.api.sizes.lock().unwrap().clear();
    bench.apply("name: a, size: 6");
    assert!(bench.api.sizes.lock().unwrap().is_empty());
}

#[test]
fn validation_hears_the_resource() {
    let bench = Bench::new();
    let said = run(core_settle(&bench, "name: bad")).unwrap_err();
    assert_eq!(said, "Bad name: It must be good.");
}

async fn core_settle(bench: &Bench, config: &str) -> std::result::Result<Action, String> {
    let config = bench.config(config);
    bench
        .core()
        .apply_and_settle(&mut Instance::default(), &config, &config)
        .await
}

#[test]
fn a_wrong_answer_is_reported_where_it_is_made() {
    let bench = Bench::new();
    let wrong = StateAnswer {
        state: bench.config("name: b"),
        ..StateAnswer::default()
    };
    let planned = bench.config("name: a");
    let checked = super::self_check::apply(&bench.toy.schema(), &planned, wrong);
    let details: Vec<_> = checked
        .diagnostics
        .iter()
        .map(|found| found.detail.as_str())
        .collect();
    assert_eq!(details.len(), 1);
    assert!(
        details[0].starts_with("name was planned as String(\"a\")"),
        "{details:?}"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn any_configuration_settles(seed: u64) {
        let mut generator = Generator::new(seed);
        let bench = Bench::new();
        let core = bench.core();
        let mut instance = Instance::default();
        let mut config = generator.config(core.schema());
        for _ in 0..3 {
            let blurred = generator.blurred(core.schema(), &config);
            let action = run(core.apply_and_settle(&mut instance, &blurred, &config));
            proptest::prop_assert!(action.is_ok(), "{}\nconfig {config:?}", action.unwrap_err());
            config = generator.changed(core.schema(), &config);
        }
    }
}
