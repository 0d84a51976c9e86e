//! Creating objects of EKS: asking until the cluster takes it.
//!
//! What became of a request whose answer was lost is [`crate::aws::creation`]'s.

use aws_sdk_eks::Client;
use tfplugin_rs::tf;

use super::readiness;
use crate::aws::creation::Beginning;
pub(super) use crate::aws::creation::{Attempts, Existing, Made, not_ours};
use crate::aws::lost::LostAnswers;
use crate::aws::{Call, Error, For, Found};

/// What a creation is tried again for, as the requests that make it carry an idempotency token.
const REASONS: [For; 4] = [
    For::NotActive,
    For::UpdateInProgress,
    For::IamPropagation,
    For::LostAnswer,
];

/// Asks for an object, as soon as its cluster takes it.
///
/// # Errors
///
/// AWS refuses; or there is somebody else's.
pub(super) async fn run<T, F, L>(
    cx: &Call,
    client: &Client,
    cluster: &str,
    request: impl Fn(Client) -> F,
    existing: Existing<
        impl Fn() -> L,
        impl FnOnce(&T, Attempts) -> bool,
        impl FnOnce(Option<T>) -> tf::Result<T>,
    >,
) -> tf::Result<Made<T>>
where
    F: Future<Output = Result<T, Error>>,
    L: Future<Output = Result<Option<Found<T>>, Error>>,
{
    let lost = LostAnswers::default();
    let watched = lost.watch(client);
    let beginning = Beginning::now(lost);
    let request = || request(watched.clone());
    match readiness::ask(cx, client, cluster, &REASONS, request).await {
        Ok(made) => Ok(Made::New(made)),
        Err(error) => beginning.settle(cx, error, existing).await,
    }
}
