//! The life of an object: when to send the requests of its kind, what to send again, how long to wait, and what to leave in
//! the state.

use std::marker::PhantomData;

use tfplugin_rs::tf::{self, Attribute, Diagnostics, Mode, Model, Plan, Resource, Timeouts, Value};

use super::compare::{REGION, differs, refuse_another};
use super::creating::ask_for;
use super::waiting::{Goal, turn, until_deleted, until_reached};
use super::{Call, ContextOf, Kind, Parent, Tagging};
use crate::api::creation::Made;
use crate::api::{Client, Error, retry};

/// A kind of object, as Terraform manages it.
pub struct Managed<K>(PhantomData<fn() -> K>);

impl<K: Kind> Resource for Managed<K> {
    type Context = ContextOf<K>;
    type Model = K::Model;

    const NAME: &'static str = K::NAME;
    const TITLE: &'static str = K::TITLE;
    const TIMEOUTS: Timeouts = K::TIMEOUTS;
    const IDENTITY: &'static [&'static str] = K::IDENTITY;
    const HAS_SHARED_IDENTITY: bool = !K::IS_GLOBAL;
    // Identities of global objects had a region at first.
    const IDENTITY_VERSION: i64 = K::IS_GLOBAL as i64;
    const MOVES_FROM: &'static [(&'static str, &'static str)] = K::MOVES_FROM;

    fn carry_over(state: &mut serde_json::Map<String, serde_json::Value>) {
        K::carry_over(state);
    }

    fn check(config: &Value, found: &mut Diagnostics) {
        K::check(config, found);
    }

    async fn adjust(cx: &Call<K>, plan: &mut Plan) -> tf::Result<()> {
        follow_parent::<K>(cx, plan);
        stay_in_region::<K>(plan);
        let adjusted = K::adjust(cx, plan).await;
        plan_id::<K>(plan);
        adjusted
    }

    async fn create(cx: &Call<K>, planned: K::Model) -> tf::Result<K::Model> {
        let turn = turn::<K>(cx, &planned).await?;
        let cx = turn.as_deref().unwrap_or(cx);
        let client = client::<K>(cx, &planned).await?;
        let planned = K::resolve(cx, planned).await?;
        let accepted = match ask_for::<K>(cx, &client, &planned).await? {
            Made::New(accepted) => accepted,
            // It may differ from the plan in anything. As long as it does, it is not ours: were it left in the state
            // when this fails, Terraform would taint it, and delete what it has not made.
            Made::Found(found) => {
                let found = K::into_model(cx, found, &planned);
                refuse_another::<K>(&found, &planned)?;
                return Self::update(cx, found, planned).await;
            }
        };
        finish::<K>(cx, &client, accepted, planned).await
    }

    async fn read(cx: &Call<K>, prior: K::Model) -> tf::Result<Option<K::Model>> {
        let client = client::<K>(cx, &prior).await?;
        let Some(found) = K::find(&client, &prior).await? else {
            return Ok(None);
        };
        Ok(Some(K::read_full(cx, &client, found.object, &prior).await?))
    }

    async fn update(cx: &Call<K>, prior: K::Model, planned: K::Model) -> tf::Result<K::Model> {
        let client = client::<K>(cx, &prior).await?;
        let planned = K::resolve(cx, planned).await?;
        let place = K::place(&prior);
        // A creation that was cut short is resumed here, and has to end as one that was not.
        let is_going = |status| K::STATES.making.contains(&status);
        if place.status.is_some_and(is_going) {
            until_reached::<K>(cx, &client, Goal::Made, (&prior, &planned)).await?;
        }
        if let (Some(prior), Some(planned)) = (place.tags, K::place(&planned).tags) {
            let target = prior.target;
            K::Tagging::update(cx, &client, target, prior.tags, planned.tags).await?;
        }
        if K::COMPARES || differs(&prior, &planned)? {
            let request = || async {
                let answer = K::change(cx, &client, &prior, &planned).await;
                K::Parent::judge(&client, place.key.parent, answer).await
            };
            retry(cx, K::CHANGED_AFTER, request).await?;
        }
        // What a look asks for can depend on what is planned, and under which names on what is there.
        let known = named_as::<K>(planned.clone(), &prior)?;
        let goal = match K::LOOKS_LAG {
            true => Goal::AsPlanned,
            false => Goal::Settled,
        };
        let changed = until_reached::<K>(cx, &client, goal, (&known, &planned)).await?;
        Ok(K::read_full(cx, &client, changed, &planned).await?)
    }

    async fn delete(cx: &Call<K>, prior: K::Model) -> tf::Result<()> {
        let turn = turn::<K>(cx, &prior).await?;
        let cx = turn.as_deref().unwrap_or(cx);
        let client = client::<K>(cx, &prior).await?;
        let parent = K::place(&prior).key.parent;
        let request = || async {
            let answer = K::delete(cx, &client, &prior).await;
            K::Parent::judge_deletion(&client, parent, answer).await
        };
        match retry(cx, K::DELETED_AFTER, request).await {
            Err(error) if error.is_not_found() => return Ok(()),
            answer => answer?,
        }
        if !K::STATES.is_none() {
            until_deleted::<K>(cx, &client, &prior).await?;
        }
        Ok(())
    }

    fn import(id: &str) -> tf::Result<K::Model> {
        K::import(id)
    }
}

