//! Updates: how EKS changes clusters, node groups and add-ons, one at a time and each with an id to wait for.
//!
//! What a change means is for the resource that asks for it to know.

use std::future::Future;

use aws_sdk_eks::{Client, types as sdk};

use crate::aws::retry::{For, retry};
use crate::aws::wait::{Issue, Observed, Wait, until};
use crate::aws::{Call, Error};

/// What an update changes.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// The cluster itself.
    Cluster,
    /// A node group of the cluster.
    NodeGroup(&'a str),
}

/// Asks for a change, as soon as nothing else is being changed, and waits until it is made.
///
/// EKS makes one update at a time: while another one runs, wherever it comes from, the request is refused with
/// ResourceInUseException, and is made again when that update is over. A request that EKS needs no update for gives
/// `None`.
///
/// # Errors
///
/// The request is refused, or the update fails; then every reason that EKS gives is named.
pub async fn run<F>(
    cx: &Call,
    client: &Client,
    (cluster, of): (&str, Of<'_>),
    request: impl Fn() -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Option<sdk::Update>, Error>>,
{
    let update = retry(cx, &[For::UpdateInProgress], request).await?;
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

async fn find(
    client: &Client,
    cluster: &str,
    of: Of<'_>,
    update_id: &str,
) -> Result<Option<sdk::Update>, Error> {
    let node_group = match of {
        Of::Cluster => None,
        Of::NodeGroup(name) => Some(name.to_owned()),
    };
    let request = client.describe_update().name(cluster).update_id(update_id);
    match request.set_nodegroup_name(node_group).send().await {
        Ok(answer) => Ok(answer.update),
        Err(error) => Error::from_sdk("DescribeUpdate", update_id, error).unless_not_found(),
    }
}

impl Observed for sdk::Update {
    fn status(&self) -> &str {
        self.status.as_ref().map_or("", sdk::UpdateStatus::as_str)
    }

    fn issues(&self) -> Vec<Issue> {
        let issue = |error: &sdk::ErrorDetail| Issue {
            code: error
                .error_code
                .as_ref()
                .map_or("", sdk::ErrorCode::as_str)
                .to_owned(),
            message: error.error_message.clone().unwrap_or_default(),
            resource_ids: error.resource_ids.clone().unwrap_or_default(),
        };
        self.errors().iter().map(issue).collect()
    }
}
