//! Waiting for an object: until it is made, until nothing happens to it any more, until it is as planned, until it is gone.

use tfplugin_rs::tf;

use super::{Call, ContextOf, Kind, Parent};
use crate::api::{
    self, Error, Observed, Progress, Surroundings, Turn, Wait, until, until_done, until_gone,
};

/// How often an object whose looks lag may be otherwise than planned, before that is believed.
const MOST_LOOKS: u32 = 10;

/// What to wait for.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// That what was accepted is made.
    Made,
    /// That nothing happens to it any more, but not longer than for a new object that is planned so.
    Settled,
    /// That it looks as planned. If it never does, it is taken as it is.
    AsPlanned,
}

/// Waits for an object. `known` has its names, `planned` what it is to become.
pub(super) async fn until_reached<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    goal: Goal,
    (known, planned): (&K::Model, &K::Model),
) -> Result<K::Object, Error> {
    let identity = K::place(known).key.to_string();
    let mut looks = 0;
    let look = || {
        looks += 1;
        async move {
            let Some(found) = K::find(client, known).await? else {
                return Ok(None);
            };
            let object = &found.object;
            let progress = match goal {
                Goal::Made => K::progress(client, planned, object, looks).await?,
                Goal::Settled => settled::<K>(client, planned, object).await?,
                Goal::AsPlanned if looks >= MOST_LOOKS => Progress::Done,
                Goal::AsPlanned if K::is_as_planned(cx, object, planned) => Progress::Done,
                Goal::AsPlanned => Progress::Going,
            };
            Ok(Some((found, progress)))
        }
    };
    let found = until_done(cx, wait::<K>(&identity), look).await?;
    Ok(found.object)
}

async fn settled<K: Kind>(
    client: &K::Client,
    planned: &K::Model,
    object: &K::Object,
) -> Result<Progress, Error> {
    let status = object.status();
    Ok(match K::progress(client, planned, object, 0).await? {
        _ if K::STATES.ill.contains(&status) => Progress::Done,
        Progress::Failed if K::STATES.is_going(status) => Progress::Going,
        progress => progress,
    })
}

/// Waits until nothing happens to the object any more.
///
/// # Errors
///
/// It is gone, or in a state from which no change can bring it back.
pub async fn until_changed<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    known: &K::Model,
) -> Result<K::Object, Error> {
    let identity = K::place(known).key.to_string();
    let states = K::STATES;
    let wait = Wait {
        pending: &[states.making, states.changing].concat(),
        target: &[states.made, states.ill].concat(),
        ..wait::<K>(&identity)
    };
    let found = until(cx, wait, || K::find(client, known)).await?;
    Ok(found.object)
}

fn wait<K: Kind>(identity: &str) -> Wait<'_> {
    Wait {
        what: K::TITLE,
        identity,
        pending: &[],
        target: K::STATES.made,
    }
}

pub(super) async fn until_deleted<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    known: &K::Model,
) -> Result<(), Error> {
    let identity = K::place(known).key.to_string();
    let wait = Wait {
        pending: &K::STATES.all(),
        target: &[],
        ..wait::<K>(&identity)
    };
    until_gone(cx, wait, || K::find(client, known)).await
}

/// The turn of a creation or deletion, for kinds of which there is one at a time.
pub(super) async fn turn<K: Kind>(
    cx: &Call<K>,
    model: &K::Model,
) -> tf::Result<Option<Turn<ContextOf<K>>>> {
    if !K::ONE_AT_A_TIME {
        return Ok(None);
    }
    let place = K::place(model);
    let whereabouts = K::Parent::whereabouts(place.key.parent);
    let queue = cx.qualified(format!("{}{whereabouts}", K::TITLE), place.region);
    Ok(Some(api::turn(cx, &queue).await?))
}
