//! A resource over an API of one object, driven by a Terraform in miniature. [`Toy`] misbehaves on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Managed, ManagedResource, StateAnswer};
use crate::model;
use crate::tf::core_rules::{Action, FakeCore, Generator, Instance};
use crate::tf::notation::{read, write};
use crate::tf::{
    Call, Diagnostics, Error, MoveSource, Plan, Resource, Result, Severity, Timeouts, Value,
};

model! {
    /// A thing.
    struct Thing {
        /// Names it.
        pub name: String => replace,
        /// How many.
        pub size: Option<i64> => default(3_i64),
        /// A document.
        pub policy: Option<String> => json,
        /// Rules.
        pub rule: BTreeSet<Rule> => block,
        /// Access.
        pub access: Option<Access> => block optional_computed,
        /// Labels.
        pub tags: Option<BTreeMap<String, String>>,
        /// Never stored.
        pub password: Option<String> => write_only,
        /// Counts at creation.
        pub bootstrap: Option<bool> => default(true) write_once,
        /// Address.
        pub arn: Option<String> => computed keep,
        /// What is going on; nothing once it is there.
        pub status: Option<String> => computed usual(Value::Null) unfinished(["MAKING"]),
        /// How often it was changed.
        pub revision: Option<i64> => computed,
    }
}

model! {
    /// A rule.
    struct Rule {
        /// Port.
        pub port: i64,
        /// Text.
        pub note: Option<String>,
        /// Given by the API.
        pub id: Option<String> => computed keep,
    }
}

model! {
    /// Access.
    struct Access {
        /// The API has an opinion.
        pub mode: Option<String> => optional_computed,
        /// Has a default.
        pub public: Option<bool> => default(false),
    }
}

/// What the API holds, how it misbehaves, and what it was asked.
#[derive(Default)]
struct Api {
    thing: Mutex<Option<Thing>>,
    calls: Mutex<Vec<String>>,
    mood: Mutex<Mood>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Mood {
    #[default]
    Fine,
    /// Fails before anything happened.
    Refuses,
    /// Fails after the object is there, or half of the change is made.
    FailsLate,
    /// As `FailsLate`, and then does not know the object.
    Forgets,
    /// As `FailsLate`, and cannot be asked any more.
    FailsLateAndIsDown,
    /// Terraform asks to stop after the object is there.
    IsInterrupted,
    /// The time is over, or the credentials are, while the object is being made.
    IsSlow,
    PanicsLate,
    /// Makes something else than it was asked for.
    IsWilful,
}

impl Api {
    fn call(&self, text: impl Into<String>) -> Mood {
        self.calls.lock().unwrap().push(text.into());
        *self.mood.lock().unwrap()
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn calls(&self) -> String {
        std::mem::take(&mut *self.calls.lock().unwrap()).join(" ")
    }

    fn stored(&self) -> Option<Thing> {
        self.thing.lock().unwrap().clone()
    }

    fn store(&self, planned: &Thing) -> Thing {
        let mut stored = self.thing.lock().unwrap();
        let revision = stored
            .as_ref()
            .and_then(|thing| thing.revision)
            .unwrap_or_default();
        let thing = as_stored(planned.clone(), revision + 1);
        *stored = Some(thing.clone());
        thing
    }
}

/// APIs drop, default and reformat.
fn as_stored(mut thing: Thing, revision: i64) -> Thing {
    thing.policy = thing.policy.map(|policy| {
        let policy: serde_json::Value = serde_json::from_str(&policy).unwrap();
        policy.to_string()
    });
    thing.tags = Some(thing.tags.unwrap_or_default());
    thing.rule = std::mem::take(&mut thing.rule)
        .into_iter()
        .map(|rule| Rule {
            id: Some(format!("r-{}", rule.port)),
            note: Some(rule.note.unwrap_or_default()),
            ..rule
        })
        .collect();
    let access = thing.access.unwrap_or_default();
    thing.access = Some(Access {
        mode: access.mode.or(Some("auto".into())),
        public: access.public.or(Some(false)),
    });
    thing.bootstrap = None;
    thing.arn = Some(format!("arn/{}", thing.name));
    thing.status = None;
    thing.revision = Some(revision);
    thing
}

struct Toy;

impl Toy {
    fn late(cx: &Call<Api>, mood: Mood, thing: &Thing) -> Result<()> {
        match mood {
            Mood::FailsLate => Err(Error::new("It broke.")),
            Mood::FailsLateAndIsDown => Err(Error::new("It broke.")),
            Mood::Forgets => {
                *cx.thing.lock().unwrap() = None;
                Err(Error::new("It broke."))
            }
            Mood::IsInterrupted => {
                cx.stop().request();
                Err(Error::unfinished("Stopped waiting."))
            }
            Mood::IsSlow => Err(Error::unfinished("Not done after 1 minute.")),
            Mood::PanicsLate => panic!("oh no, {}", thing.name),
            _ => Ok(()),
        }
    }
}

impl Resource for Toy {
    type Context = Api;
    type Model = Thing;

