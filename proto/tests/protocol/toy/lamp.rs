//! A resource that stands somewhere: the provider says where if nobody else does, and that is part of what it is.

use tfplugin_rs::model;
use tfplugin_rs::tf::{Call, Resource, Result, Value};

use super::Context;

model! {
    /// A lamp.
    pub struct Model {
        /// Its name in the wing.
        pub name: String => replace,
        /// Wing of the house. One letter.
        pub wing: Option<String> => optional_computed replace check(letter),
    }
}

pub struct Lamp;

impl Resource for Lamp {
    type Context = Context;
    type Model = Model;

    const NAME: &'static str = "lamp";
    const TITLE: &'static str = "lamp";
    const IDENTITY: &'static [&'static str] = &["name"];

    async fn create(_: &Call<Context>, planned: Model) -> Result<Model> {
        Ok(planned)
    }

    async fn read(_: &Call<Context>, prior: Model) -> Result<Option<Model>> {
        Ok(Some(prior))
    }

    async fn update(_: &Call<Context>, _: Model, planned: Model) -> Result<Model> {
        Ok(planned)
    }

    async fn delete(_: &Call<Context>, _: Model) -> Result<()> {
        Ok(())
    }

    fn import(id: &str) -> Result<Model> {
        Ok(Model {
            name: id.to_owned(),
            ..Model::default()
        })
    }
}

fn letter(value: &Value) -> Result<(), String> {
    match value.as_str().is_some_and(|text| text.len() == 1) {
        true => Ok(()),
        false => Err("must be one letter".to_owned()),
    }
}
