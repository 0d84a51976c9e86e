//! Whether a cluster is worth waiting for that is not ready for a request: unless it will never be.

use aws_sdk_eks::Client;

use super::lookup::find_cluster;
use crate::api::{Error, ErrorKind, Observed, Wait};

/// States of a cluster that will be ready for a request.
const ON_ITS_WAY: &[&str] = &["PENDING", "CREATING", "UPDATING", "ACTIVE"];

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

/// The same for a deletion. It may wait for a cluster that is being deleted: that takes what is in it along.
pub(super) async fn judge_deletion<T>(
    client: &Client,
    name: &str,
    answer: Result<T, Error>,
) -> Result<T, Error> {
    let on_its_way = [ON_ITS_WAY, &["DELETING"]].concat();
    judge_by(&on_its_way, client, name, answer).await
}

async fn judge_by<T>(
    on_its_way: &[&str],
    client: &Client,
    name: &str,
    answer: Result<T, Error>,
) -> Result<T, Error> {
    let error = match answer {
        Err(error) if *error.kind() == ErrorKind::NotActive => error,
        answer => return answer,
    };
    match find_cluster(client, name).await {
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