    const NAME: &'static str = "toy";
    const TITLE: &'static str = "toy";
    const TIMEOUTS: Timeouts = Timeouts {
        create: Some(Duration::from_secs(60)),
        delete: Some(Duration::from_secs(60)),
        ..Timeouts::NONE
    };
    const IDENTITY: &'static [&'static str] = &["name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] = &[("other/toys", "other_toy")];

    fn check(config: &Value, found: &mut Diagnostics) {
        if config.get("name").as_str() == Some("bad") {
            found.error("name", "Bad name", "It must be good.");
        }
    }

    async fn adjust(_: &Call<Api>, plan: &mut Plan) -> Result<()> {
        if let Some(name) = plan.planned.get("name").as_str() {
            plan.set("arn", format!("arn/{name}"));
        }
        Ok(())
    }

    async fn create(cx: &Call<Api>, planned: Thing) -> Result<Thing> {
        let (seconds, password) = (cx.timeout().as_secs(), planned.password.clone());
        let mood = cx.call(format!(
            "create({seconds}s, {})",
            password.unwrap_or_default()
        ));
        if mood == Mood::Refuses {
            return Err(Error::new("No.").at("name"));
        }
        let mut thing = cx.store(&planned);
        if mood == Mood::IsSlow {
            thing.status = Some("MAKING".into());
            thing.revision = None;
            *cx.thing.lock().unwrap() = Some(thing.clone());
        }
        cx.exists(&thing);
        Self::late(cx, mood, &thing)?;
        let size = if mood == Mood::IsWilful {
            Some(99)
        } else {
            thing.size
        };
        Ok(Thing { size, ..thing })
    }

    async fn read(cx: &Call<Api>, prior: Thing) -> Result<Option<Thing>> {
        match cx.call("read") {
            Mood::FailsLateAndIsDown | Mood::Refuses => Err(Error::new("Down.")),
            _ => Ok(cx.stored().filter(|thing| thing.name == prior.name)),
        }
    }

    async fn update(cx: &Call<Api>, prior: Thing, planned: Thing) -> Result<Thing> {
        let mood = cx.call("update");
        if mood == Mood::Refuses {
            return Err(Error::new("No."));
        }
        if mood != Mood::Fine {
            let size = planned.size;
            cx.exists(&cx.store(&Thing { size, ..prior }));
            Self::late(cx, mood, &planned)?;
        }
        Ok(cx.store(&planned))
    }

    async fn delete(cx: &Call<Api>, _: Thing) -> Result<()> {
        let seconds = cx.timeout().as_secs();
        if cx.call(format!("delete({seconds}s)")) == Mood::Refuses {
            return Err(Error::new("It is protected."));
        }
        *cx.thing.lock().unwrap() = None;
        Ok(())
    }

    fn import(id: &str) -> Result<Thing> {
        if id.is_empty() {
            return Err(Error::new("The id must be a name."));
        }
        Ok(Thing {
            name: id.to_owned(),
            ..Thing::default()
        })
    }
}

/// A toy, its API, and the Terraform that manages it.
struct Bench {
    toy: Managed<Toy>,
    api: Arc<Api>,
    instance: Instance,
}

impl Bench {
    fn new() -> Self {
        Self {
            toy: Managed::default(),
            api: Arc::default(),
            instance: Instance::default(),
        }
    }

    fn made(config: &str) -> Self {
        let mut bench = Self::new();
        bench.settle(config).unwrap();
        bench.api.calls();
        bench
    }

    fn core(&self) -> FakeCore<'_, Api> {
        FakeCore::new(&self.toy, self.api.clone())
    }

    fn config(&self, text: &str) -> Value {
        read(&self.toy.schema().attributes, text)
    }

    fn state(&self) -> String {
        let state = write(&self.toy.schema().attributes, &self.instance.state);
        if self.instance.tainted {
            format!("{state} (tainted)")
        } else {
            state
        }
    }

    /// Applies, and expects that nothing is left to do.
    fn settle(&mut self, config: &str) -> std::result::Result<Action, String> {
        let (config, mut instance) = (self.config(config), self.instance.clone());
        let action = run(self
            .core()
            .apply_and_settle(&mut instance, &config, &config));
        self.instance = instance;
        action
    }

    /// Applies, and gives what Terraform would say.
    fn apply(&mut self, config: &str) -> String {
        let (config, mut instance) = (self.config(config), self.instance.clone());
        let core = self.core();
        let outcome = run(async {
            let plan = core.plan(&instance, &config).await?;
            core.apply(&mut instance, plan, &config).await
        });
        drop(core);
        self.instance = instance;
        match outcome {
            Ok(found) => {
                let messages = found.iter().map(|found| {
                    assert_eq!(found.severity, Severity::Warning);
                    format!("Warning: {}: {}", found.summary, found.detail)
                });
                messages.collect::<Vec<_>>().join("\n")
            }
            Err(error) => error,
        }
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

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
