//! Creating an object whose answer may be lost: asking until it is accepted, and what to do about one that is there already.

use tfplugin_rs::tf::{self, Model};

use super::{Call, Kind, Parent};
use crate::api::creation::{Attempts, Beginning, Existing, Made};
use crate::api::{Client, Error, For, LostAnswers, Observed, Surroundings, retry};

/// What a creation is tried again for: the requests that make something carry an idempotency token, or a name that there
/// can be once only.
const REASONS: [For; 4] = [
    For::NotActive,
    For::UpdateInProgress,
    For::Propagation,
    For::LostAnswer,
];

/// Asks for the object as soon as its parent takes it, or finds it where the answer was lost.
///
/// # Errors
///
/// The request is refused, or there is somebody else's.
pub(super) async fn ask_for<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    planned: &K::Model,
) -> tf::Result<Made<K::Object>> {
    let lost = LostAnswers::default();
    let watched = client.watched(&lost);
    let beginning = Beginning::now(lost);
    let parent = K::place(planned).key.parent;
    let request = || async {
        let answer = K::create(&watched, planned, cx.idempotency_token()).await;
        K::Parent::judge(client, parent, answer).await
    };
    match retry(cx, &REASONS, request).await {
        Ok(made) => Ok(Made::New(made)),
        Err(error) => settle::<K>(cx, client, planned, (beginning, error)).await,
    }
}

async fn settle<K: Kind>(
    cx: &Call<K>,
    client: &K::Client,
    planned: &K::Model,
    (beginning, error): (Beginning, Error),
) -> tf::Result<Made<K::Object>> {
    let existing = Existing {
        look: || K::find_existing(client, planned),
        is_ours: |found: &K::Object, attempts| is_ours::<K>(cx, found, planned, attempts),
        theirs: |found: Option<K::Object>| match found {
            Some(found) if adopts(planned) == Some(true) => Ok(found),
            found => Err(taken::<K>(cx, planned, found)),
        },
    };
    beginning.settle(cx, error, existing).await
}

/// An object that tells the token it was made with leaves no doubt. Of others it counts when they were made, and whether
/// they are what was asked for.
fn is_ours<K: Kind>(
    cx: &Call<K>,
    found: &K::Object,
    planned: &K::Model,
    attempts: Attempts,
) -> bool {
    match found.token() {
        Some(token) => token == cx.idempotency_token(),
        None => {
            attempts.may_have_made(found.created_at()) && K::is_what_was_asked(cx, found, planned)
        }
    }
}

/// Whether what stands in the way is to be taken over, where the kind has an attribute for it.
fn adopts(planned: &impl Model) -> Option<bool> {
    let planned = tf::to_value(planned).ok()?;
    planned.find("adopt_existing").as_bool()
}

/// The import id, with a placeholder for each name that nobody could tell.
fn shown_id<K: Kind>(model: &K::Model) -> String {
    let names: Vec<_> = K::place(model).key.names().collect();
    if !names.contains(&"") {
        return K::import_id(model);
    }
    let shown = names
        .iter()
        .zip(K::IDENTITY)
        .map(|(name, attribute)| match *name {
            "" => format!("<{attribute}>"),
            name => name.to_owned(),
        });
    shown.collect::<Vec<_>>().join(&K::SEPARATOR.to_string())
}

/// The error about an object that this configuration did not make.
fn taken<K: Kind>(cx: &Call<K>, planned: &K::Model, found: Option<K::Object>) -> tf::Error {
    let found = found.map(|found| K::into_model(cx, found, planned));
    let model = found.as_ref().unwrap_or(planned);
    let there_is = K::description(model);
    let id = cx.qualified(shown_id::<K>(model), K::place(model).region);
    let ways = [
        K::CONFLICT_ATTRIBUTE.map(|attribute| format!("give another {attribute}")),
        adopts(planned).map(|_| "set adopt_existing = true".to_owned()),
        Some("take it over by adding this block, with the resource's own name".to_owned()),
    ];
    let ways: Vec<_> = ways.into_iter().flatten().collect();
    let error = tf::Error::new(format!(
        "There is already {there_is}, and this configuration did not make it. To go on, {}:\n\nimport {{\n  to = \
         eks_{}.example\n  id = \"{id}\"\n}}",
        ways.join(", or "),
        K::NAME
    ));
    match K::CONFLICT_ATTRIBUTE {
        Some(attribute) => error.at(attribute),
        None => error,
    }
}
