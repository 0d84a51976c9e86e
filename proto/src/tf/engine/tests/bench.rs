//! A resource over an API of one object, driven by a Terraform in miniature. [`Toy`] misbehaves on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::model;
use crate::tf::core_rules::{Action, FakeCore, Instance};
use crate::tf::engine::{Managed, ManagedResource};
use crate::tf::notation::{read, write};
use crate::tf::{Call, Diagnostics, Error, Plan, Resource, Result, Severity, Timeouts, Value};

model! {
    /// A thing.
    pub struct Thing {
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
        /// Counts with other changes.
        pub force: Option<bool> => optional companion,
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
    pub struct Rule {
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
    pub struct Access {
        /// The API has an opinion.
        pub mode: Option<String> => optional_computed,
        /// Has a default.
        pub public: Option<bool> => default(false),
    }
}

/// What the API holds, how it misbehaves, and what it was asked.
#[derive(Default)]
pub struct Api {
    pub thing: Mutex<Option<Thing>>,
    pub calls: Mutex<Vec<String>>,
    pub mood: Mutex<Mood>,
    /// What plans remember: the size after each update.
    pub sizes: Mutex<Vec<i64>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Mood {
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
    pub fn call(&self, text: impl Into<String>) -> Mood {
        self.calls.lock().unwrap().push(text.into());
        *self.mood.lock().unwrap()
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn calls(&self) -> String {
        std::mem::take(&mut *self.calls.lock().unwrap()).join(" ")
    }

    pub fn stored(&self) -> Option<Thing> {
        self.thing.lock().unwrap().clone()
    }

    pub fn store(&self, planned: &Thing) -> Thing {
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
    thing.force = None;
    thing.arn = Some(format!("arn/{}", thing.name));
    thing.status = None;
    thing.revision = Some(revision);
    thing
}

pub struct Toy;

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

    fn carry_over(state: &mut serde_json::Map<String, serde_json::Value>) {
        if let Some(size) = state.remove("length") {
            state.insert("size".into(), size);
        }
    }

    fn check(config: &Value, found: &mut Diagnostics) {
        if config.get("name").as_str() == Some("bad") {
            found.error("name", "Bad name", "It must be good.");
        }
    }

    async fn adjust(cx: &Call<Api>, plan: &mut Plan) -> Result<()> {
        if let Some(sizes) = cx.remembered::<Vec<i64>>() {
            *cx.sizes.lock().unwrap() = sizes;
        }
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
        cx.save_partial(&thing);
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
        let mut sizes: Vec<i64> = cx.remembered().unwrap_or_default();
        sizes.extend(planned.size);
        cx.remember(&sizes);
        if mood == Mood::Refuses {
            return Err(Error::new("No."));
        }
        if mood != Mood::Fine {
            let size = planned.size;
            cx.save_partial(&cx.store(&Thing { size, ..prior }));
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
pub struct Bench {
    pub toy: Managed<Toy>,
    pub api: Arc<Api>,
    pub instance: Instance,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            toy: Managed::default(),
            api: Arc::default(),
            instance: Instance::default(),
        }
    }

    pub fn made(config: &str) -> Self {
        let mut bench = Self::new();
        bench.settle(config).unwrap();
        bench.api.calls();
        bench
    }

    pub fn core(&self) -> FakeCore<'_, Api> {
        FakeCore::new(&self.toy, self.api.clone())
    }

    pub fn config(&self, text: &str) -> Value {
        read(&self.toy.schema().attributes, text)
    }

    pub fn state(&self) -> String {
        let state = write(&self.toy.schema().attributes, &self.instance.state);
        if self.instance.tainted {
            format!("{state} (tainted)")
        } else {
            state
        }
    }

    /// Applies, and expects that nothing is left to do.
    pub fn settle(&mut self, config: &str) -> std::result::Result<Action, String> {
        let (config, mut instance) = (self.config(config), self.instance.clone());
        let action = run(self
            .core()
            .apply_and_settle(&mut instance, &config, &config));
        self.instance = instance;
        action
    }

    /// Applies, and gives what Terraform would say.
    pub fn apply(&mut self, config: &str) -> String {
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

pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}
