//! A cluster as the parent of the objects in it.

use aws_sdk_eks::Client;
use tfplugin_rs::tf::Value;

use super::update::{Of, wait_for};
use super::{lookup, readiness};
use crate::api::{Error, ErrorKind, Observed};
use crate::aws::Call;
use crate::kind::Parent;

/// Belongs to a cluster, which its first name is that of.
pub struct InCluster;

impl Parent<Client> for InCluster {
    fn is_replaced(cx: &Call, planned: &Value) -> bool {
        lookup::noted(cx, planned).is_some_and(|cluster| cluster.is_replaced)
    }

    fn whereabouts(cluster: &str) -> String {
        format!(" in cluster {cluster:?}")
    }

    async fn judge<T: Send>(
        client: &Client,
        cluster: &str,
        answer: Result<T, Error>,
    ) -> Result<T, Error> {
        readiness::judge(client, cluster, answer).await
    }

    async fn judge_deletion<T: Send>(
        client: &Client,
        cluster: &str,
        answer: Result<T, Error>,
    ) -> Result<T, Error> {
        readiness::judge_deletion(client, cluster, answer).await
    }

    async fn until_begun(
        cx: &Call,
        client: &Client,
        cluster: &str,
        object: &(impl Observed + Sync),
    ) -> Result<(), Error> {
        let Some(id) = object.update_id() else {
            return Ok(());
        };
        let ended = wait_for(cx, client, (cluster, Of::Cluster), id).await;
        match ended.as_ref().map_err(Error::kind) {
            Ok(()) | Err(ErrorKind::Failed | ErrorKind::TimedOut | ErrorKind::Interrupted) => ended,
            // Who may not look at updates can still wait for the object, and learns less if it fails.
            Err(kind) => {
                tracing::info!(?kind, update_id = id, "not waiting for the update");
                Ok(())
            }
        }
    }
}
