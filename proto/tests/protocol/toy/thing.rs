//! A resource with blocks of every kind, whose steps go wrong as its `mishap` says.

use std::collections::BTreeSet;
use std::time::Duration;

use tfplugin_rs::model;
use tfplugin_rs::tf::{
    Call, Diagnostics, Error, Path, Plan, Resource, Result, Timeouts, Value, checks,
};

use super::Context;

model! {
    /// How the thing may be reached.
    pub struct Access {
        /// Who may.
        pub mode: Option<String> => optional_computed one_of(["open", "closed"]),
        /// Since when; told at creation only.
        pub bootstrap: Option<bool> => write_once,
    }
}

model! {
    /// Where the thing is.
    pub struct Place {
        /// Room.
        pub room: String => replace,
        /// Number that the house gives it.
        pub number: Option<i64> => computed keep,
    }
}

model! {
    /// What children must know.
    pub struct Rule {
        /// What is allowed.
        pub allow: String,
        /// How often.
        pub times: Option<i64> => default(1),
    }
}

model! {
    /// How it was made.
    pub struct Made {
        /// By whom.
        pub by: Option<String>,
        /// The maker's mark.
        pub mark: Option<String> => sensitive,
    }
}

model! {
    /// A thing.
    pub struct Model {
        /// Its name. Nobody else's.
        pub name: String => replace,
        /// Its address.
        pub address: Option<String> => computed keep,
        /// Counts changes.
        pub revision: Option<i64> => computed,
        /// Its size.
        pub size: Option<i64> => default(3) check(checks::within(1..=10)),
        /// Its old color.
        pub color: Option<String> => deprecated("Things are black."),
        /// What goes wrong.
        pub mishap: Option<String>,
        /// How it may be reached. Filled in when absent.
        pub access: Option<Access> => block optional_computed,
        /// Where it is.
        pub place: Option<Place> => block,
        /// What children must know.
        pub rule: BTreeSet<Rule> => block optional,
        /// How it was made.
        pub made: Vec<Made> => computed keep,
    }
}

pub struct Thing;

impl Resource for Thing {
    type Context = Context;
    type Model = Model;

    const NAME: &'static str = "thing";
    const TITLE: &'static str = "thing";
    const VERSION: i64 = 2;
    const IDENTITY: &'static [&'static str] = &["name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] = &[("example/other", "other_thing")];
    const TIMEOUTS: Timeouts = Timeouts {
        create: Some(Duration::from_secs(60)),
        ..Timeouts::NONE
    };

    fn check(config: &Value, found: &mut Diagnostics) {
        if config.get("color").as_str() == Some("red") && config.get("size").as_i64() == Some(10) {
            found.error(
                Path::parse("color"),
                "Too red",
                "Big things must not be red.",
            );
        }
    }

    async fn adjust(cx: &Call<Context>, plan: &mut Plan) -> Result<()> {
        if plan.is_destroy() {
            cx.world.note("planned a destroy");
            if plan.prior.get("mishap").as_str() == Some("protected") {
                return Err(Error::new("It is protected."));
            }
        } else if plan.is_create()
            && let Some(name) = plan.planned.get("name").as_str().map(ToOwned::to_owned)
        {
            plan.set("address", format!("toy:{name}"));
        }
        Ok(())
    }

    async fn create(cx: &Call<Context>, planned: Model) -> Result<Model> {
        cx.world.note(format!(
            "create {} for {}",
            planned.name,
            cx.timeout().as_secs()
        ));
        before(&planned)?;
        let made = filled(Model {
            revision: Some(1),
            ..planned
        });
        cx.world
            .things
            .lock()
            .unwrap()
            .insert(made.name.clone(), made.clone());
        cx.save_partial(&made);
        after(cx, &made).await?;
        Ok(made)
    }

    async fn read(cx: &Call<Context>, prior: Model) -> Result<Option<Model>> {
        if prior.mishap.as_deref() == Some("unreadable") {
            return Err(Error::new("The API is away."));
        }
        Ok(cx.world.things.lock().unwrap().get(&prior.name).cloned())
    }

    async fn update(cx: &Call<Context>, prior: Model, planned: Model) -> Result<Model> {
        cx.world.note(format!("update {}", planned.name));
        before(&planned)?;
        let revision = prior.revision.map(|revision| revision + 1);
        let changed = filled(Model {
            revision,
            ..planned
        });
        cx.world
            .things
            .lock()
            .unwrap()
            .insert(changed.name.clone(), changed.clone());
        after(cx, &changed).await?;
        Ok(changed)
    }

    async fn delete(cx: &Call<Context>, prior: Model) -> Result<()> {
        cx.world.note(format!("delete {}", prior.name));
        if prior.mishap.as_deref() == Some("stays") {
            return Err(Error::new("It does not go."));
        }
        cx.world.things.lock().unwrap().remove(&prior.name);
        Ok(())
    }

    fn import(id: &str) -> Result<Model> {
        if id.contains('/') {
            return Err(Error::new("The import id is the name of the thing."));
        }
        Ok(Model {
            name: id.to_owned(),
            ..Model::default()
        })
    }
}

/// What goes wrong before anything exists.
fn before(model: &Model) -> Result<()> {
    match model.mishap.as_deref() {
        Some("fails") => Err(Error::new("There is no wood.").at(Path::parse("size"))),
        Some("panics") => panic!("the maker fell over"),
        _ => Ok(()),
    }
}

/// What goes wrong once it exists.
async fn after(cx: &Call<Context>, model: &Model) -> Result<()> {
    match model.mishap.as_deref() {
        Some("fails late") => Err(Error::new("The paint does not dry.")),
        Some("panics late") => panic!("the maker fell asleep"),
        Some("warns") => {
            cx.warn("Wet paint", "Do not touch.");
            Ok(())
        }
        Some("waits") => tokio::select! {
            () = cx.world.wait() => {
                cx.world.note(format!("waited for {}", model.name));
                Ok(())
            }
            () = cx.stop().requested() => Err(Error::unfinished("The paint is still wet.")),
        },
        _ => Ok(()),
    }
}

/// What an API would answer.
fn filled(model: Model) -> Model {
    let access = model.access.unwrap_or_default();
    Model {
        address: Some(format!("toy:{}", model.name)),
        size: model.size.or(Some(3)),
        access: Some(Access {
            mode: access.mode.or(Some("open".into())),
            bootstrap: access.bootstrap,
        }),
        place: model.place.map(|place| Place {
            number: Some(7),
            ..place
        }),
        made: vec![Made {
            by: Some("hand".into()),
            mark: Some("x".into()),
        }],
        ..model
    }
}
