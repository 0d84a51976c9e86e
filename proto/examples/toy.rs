//! A whole provider in one file: what to write on top of this crate. Its one resource keeps a thing nowhere but in
//! the state, and shows each kind of attribute that a declaration can say.

use std::process::ExitCode;

use tfplugin_rs::model;
use tfplugin_rs::plugin::{self, Options, Service};
use tfplugin_rs::tf::{
    Call, Configuration, Diagnostics, Error, Plan, Provider, Registry, Resource, Result, Schema,
    Timeouts,
};

fn main() -> ExitCode {
    plugin::serve(Options::new("example/toy", env!("CARGO_PKG_VERSION")), Service::<Toy>::new)
}

struct Toy;

impl Provider for Toy {
    type Context = ();

    const NAME: &'static str = "toy";

    fn schema() -> Schema {
        Schema { description: "Things that exist only in the state.".into(), ..Schema::default() }
    }

    async fn configure(_configuration: Configuration) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn registry() -> Registry<()> {
        Registry::new().resource::<Thing>()
    }
}

model! {
    /// How the thing may be reached.
    pub struct Access {
        /// Who may.
        pub mode: Option<String> => optional_computed one_of(["open", "closed"]),
        /// Since when; only told at creation.
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
    /// Something that is made.
    pub struct Made {
        /// By whom.
        pub by: Option<String>,
    }
}

model! {
    /// A thing.
    pub struct Model {
        /// Its name.
        pub name: String => replace,
        /// Its address.
        pub address: Option<String> => computed keep,
        /// Its size.
        pub size: Option<i64> => default(3),
        /// How it may be reached. Filled in when absent.
        pub access: Option<Access> => block optional_computed,
        /// Where it is.
        pub place: Option<Place> => block,
        /// How it was made.
        pub made: Vec<Made> => computed keep,
    }
}

struct Thing;

impl Resource for Thing {
    type Context = ();
    type Model = Model;

    const NAME: &'static str = "thing";
    const TITLE: &'static str = "thing";
    const IDENTITY: &'static [&'static str] = &["name"];
    const TIMEOUTS: Timeouts =
        Timeouts { create: Some(std::time::Duration::from_secs(60)), ..Timeouts::NONE };

    async fn adjust(_cx: &Call<()>, plan: &mut Plan) -> Result<()> {
        if plan.is_create()
            && let Some(name) = plan.planned.get("name").as_str().map(ToOwned::to_owned)
        {
            plan.set("address", format!("toy:{name}"));
        }
        Ok(())
    }

    async fn create(cx: &Call<()>, planned: Model) -> Result<Model> {
        cx.exists(&planned);
        Ok(Self::filled(planned))
    }

    async fn read(_cx: &Call<()>, prior: Model) -> Result<Option<Model>> {
        Ok(Some(Self::filled(prior)))
    }

    async fn update(_cx: &Call<()>, _prior: Model, planned: Model) -> Result<Model> {
        Ok(Self::filled(planned))
    }

    async fn delete(_cx: &Call<()>, _prior: Model) -> Result<()> {
        Ok(())
    }

    fn import(id: &str) -> Result<Model> {
        if id.is_empty() {
            return Err(Error::new("The import id is the name of the thing."));
        }
        Ok(Model { name: id.to_owned(), ..Model::default() })
    }
}

impl Thing {
    /// What an API would answer.
    fn filled(model: Model) -> Model {
        let access = model.access.unwrap_or_default();
        Model {
            address: Some(format!("toy:{}", model.name)),
            size: model.size.or(Some(3)),
            access: Some(Access {
                mode: access.mode.or(Some("open".into())),
                bootstrap: access.bootstrap.or(Some(true)),
            }),
            place: model.place.map(|place| Place { number: Some(7), ..place }),
            made: vec![Made { by: Some("toy".into()) }],
            ..model
        }
    }
}
