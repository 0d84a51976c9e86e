//! Asking a cluster for something: as soon as it is ready, unless it will never be.
//!
//! How often to ask again is for [`crate::aws::retry`] to know.

use aws_sdk_eks::Client;

use super::cluster;
use crate::aws::{Call, Error, For, Kind, Observed, Wait, retry};

/// Asks again for `reasons`, but does not wait for a cluster that has failed or is being deleted.
///
/// # Errors
///
/// Those of [`retry`], or what has become of the cluster.
pub(super) async fn ask<T, F>(
    cx: &Call,
    client: &Client,
    cluster: &str,
    reasons: &[For],
    request: impl Fn() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    retry(cx, reasons, || async {
        judge(client, cluster, request().await).await
    })
    .await
}

/// The answer to a request, unless AWS says "not active" of a cluster that never will be: then what has become of the
/// cluster, so that nobody waits for it until the time is over.
///
/// "Not active" can be about a node group, and about a moment that has passed: an active cluster is no reason to give up.
pub(super) async fn judge<T>(
    client: &Client,
    name: &str,
    answer: Result<T, Error>,
) -> Result<T, Error> {
    let error = match answer {
        Err(error) if *error.kind() == Kind::NotActive => error,
        answer => return answer,
    };
    let wait = Wait {
        what: "EKS cluster",
        identity: name,
        pending: &["PENDING", "CREATING", "UPDATING"],
        target: &["ACTIVE"],
    };
    let is_on_its_way = |status| wait.pending.contains(&status) || wait.target.contains(&status);
    match cluster::find(client, name).await {
        Ok(Some(found)) if !is_on_its_way(found.status()) => Err(wait.unexpected(&found)),
        // Without a look at the cluster, AWS's first word stands.
        _ => Err(error),
    }
}
