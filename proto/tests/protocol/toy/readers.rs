//! What is only read: a data source, an ephemeral resource, and two functions.

use std::time::{Duration, UNIX_EPOCH};

use tfplugin_rs::model;
use tfplugin_rs::tf::{
    Attribute, Call, DataSource, EphemeralResource, Error, Field, Function, Opened, Path, Result,
    Type, Value,
};

use super::Context;

model! {
    /// A thing that exists.
    pub struct Found {
        /// Its name.
        pub name: String,
        /// How long to look.
        pub patience: Option<i64> => default(5),
        /// Its size.
        pub size: Option<i64> => computed,
        /// The module that asked.
        pub asked_by: Option<String> => computed,
    }
}

pub struct Thing;

impl DataSource for Thing {
    type Context = Context;
    type Model = Found;

    const NAME: &'static str = "thing";
    const TITLE: &'static str = "thing";

    async fn read(cx: &Call<Context>, config: Found) -> Result<Found> {
        cx.warn("Looked", format!("for {:?}", config.patience));
        let things = cx.world.things.lock().unwrap();
        let thing = things.get(&config.name);
        let missing =
            || Error::new(format!("There is no {:?}.", config.name)).at(Path::parse("name"));
        let size = thing.ok_or_else(missing)?.size;
        Ok(Found {
            size,
            asked_by: Some(cx.asked_by.clone()),
            ..config
        })
    }
}

model! {
    /// Opens a thing for a while.
    pub struct KeyModel {
        /// The thing.
        pub name: String,
        /// What opens it.
        pub token: Option<String> => computed sensitive,
    }
}

pub struct Key;

impl EphemeralResource for Key {
    type Context = Context;
    type Model = KeyModel;

    const NAME: &'static str = "key";
    const TITLE: &'static str = "key";

    async fn open(cx: &Call<Context>, config: KeyModel) -> Result<Opened<KeyModel>> {
        if config.name == "nothing" {
            return Err(Error::new("It has no lock.").at(Path::parse("name")));
        }
        cx.world.note(format!("opened {}", config.name));
        let private = config.name.clone().into_bytes();
        let renew_at = Some(UNIX_EPOCH + Duration::new(1_000, 500));
        let result = KeyModel {
            token: Some(format!("token of {}", config.name)),
            ..config
        };
        Ok(Opened {
            result,
            renew_at,
            private,
        })
    }

    async fn renew(cx: &Call<Context>, private: &[u8]) -> Result<Option<std::time::SystemTime>> {
        if private == b"short" {
            return Err(Error::new("It is over."));
        }
        cx.world
            .note(format!("renewed {}", String::from_utf8_lossy(private)));
        Ok(Some(UNIX_EPOCH + Duration::from_secs(2_000)))
    }

    async fn close(cx: &Call<Context>, private: &[u8]) -> Result<()> {
        cx.world
            .note(format!("closed {}", String::from_utf8_lossy(private)));
        Ok(())
    }
}

pub struct Shout;

impl Function for Shout {
    const NAME: &'static str = "shout";
    const SUMMARY: &'static str = "Says it louder.";
    const DESCRIPTION: &'static str = "Says it **louder**.";

    fn parameters() -> Vec<Attribute> {
        vec![
            String::attribute("text", "What to say."),
            <Option<i64>>::attribute("marks", "How many exclamation marks."),
        ]
    }

    fn returns() -> Type {
        Type::String
    }

    fn call(arguments: &[Value]) -> Result<Value, (String, Option<i64>)> {
        let text = arguments[0].as_str().unwrap_or_default();
        match text {
            "" => Err(("There is nothing to say.".into(), Some(0))),
            "panic" => panic!("too loud"),
            _ => {
                let marks = usize::try_from(arguments[1].as_i64().unwrap_or(1)).unwrap_or(0);
                Ok(format!("{}{}", text.to_uppercase(), "!".repeat(marks)).into())
            }
        }
    }
}

pub struct Join;

impl Function for Join {
    const NAME: &'static str = "join";
    const SUMMARY: &'static str = "Puts numbers together.";
    const DESCRIPTION: &'static str = "Puts numbers together.";

    fn parameters() -> Vec<Attribute> {
        vec![String::attribute("separator", "What stands between.")]
    }

    fn variadic() -> Option<Attribute> {
        Some(i64::attribute("numbers", "What to put together."))
    }

    fn returns() -> Type {
        Type::list(Type::String)
    }

    fn call(arguments: &[Value]) -> Result<Value, (String, Option<i64>)> {
        let separator = arguments[0].as_str().unwrap_or_default();
        let number = |value: &Value| value.as_i64().map(|number| format!("{separator}{number}"));
        Ok(Value::list(arguments[1..].iter().filter_map(number)))
    }
}
