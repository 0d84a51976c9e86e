//! When there is no use in waiting for an add-on: its pods have no nodes to run on, and none are on their way.

use aws_sdk_eks::{Client, types as sdk};

use super::Addon;
use crate::api::{self, Error, ErrorKind, Observed};
use crate::eks::shared::Answer;
use crate::eks::shared::lookup::find_cluster;
use crate::kind::Key;
use crate::kind::Kind;

/// How many looks (two to three minutes) pods may be missing before nodes are asked for, and between one time and the
/// next. EKS does not know of nodes that joined by themselves: they need time to start the pods.
const PATIENCE: u32 = 20;

/// Gives up a new add-on that lacks replicas, in a cluster that has no nodes that EKS knows of. `looks` counts how often it
/// has been looked at; 0 is an add-on that is not new.
///
/// # Errors
///
/// That, with what to do. Whether there are nodes may not be known; then there may be some.
pub(super) async fn judge(
    client: &Client,
    key: Key<'_>,
    addon: &sdk::Addon,
    looks: u32,
) -> api::Result<()> {
    let issues = Observed::issues(addon);
    let insufficient = sdk::AddonIssueCode::InsufficientNumberOfReplicas;
    let lacks_pods = issues
        .iter()
        .any(|issue| issue.code == insufficient.as_str());
    if !lacks_pods || looks == 0 || !looks.is_multiple_of(PATIENCE) {
        return Ok(());
    }
    match may_have_nodes(client, key.parent).await {
        Ok(false) => {}
        Ok(true) => return Ok(()),
        Err(error) => {
            tracing::info!(%error, "not known whether there are nodes");
            return Ok(());
        }
    }
    let message = format!(
        "it is {}: its pods have no nodes to run on, as the cluster has neither node groups nor Fargate profiles nor EKS \
         Auto Mode. Make nodes first, with depends_on = [eks_node_group.example] in the add-on. If nodes come later, or \
         join by themselves, set wait_for = \"active_or_degraded\"",
        Observed::status(addon)
    );
    let target = format!("{} {key}", Addon::TITLE);
    Err(Error::new("Waiting", target, ErrorKind::Failed, message).with_issues(issues))
}

async fn may_have_nodes(client: &Client, cluster: &str) -> api::Result<bool> {
    let request = client.list_nodegroups().cluster_name(cluster).send();
    let node_groups = request.await.to("ListNodegroups", cluster)?;
    let request = client.list_fargate_profiles().cluster_name(cluster).send();
    let profiles = request.await.to("ListFargateProfiles", cluster)?;
    let cluster = find_cluster(client, cluster).await?;
    let compute = cluster.and_then(|found| found.object.compute_config);
    let is_auto = compute.is_some_and(|compute| compute.enabled == Some(true));
    Ok(is_auto
        || !node_groups.nodegroups().is_empty()
        || !profiles.fargate_profile_names().is_empty())
}
