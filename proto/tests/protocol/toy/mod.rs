//! A provider that does everything the protocol has, in a world that tests can look into. It must not know what is
//! tested.

pub mod lamp;
pub mod readers;
pub mod thing;
pub mod vault;
pub mod world;

use std::sync::Arc;

use tfplugin_rs::model;
use tfplugin_rs::tf::{
    Attribute, Call, Configuration, Diagnostic, Diagnostics, Error, Model as _, Plan, Provider,
    Registry, Result, Schema, Value,
};

use self::world::World;

model! {
    /// Where and how toys are made.
    pub struct Settings {
        /// The world to work in.
        pub world: Option<String>,
        /// What the maker feels like.
        pub mood: Option<String> => one_of(["good", "bad"]),
        /// Asks for a good mood.
        pub quick: Option<bool>,
    }
}

model! {
    /// What a module says of itself.
    pub struct Meta {
        /// Its name.
        pub asked_by: Option<String>,
    }
}

/// What every call gets.
pub struct Context {
    pub world: Arc<World>,
    pub asked_by: String,
}

pub struct Toy;

impl Provider for Toy {
    type Context = Context;

    const NAME: &'static str = "toy";

    fn schema() -> Schema {
        Schema {
            description: "Toys.".into(),
            attributes: Settings::attributes(),
            ..Schema::default()
        }
    }

    fn meta() -> Option<Schema> {
        Some(Schema {
            attributes: Meta::attributes(),
            ..Schema::default()
        })
    }

    fn check(config: &Value, found: &mut Diagnostics) {
        if config.get("mood").as_str() == Some("bad") && config.get("quick").as_bool() == Some(true)
        {
            found.error(
                tfplugin_rs::tf::Path::parse("quick"),
                "Too quick",
                "A bad mood takes time.",
            );
        }
    }

    async fn configure(configuration: Configuration) -> Result<Context, Diagnostics> {
        let block = configuration.block;
        if block.get("mood").as_str() == Some("bad") {
            let path = tfplugin_rs::tf::Path::parse("mood");
            return Err(
                Diagnostic::error("Not today", "The maker is in a bad mood.")
                    .at(path)
                    .into(),
            );
        }
        let world = World::named(block.get("world").as_str().unwrap_or_default());
        world.note(format!("configured by {}", configuration.terraform_version));
        Ok(Context {
            world,
            asked_by: String::new(),
        })
    }

    fn with_meta(context: &Arc<Context>, meta: &Value) -> Arc<Context> {
        let asked_by = meta.get("asked_by").as_str().unwrap_or_default().to_owned();
        Arc::new(Context {
            world: context.world.clone(),
            asked_by,
        })
    }

    fn adjust(_cx: &Call<Context>, _attributes: &[Attribute], plan: &mut Plan) -> Result<()> {
        match plan.planned.get("name").as_str() {
            Some("forbidden") => Err(Error::new("That name is not given to toys.")
                .at(tfplugin_rs::tf::Path::parse("name"))),
            Some("panic at plan") => panic!("no plan for that"),
            _ => Ok(()),
        }
    }

    const IDENTITY: &'static [&'static str] = &["wing"];

    /// The wing stands after `@`; most things are in the east.
    fn start_import<'i>(
        _: &Context,
        attributes: &[Attribute],
        id: &'i str,
    ) -> (&'i str, Vec<(&'static str, Value)>) {
        if !attributes.iter().any(|attribute| attribute.name == "wing") {
            return (id, Vec::new());
        }
        let (id, wing) = id.split_once('@').unwrap_or((id, "e"));
        (id, vec![("wing", wing.into())])
    }

    fn registry() -> Registry<Context> {
        Registry::new()
            .resource::<thing::Thing>()
            .resource::<vault::Vault>()
            .resource::<lamp::Lamp>()
            .data_source::<readers::Thing>()
            .ephemeral_resource::<readers::Key>()
            .function::<readers::Shout>()
            .function::<readers::Join>()
    }
}