async fn client<K: Kind>(cx: &Call<K>, model: &K::Model) -> tf::Result<K::Client> {
    K::Client::of(cx, K::place(model).region).await
}

/// Waits until what was accepted is made, and makes what belongs to it.
async fn finish<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    accepted: K::Object,
    planned: K::Model,
) -> tf::Result<K::Model> {
    let begun = K::into_model(cx, accepted.clone(), &planned);
    cx.save_partial(&begun);
    let parent = K::place(&begun).key.parent;
    K::Parent::until_begun(cx, client, parent, &accepted).await?;
    let made = match K::STATES.is_none() {
        true => accepted,
        false => until_reached::<K>(cx, client, Goal::Made, (&begun, &planned)).await?,
    };
    let planned = named_as::<K>(planned, &begun)?;
    let planned = K::furnish(cx, client, &made, planned).await?;
    let made = match K::LOOKS_LAG {
        true => until_reached::<K>(cx, client, Goal::AsPlanned, (&planned, &planned)).await?,
        false => made,
    };
    // That it cannot be read as a whole is no failure of its creation.
    let full = K::read_full(cx, client, made, &planned).await;
    Ok(full.map_err(Error::unfinished)?)
}

/// The plan with the names that the object got, some of which the API may have chosen.
fn named_as<K: Kind>(planned: K::Model, begun: &K::Model) -> tf::Result<K::Model> {
    let (planned, begun) = (tf::to_value(&planned)?, tf::to_value(begun)?);
    let Value::Object(mut members) = planned else {
        return Err(tf::Error::new(
            "This is a bug of the provider: a model is no object.",
        ));
    };
    let names = K::IDENTITY.iter().map(|name| (*name, begun.get(name)));
    for (name, value) in names.filter(|(_, value)| !value.is_null()) {
        members.insert(name.to_owned(), value.clone());
    }
    Ok(tf::from_value(&Value::Object(members))?)
}

/// What belongs to a parent that is replaced has nothing left afterwards, and stands in the way of the old one's deletion. So
/// it is replaced, too.
fn follow_parent<K: Kind>(cx: &Call<K>, plan: &mut Plan) {
    if !plan.is_update() || !K::Parent::is_replaced(cx, &plan.planned) {
        return;
    }
    let is_own = |it: &Attribute| {
        let is_name = it.name == "id" || K::IDENTITY.contains(&it.name.as_str());
        it.mode == Mode::Computed && !is_name
    };
    if let Some(own) = K::Model::attributes().into_iter().find(is_own) {
        plan.force_replacement(&own.name);
    }
}

/// What is in a region cannot move to another. A state that names none is no reason for a new object: that it says nothing
/// does not mean that the object is elsewhere.
fn stay_in_region<K: Kind>(plan: &mut Plan) {
    if K::IS_GLOBAL || !plan.is_update() || plan.prior.find(REGION).is_null() {
        return;
    }
    if plan.changes(REGION) {
        plan.require_replace(REGION);
    }
}

/// The `id` of a new object is known as soon as all its names are. Where the API makes one up, that is after the creation.
fn plan_id<K: Kind>(plan: &mut Plan) {
    let names = K::IDENTITY.iter();
    let names = names.map(|name| plan.planned.get(name).as_str());
    let names: Option<Vec<_>> = names.collect();
    let has_id = K::Model::attributes().iter().any(|it| it.name == "id");
    if let Some(names) = names.filter(|_| plan.is_create() && has_id) {
        let id = names.join(&K::SEPARATOR.to_string());
        plan.set("id", id);
    }
}

/// The model that an import id means: one with the names of the kind, each of which has to pass its checks.
pub(super) fn import<K: Kind>(id: &str) -> tf::Result<K::Model> {
    let names: Vec<_> = id.splitn(K::IDENTITY.len(), K::SEPARATOR).collect();
    let is_whole = names.len() == K::IDENTITY.len() && names.iter().all(|name| !name.is_empty());
    if !is_whole {
        let form = K::IDENTITY.join(&K::SEPARATOR.to_string());
        return Err(tf::Error::new(format!(
            "The id has the form {form}, got {id:?}."
        )));
    }
    let attributes = K::Model::attributes();
    for (name, value) in K::IDENTITY.iter().zip(&names) {
        let attribute = attributes.iter().find(|it| it.name == *name);
        let checks = attribute.into_iter().flat_map(|it| &it.checks);
        for check in checks {
            let wrong = |expected| format!("{name} in the id {expected}, got {value:?}.");
            check(&Value::from(*value)).map_err(|expected| tf::Error::new(wrong(expected)))?;
        }
    }
    let members = K::IDENTITY.iter().copied().zip(names);
    Ok(tf::from_value(&Value::object(members))?)
}
