//! Updates: how EKS changes clusters, node groups, add-ons and capabilities, one at a time and each with an id to wait for.
//!
//! What a change means is for the resource that asks for it to know.

use std::future::Future;

use aws_sdk_eks::{Client, types as sdk};

use super::errors::Answer;
use super::health::advised;
use super::readiness;
use crate::api::{Error, ErrorKind, For, Found, Issue, Observed, Wait, retry, until};
use crate::aws::Call;

/// What an update changes.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    Cluster,
    /// A node group of the cluster.
    NodeGroup(&'a str),
    /// An add-on of the cluster.
    Addon(&'a str),
    /// A capability of the cluster.
    Capability(&'a str),
}

/// Asks for a change, as soon as nothing else is being changed, and waits until it is made.
///
/// EKS makes one update at a time: while another one runs, wherever it comes from, the request is refused with
/// ResourceInUseException, and is made again when that update is over. That update can have been the same one, begun by
/// a provider that was killed or by another run; then EKS refuses to change nothing, and the change is made. A request
/// that EKS needs no update for gives `None`.
///
/// # Errors
///
/// The request is refused, the cluster will never take it, or the update fails; then every reason that EKS gives is
/// named.
pub async fn run<F>(
    cx: &Call,
    client: &Client,
    (cluster, of): (&str, Of<'_>),
    request: impl Fn() -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Option<sdk::Update>, Error>>,
{
    let request = || async {
        let answer = readiness::judge(client, cluster, request().await).await;
        if let Err(error) = &answer
            && let ErrorKind::UpdateInProgress {
                update_id: Some(id),
            } = error.kind()
        {
            wait_for_end(cx, client, (cluster, of), id).await;
        }
        answer
    };
    let answer = retry(cx, &[For::UpdateInProgress, For::NotActive], request).await;
    let update = match answer {
        Err(error) if *error.kind() == ErrorKind::NothingToChange => None,
        answer => answer?,
    };
    match update.and_then(|update| update.id) {
        Some(id) => wait_for(cx, client, (cluster, of), &id).await,
        None => Ok(()),
    }
}

/// Waits until an update is successful.
///
/// # Errors
///
/// The update failed or was cancelled, or the time allowed is over.
pub async fn wait_for(
    cx: &Call,
    client: &Client,
    (cluster, of): (&str, Of<'_>),
    update_id: &str,
) -> Result<(), Error> {
    let wait = Wait {
        what: "update",
        identity: update_id,
        pending: &["InProgress"],
        target: &["Successful"],
    };
    until(cx, wait, || find(client, cluster, of, update_id)).await?;
    Ok(())
}

/// Waits until somebody else's update is over, however it ends. If it cannot be looked at, the request that it stands
/// in the way of is simply made again.
async fn wait_for_end(cx: &Call, client: &Client, (cluster, of): (&str, Of<'_>), update_id: &str) {
    let wait = Wait {
        what: "update in progress",
        identity: update_id,
        pending: &["InProgress"],
        target: &["Successful", "Failed", "Cancelled"],
    };
    let look = || async {
        let update = find(client, cluster, of, update_id).await?;
        let gone = || {
            Error::new(
                "DescribeUpdate",
                update_id,
                ErrorKind::NotFound,
                "there is no such update",
            )
        };
        update.map(Some).ok_or_else(gone)
    };
    if let Err(error) = until(cx, wait, look).await {
        tracing::debug!(%error, update_id, "not waiting for the update in progress");
    }
}

async fn find(
    client: &Client,
    cluster: &str,
    of: Of<'_>,
    update_id: &str,
) -> Result<Option<Found<sdk::Update>>, Error> {
    let request = client.describe_update().name(cluster).update_id(update_id);
    let request = match of {
        Of::Cluster => request,
        Of::NodeGroup(name) => request.nodegroup_name(name),
        Of::Addon(name) => request.addon_name(name),
        Of::Capability(name) => request.capability_name(name),
    };
    let answer = request.send().await;
    answer.found("DescribeUpdate", update_id, |answer| answer.update)
}

impl Observed for sdk::Update {
    fn status(&self) -> &str {
        self.status.as_ref().map_or("", sdk::UpdateStatus::as_str)
    }

    fn issues(&self) -> Vec<Issue> {
        let issue = |error: &sdk::ErrorDetail| {
            Issue::new(
                error.error_code(),
                error.error_message(),
                error.resource_ids(),
            )
        };
        self.errors().iter().map(issue).map(advised).collect()
    }
}
