//! Asking a cluster for something: as soon as it is ready, unless it will never be.
//!
//! How often to ask again is for [`crate::aws::retry`] to know.

use aws_sdk_eks::Client;

use super::cluster;
use crate::aws::{Call, Error, For, Kind, Observed, Wait, retry};

/// States of a cluster that will be ready for a request.
const ON_ITS_WAY: &[&str] = &["PENDING", "CREATING", "UPDATING", "ACTIVE"];

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

/// Asks for a deletion; `None` when there is nothing to delete. Unlike [`ask`], it waits while the cluster is being
/// deleted: that takes what is in it along.
///
/// # Errors
///
/// Those of [`retry`], or that the cluster has failed.
pub(super) async fn ask_to_delete<F>(
    cx: &Call,
    client: &Client,
    cluster: &str,
    reasons: &[For],
    request: impl Fn() -> F,
) -> Result<Option<()>, Error>
where
    F: Future<Output = Result<(), Error>>,
{
    let on_its_way = [ON_ITS_WAY, &["DELETING"]].concat();
    let request = || async { judge_by(&on_its_way, client, cluster, request().await).await };
    match retry(cx, reasons, request).await {
        Err(error) if error.is_not_found() => Ok(None),
        answer => answer.map(Some),
    }
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
    judge_by(ON_ITS_WAY, client, name, answer).await
}

async fn judge_by<T>(
    on_its_way: &[&str],
    client: &Client,
    name: &str,
    answer: Result<T, Error>,
) -> Result<T, Error> {
    let error = match answer {
        Err(error) if *error.kind() == Kind::NotActive => error,
        answer => return answer,
    };
    match cluster::find(client, name).await {
        Ok(Some(found)) if !on_its_way.contains(&found.status()) => {
            let wait = Wait {
                what: "EKS cluster",
                identity: name,
                pending: on_its_way,
                target: &["ACTIVE"],
            };
            Err(wait.unexpected(&found))
        }
        // Without a look at the cluster, AWS's first word stands.
        _ => Err(error),
    }
}
