//! The life of an object of a cluster: when to send the requests of its kind, what to send again, how long to wait, and
//! what to leave in the state.

use std::marker::PhantomData;

use aws_sdk_eks::Client;
use tfplugin_rs::tf::{self, Attribute, Diagnostics, Mode, Model, Plan, Resource, Timeouts, Value};

use super::compare::{differs, is_what_was_asked, refuse_another};
use super::{Goal, Member, Place, States};
use crate::aws::{self, Call, Error, Found, Observed, Turn, Wait, tags, until, until_gone};
use crate::eks::cluster;
use crate::eks::creation::{self, Attempts, Existing, Made};
use crate::eks::key::Key;
use crate::eks::readiness;

/// A kind of object of a cluster, as Terraform manages it.
pub struct Managed<M>(PhantomData<fn() -> M>);

impl<M: Member> Resource for Managed<M> {
    type Context = aws::Context;
    type Model = M::Model;

    const NAME: &'static str = M::NAME;
    const TITLE: &'static str = M::TITLE;
    const TIMEOUTS: Timeouts = M::TIMEOUTS;
    const IDENTITY: &'static [&'static str] = M::IDENTITY;
    const MOVES_FROM: &'static [(&'static str, &'static str)] = &[("hashicorp/aws", M::MIRRORS)];

    fn check(config: &Value, found: &mut Diagnostics) {
        M::check(config, found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        follow_cluster::<M>(cx, plan);
        let adjusted = M::adjust(cx, plan).await;
        plan_id::<M>(plan);
        adjusted
    }

    async fn create(cx: &Call, planned: M::Model) -> tf::Result<M::Model> {
        let turn = turn::<M>(cx, M::place(&planned)).await?;
        let cx = turn.as_deref().unwrap_or(cx);
        let client = cx.eks(M::place(&planned).region.as_deref()).await?;
        let planned = M::chosen(cx, planned);
        let accepted = match ask_for::<M>(cx, &client, &planned).await? {
            Made::New(accepted) => accepted,
            // It may differ from the plan in anything. As long as it does, it is not ours: were it left in the state
            // when this fails, Terraform would taint it, and delete what it has not made.
            Made::Found(found) => {
                let found = M::into_model(cx, found, &planned);
                refuse_another::<M>(&found, &planned)?;
                return Self::update(cx, found, planned).await;
            }
        };
        cx.exists(&M::into_model(cx, accepted.clone(), &planned));
        Ok(until_whole::<M>(cx, &client, accepted, &planned).await?)
    }

    async fn read(cx: &Call, prior: M::Model) -> tf::Result<Option<M::Model>> {
        let place = M::place(&prior);
        let client = cx.eks(place.region.as_deref()).await?;
        let Some(found) = M::find(&client, place.key).await? else {
            return Ok(None);
        };
        Ok(Some(M::whole(cx, &client, found.object, &prior).await?))
    }

    async fn update(cx: &Call, prior: M::Model, planned: M::Model) -> tf::Result<M::Model> {
        let place = M::place(&prior);
        let client = cx.eks(place.region.as_deref()).await?;
        // A creation that was cut short is resumed here, and has to end as one that was not.
        if place
            .status
            .is_some_and(|status| M::STATES.making.contains(&status))
        {
            until_made::<M>(cx, &client, place.key, &planned).await?;
        }
        if let (Some((arn, prior)), Some((_, planned))) = (place.tags, M::place(&planned).tags) {
            tags::update_eks(cx, &client, arn.unwrap_or_default(), prior, planned).await?;
        }
        if differs::<M>(&prior, &planned)? {
            let request = || M::change(cx, &client, &prior, &planned);
            let cluster = place.key.cluster;
            readiness::ask(cx, &client, cluster, M::CHANGED_AFTER, request).await?;
        }
        let changed = until_settled::<M>(cx, &client, place.key, &planned).await?;
        Ok(M::whole(cx, &client, changed, &planned).await?)
    }

    async fn delete(cx: &Call, prior: M::Model) -> tf::Result<()> {
        let place = M::place(&prior);
        let turn = turn::<M>(cx, place).await?;
        let cx = turn.as_deref().unwrap_or(cx);
        let client = cx.eks(place.region.as_deref()).await?;
        let request = || M::delete(&client, &prior);
        let cluster = place.key.cluster;
        match readiness::ask_to_delete(cx, &client, cluster, M::DELETED_AFTER, request).await? {
            Some(()) if !M::STATES.is_none() => {
                Ok(until_deleted::<M>(cx, &client, place.key).await?)
            }
            _ => Ok(()),
        }
    }

    fn import(id: &str) -> tf::Result<M::Model> {
        let names: Vec<_> = id.splitn(M::IDENTITY.len(), M::SEPARATOR).collect();
        match *names.as_slice() {
            _ if names.iter().any(|name| name.is_empty()) => Err(wrong_id::<M>(id)),
            [cluster, name] if M::IDENTITY.len() == 2 => M::named(Key::new(cluster, name)),
            [cluster, name, part] => M::named(Key {
                part: Some(part),
                ..Key::new(cluster, name)
            }),
            _ => Err(wrong_id::<M>(id)),
        }
    }
}

