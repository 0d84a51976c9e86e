//! Waiting for an object: until it is made, until nothing happens to it any more, until it is as planned, until it is gone.

use super::{Call, Kind, Parent};
use crate::api::{
    Error, Found, Observed, Progress, Surroundings, Wait, until, until_done, until_gone,
};

/// How often an object whose looks lag may be otherwise than planned, before that is believed.
const MOST_LOOKS: u32 = 10;

/// Waits until what was accepted is made.
pub(super) async fn until_made<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
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
            let progress = K::progress(client, planned, &found.object, looks).await?;
            Ok(Some((found, progress)))
        }
    };
    let found = until_done(cx, wait::<K>(&identity), look).await?;
    Ok(found.object)
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

/// The same, but not longer than for a new object that is planned so.
pub(super) async fn until_settled<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    (known, planned): (&K::Model, &K::Model),
) -> Result<K::Object, Error> {
    let identity = K::place(known).key.to_string();
    let look = || async {
        let Some(found) = K::find(client, known).await? else {
            return Ok(None);
        };
        let status = found.status();
        let progress = match K::progress(client, planned, &found.object, 0).await? {
            _ if K::STATES.ill.contains(&status) => Progress::Done,
            Progress::Failed if K::STATES.is_going(status) => Progress::Going,
            progress => progress,
        };
        Ok(Some((found, progress)))
    };
    let found = until_done(cx, wait::<K>(&identity), look).await?;
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

/// The object when it looks as planned. If it never does, it is returned as it is.
pub(super) async fn until_as_planned<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    (known, planned): (&K::Model, &K::Model),
) -> Result<K::Object, Error> {
    let identity = K::place(known).key.to_string();
    let mut looks = 0;
    let look = || {
        looks += 1;
        let is_believed = looks >= MOST_LOOKS;
        async move {
            let found = K::find(client, known).await?;
            Ok(found.map(|found| {
                let is_done = is_believed || K::is_as_planned(cx, &found.object, planned);
                let progress = match is_done {
                    true => Progress::Done,
                    false => Progress::Going,
                };
                (found, progress)
            }))
        }
    };
    let found: Found<_> = until_done(cx, wait::<K>(&identity), look).await?;
    Ok(found.object)
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
) -> tfplugin_rs::tf::Result<Option<crate::api::Turn<super::ContextOf<K>>>> {
    if !K::ONE_AT_A_TIME {
        return Ok(None);
    }
    let place = K::place(model);
    let whereabouts = K::Parent::whereabouts(place.key.parent);
    let queue = cx.qualified(format!("{}{whereabouts}", K::TITLE), place.region);
    Ok(Some(crate::api::turn(cx, &queue).await?))
}
