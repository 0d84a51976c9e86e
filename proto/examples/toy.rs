//! A whole provider in one file: what to write on top of this crate. Its resource keeps a thing nowhere but in the
//! state, and shows each kind of attribute that a declaration can say; a data source, an ephemeral resource and a
//! function follow.

use std::process::ExitCode;

use tfplugin_rs::model;
use tfplugin_rs::plugin::{self, Options, Service};
use tfplugin_rs::tf::{
    Attribute, Call, Configuration, DataSource, Diagnostics, EphemeralResource, Error, Field,
    Function, Opened, Plan, Provider, Registry, Resource, Result, Schema, Timeouts, Type, Value,
};

fn main() -> ExitCode {
    plugin::serve(
        Options::new("example/toy", env!("CARGO_PKG_VERSION")),
        Service::<Toy>::new,
    )
}

struct Toy;

impl Provider for Toy {
    type Context = ();

    const NAME: &'static str = "toy";

    fn schema() -> Schema {
        Schema {
            description: "Things that exist only in the state.".into(),
            ..Schema::default()
        }
    }

    async fn configure(_configuration: Configuration) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn registry() -> Registry<()> {
        Registry::new()
            .resource::<Thing>()
            .data_source::<Room>()
            .ephemeral_resource::<Key>()
            .function::<Shout>()
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
        /// What it hides; never stored.
        pub secret: Option<String> => write_only,
        /// How much it hides.
        pub secret_length: Option<i64> => computed keep,
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
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("example/other", "other_gadget")];
    const TIMEOUTS: Timeouts = Timeouts {
        create: Some(std::time::Duration::from_secs(60)),
        ..Timeouts::NONE
    };

    async fn adjust(_cx: &Call<()>, plan: &mut Plan) -> Result<()> {
        if plan.is_create()
            && let Some(name) = plan.planned.get("name").as_str().map(ToOwned::to_owned)
        {
            plan.set("address", format!("toy:{name}"));
        }
        Ok(())
    }

    async fn create(cx: &Call<()>, planned: Model) -> Result<Model> {
        cx.save_partial(&planned);
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
        Ok(Model {
            name: id.to_owned(),
            ..Model::default()
        })
    }
}

impl Thing {
    /// What an API would answer.
    fn filled(model: Model) -> Model {
        let secret_length = secret_length(&model);
        let access = model.access.unwrap_or_default();
        Model {
            address: Some(format!("toy:{}", model.name)),
            size: model.size.or(Some(3)),
            access: Some(Access {
                mode: access.mode.or(Some("open".into())),
                bootstrap: access.bootstrap.or(Some(true)),
            }),
            place: model.place.map(|place| Place {
                number: Some(7),
                ..place
            }),
            secret_length,
            made: vec![Made {
                by: Some("toy".into()),
            }],
            ..model
        }
    }
}

/// A new secret tells its length; when there is none to see, the known length stays.
fn secret_length(model: &Model) -> Option<i64> {
    let secret = model.secret.as_ref();
    secret
        .and_then(|secret| i64::try_from(secret.len()).ok())
        .or(model.secret_length)
        .or(Some(0))
}

model! {
    /// A room, which has a seat for each letter of its name.
    pub struct RoomModel {
        /// Its name.
        pub name: String,
        /// How many may sit down.
        pub seats: Option<i64> => computed,
    }
}

struct Room;

impl DataSource for Room {
    type Context = ();
    type Model = RoomModel;

    const NAME: &'static str = "room";
    const TITLE: &'static str = "room";

    async fn read(_cx: &Call<()>, config: RoomModel) -> Result<RoomModel> {
        let letters = config.name.chars().filter(|c| c.is_alphabetic()).count();
        Ok(RoomModel {
            seats: i64::try_from(letters).ok(),
            ..config
        })
    }
}

model! {
    /// Opens a door while Terraform runs.
    pub struct KeyModel {
        /// Which door.
        pub door: String,
        /// What to type in.
        pub code: Option<String> => computed sensitive,
    }
}

struct Key;

impl EphemeralResource for Key {
    type Context = ();
    type Model = KeyModel;

    const NAME: &'static str = "key";
    const TITLE: &'static str = "key";

    async fn open(_cx: &Call<()>, config: KeyModel) -> Result<Opened<KeyModel>> {
        let code = Some(format!("{}-1234", config.door));
        let private = config.door.clone().into_bytes();
        Ok(Opened {
            result: KeyModel { code, ..config },
            renew_at: None,
            private,
        })
    }
}

struct Shout;

impl Function for Shout {
    const NAME: &'static str = "shout";
    const SUMMARY: &'static str = "Says it louder.";
    const DESCRIPTION: &'static str = "Says all words at once, louder.";

    fn parameters() -> Vec<Attribute> {
        vec![String::attribute("text", "What to say.")]
    }

    fn variadic() -> Option<Attribute> {
        Some(String::attribute("more", "What else to say."))
    }

    fn returns() -> Type {
        Type::String
    }

    fn call(arguments: &[Value]) -> Result<Value, (String, Option<i64>)> {
        let mut said = String::new();
        for (place, word) in (0..).zip(arguments) {
            match word.as_str() {
                Some(word) if !word.is_empty() => said.push_str(&word.to_uppercase()),
                _ => return Err(("There is nothing to say.".into(), Some(place))),
            }
        }
        Ok(format!("{said}!").into())
    }
}