/// A cluster that is made anew has nothing of what the old one had, and cannot go before most of that has gone. So what
/// belongs to it is made anew with it.
fn follow_cluster<M: Member>(cx: &Call, plan: &mut Plan) {
    let cluster = cluster::noted(cx, &plan.planned).filter(|cluster| cluster.is_replaced);
    if cluster.is_none() || !plan.is_update() {
        return;
    }
    let is_own = |it: &Attribute| {
        let is_name = it.name == "id" || M::IDENTITY.contains(&it.name.as_str());
        it.mode == Mode::Computed && !is_name
    };
    if let Some(own) = M::Model::attributes().into_iter().find(is_own) {
        plan.make_anew(&own.name);
    }
}

/// The `id` of a new object is known as soon as all its names are. Where AWS makes one up, that is after the creation.
fn plan_id<M: Member>(plan: &mut Plan) {
    let names = M::IDENTITY.iter();
    let names = names.map(|name| plan.planned.get(name).as_str());
    let names: Option<Vec<_>> = names.collect();
    if let Some(names) = names.filter(|_| plan.is_create()) {
        let id = names.join(&M::SEPARATOR.to_string());
        plan.set("id", id);
    }
}

fn wrong_id<M: Member>(id: &str) -> tf::Error {
    let form = M::IDENTITY.join(&M::SEPARATOR.to_string());
    tf::Error::new(format!("The id has the form {form}, got {id:?}."))
}

/// The turn of a creation or deletion, for kinds of which AWS takes one at a time.
async fn turn<M: Member>(cx: &Call, place: Place<'_>) -> tf::Result<Option<Turn>> {
    if !M::ONE_AT_A_TIME {
        return Ok(None);
    }
    let region = cx.region_or(place.region.as_deref())?;
    let queue = format!("{} of cluster {} in {region}", M::TITLE, place.key.cluster);
    Ok(Some(aws::turn(cx, &queue).await?))
}

/// Asks for the object, or finds it where the answer was lost.
async fn ask_for<M: Member>(
    cx: &Call,
    client: &Client,
    planned: &M::Model,
) -> tf::Result<Made<M::Object>> {
    let request =
        |client: Client| async move { M::create(&client, planned, cx.idempotency_token()).await };
    let existing = Existing {
        look: || find_existing::<M>(client, planned),
        is_ours: |found: &M::Object, attempts: Attempts| {
            attempts.may_have_made(found.created_at()) && is_what_was_asked::<M>(cx, found, planned)
        },
        theirs: |found: Option<M::Object>| match found {
            Some(found) if adopts(planned) == Some(true) => Ok(found),
            found => Err(not_ours::<M>(cx, planned, found)),
        },
    };
    creation::run(cx, client, M::place(planned).key.cluster, request, existing).await
}

async fn find_existing<M: Member>(
    client: &Client,
    planned: &M::Model,
) -> Result<Option<Found<M::Object>>, Error> {
    match M::find_name(client, planned).await? {
        None => Ok(None),
        Some(name) => {
            let key = Key {
                name: &name,
                ..M::place(planned).key
            };
            M::find(client, key).await
        }
    }
}

/// Whether what stands in the way is to be taken over, where the kind has an attribute for it.
fn adopts(planned: &impl Model) -> Option<bool> {
    let planned = tf::to_value(planned).ok()?;
    planned.get("adopt_existing").as_bool()
}

