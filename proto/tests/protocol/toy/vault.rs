//! A resource with nested attributes, a write-only value, JSON, and an identity of two parts.

use std::collections::BTreeMap;

use tfplugin_rs::model;
use tfplugin_rs::tf::{Call, Error, Resource, Result};

use super::Context;

model! {
    /// What keeps it closed.
    pub struct Lock {
        /// What it takes.
        pub opens_with: Option<String> => default("key"),
        /// Who made it.
        pub maker: Option<String> => computed keep,
    }
}

model! {
    /// Somebody who may open it.
    pub struct Holder {
        /// How often.
        pub times: Option<i64>,
        /// Their word.
        pub word: Option<String> => sensitive,
    }
}

model! {
    /// A vault.
    pub struct Model {
        /// The shelf it stands on.
        pub shelf: i64 => replace,
        /// Its name on the shelf.
        pub name: String => replace,
        /// What opens it; never stored.
        pub password: Option<String> => write_only,
        /// Another number means another password.
        pub password_version: Option<i64>,
        /// How long the password is.
        pub strength: Option<i64> => computed sensitive,
        /// Who may do what.
        pub policy: Option<String> => json,
        /// What keeps it closed.
        pub lock: Option<Lock>,
        /// Who may open it.
        pub holders: Option<BTreeMap<String, Holder>>,
        /// As long as anybody likes.
        pub note: Option<String>,
    }
}

pub struct Vault;

impl Resource for Vault {
    type Context = Context;
    type Model = Model;

    const NAME: &'static str = "vault";
    const TITLE: &'static str = "vault";
    const IDENTITY: &'static [&'static str] = &["shelf", "name"];

    async fn create(cx: &Call<Context>, planned: Model) -> Result<Model> {
        Ok(kept(cx, planned, None))
    }

    async fn read(cx: &Call<Context>, prior: Model) -> Result<Option<Model>> {
        Ok(cx.world.vaults.lock().unwrap().get(&prior.name).cloned())
    }

    async fn update(cx: &Call<Context>, prior: Model, planned: Model) -> Result<Model> {
        Ok(kept(cx, planned, prior.strength))
    }

    async fn delete(cx: &Call<Context>, prior: Model) -> Result<()> {
        cx.world.vaults.lock().unwrap().remove(&prior.name);
        Ok(())
    }

    fn import(id: &str) -> Result<Model> {
        let parts = id.split_once('/');
        let parts = parts.and_then(|(shelf, name)| Some((shelf.parse().ok()?, name.to_owned())));
        let (shelf, name) = parts.ok_or_else(|| Error::new("The import id is shelf/name."))?;
        Ok(Model {
            shelf,
            name,
            ..Model::default()
        })
    }
}

/// What an API would keep of it. It answers JSON in a spelling of its own.
fn kept(cx: &Call<Context>, model: Model, strength: Option<i64>) -> Model {
    let password = model
        .password
        .as_ref()
        .and_then(|password| i64::try_from(password.len()).ok());
    let lock = model.lock.map(|lock| Lock {
        maker: Some("smith".into()),
        ..lock
    });
    let kept = Model {
        strength: password.or(strength),
        lock,
        ..model
    };
    let policy = kept.policy.as_ref().map(|policy| policy.replace(' ', ""));
    let answered = Model { policy, ..kept };
    cx.world
        .vaults
        .lock()
        .unwrap()
        .insert(answered.name.clone(), answered.clone());
    answered
}