fn not_ours<M: Member>(cx: &Call, planned: &M::Model, found: Option<M::Object>) -> tf::Error {
    let found = found.map(|found| M::into_model(cx, found, planned));
    let Place { key, region, .. } = M::place(found.as_ref().unwrap_or(planned));
    let names: Vec<_> = key.names().skip(1).collect();
    let (cluster, name) = (key.cluster, names.join(", "));
    let there_is = format!(
        "There is already an {} {name:?} in cluster {cluster:?}",
        M::TITLE
    );
    let otherwise = match adopts(planned) {
        None => format!("Give another {}", M::CLAIMS),
        Some(_) => format!("Give another {}, set adopt_existing = true", M::CLAIMS),
    };
    let named = (M::NAME, key.join(M::SEPARATOR));
    creation::not_ours(cx, region, named, there_is, otherwise).at(M::CLAIMS)
}

/// Waits until what AWS has accepted is made, and makes what belongs to it.
async fn until_whole<M: Member>(
    cx: &Call,
    client: &Client,
    accepted: M::Object,
    planned: &M::Model,
) -> Result<M::Model, Error> {
    let begun = M::into_model(cx, accepted.clone(), planned);
    let key = M::place(&begun).key;
    let made = match M::STATES.is_none() {
        true => accepted,
        false => {
            M::until_updated(cx, client, &accepted).await?;
            until_made::<M>(cx, client, key, planned).await?
        }
    };
    let request = || M::furnish(cx, client, planned);
    readiness::ask(cx, client, key.cluster, M::CHANGED_AFTER, request).await?;
    // That it cannot be read as a whole is no failure of its creation.
    let whole = M::whole(cx, client, made, planned).await;
    whole.map_err(Error::unfinished)
}

async fn until_made<M: Member>(
    cx: &Call,
    client: &Client,
    key: Key<'_>,
    planned: &M::Model,
) -> Result<M::Object, Error> {
    let goal = M::goal(planned);
    let identity = key.to_string();
    let wait = wait::<M>(&identity, &goal);
    let mut looks = 0;
    let look = || {
        looks += 1;
        look_at_new::<M>(client, key, (looks, &goal))
    };
    Ok(until(cx, wait, look).await?.object)
}

async fn look_at_new<M: Member>(
    client: &Client,
    key: Key<'_>,
    (looks, goal): (u32, &Goal),
) -> Result<Option<Found<M::Object>>, Error> {
    let found = M::find(client, key).await?;
    if let Some(found) = &found
        && goal.pending.contains(&found.status())
    {
        M::judge(client, key, &found.object, looks).await?;
    }
    Ok(found)
}

/// Waits until nothing happens to the object any more.
///
/// # Errors
///
/// It is gone, or in a state from which no change can bring it back.
pub async fn until_changed<M: Member>(
    cx: &Call,
    client: &Client,
    key: Key<'_>,
) -> Result<M::Object, Error> {
    settle::<M>(cx, client, key, &[]).await
}

/// The same, but not longer than for a new object.
async fn until_settled<M: Member>(
    cx: &Call,
    client: &Client,
    key: Key<'_>,
    planned: &M::Model,
) -> Result<M::Object, Error> {
    settle::<M>(cx, client, key, &M::goal(planned).target).await
}

async fn settle<M: Member>(
    cx: &Call,
    client: &Client,
    key: Key<'_>,
    also: &[&'static str],
) -> Result<M::Object, Error> {
    let States {
        making,
        made,
        changing,
        ill,
        ..
    } = M::STATES;
    let goal = Goal {
        pending: [making, changing].concat(),
        target: [made, ill, also].concat(),
    };
    let identity = key.to_string();
    let wait = wait::<M>(&identity, &goal);
    let found = until(cx, wait, || M::find(client, key)).await?;
    Ok(found.object)
}

fn wait<'a, M: Member>(identity: &'a str, goal: &'a Goal) -> Wait<'a> {
    Wait {
        what: M::TITLE,
        identity,
        pending: &goal.pending,
        target: &goal.target,
    }
}

async fn until_deleted<M: Member>(cx: &Call, client: &Client, key: Key<'_>) -> Result<(), Error> {
    let States {
        making,
        made,
        changing,
        ill,
        leaving,
    } = M::STATES;
    let wait = Wait {
        what: M::TITLE,
        identity: &key.to_string(),
        pending: &[making, made, changing, ill, leaving].concat(),
        target: &[],
    };
    until_gone(cx, wait, || M::find(client, key)).await
}
