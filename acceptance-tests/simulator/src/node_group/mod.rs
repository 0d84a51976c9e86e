//! Managed node groups: what one is, how it comes and goes, and the operations on it.
//!
//! Creation is in `create`, updates of configuration in `change`, of version in `upgrade`.

mod change;
mod create;
mod launch_template;
mod shapes;
mod upgrade;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, delete, get, page, post};
use crate::cluster::{Cluster, same};
use crate::error::ApiError;
use crate::fault::Issue;
use crate::state::{Region, Replays};
use crate::tag::Tags;
use crate::update::Status;

pub(crate) const ROUTES: &[Route] = &[
    post(
        "CreateNodegroup",
        "/clusters/{name}/node-groups",
        create::create,
    ),
    get("ListNodegroups", "/clusters/{name}/node-groups", list),
    get(
        "DescribeNodegroup",
        "/clusters/{name}/node-groups/{nodegroupName}",
        describe,
    ),
    delete(
        "DeleteNodegroup",
        "/clusters/{name}/node-groups/{nodegroupName}",
        delete_node_group,
    ),
    post(
        "UpdateNodegroupConfig",
        "/clusters/{name}/node-groups/{nodegroupName}/update-config",
        change::update_config,
    ),
    post(
        "UpdateNodegroupVersion",
        "/clusters/{name}/node-groups/{nodegroupName}/update-version",
        change::update_version,
    ),
];

/// Where a node group stands, updates aside: one with an update in progress is UPDATING.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Creating,
    CreateFailed,
    Active,
    Degraded,
    Deleting,
    DeleteFailed,
}

/// One managed node group.
pub(crate) struct NodeGroup {
    pub(crate) name: String,
    /// Tells it from another node group of the same name, and is part of its ARN.
    pub(crate) uid: Uuid,
    pub(crate) phase: Phase,
    pub(crate) issues: Vec<Issue>,
    pub(crate) tags: Tags,
    /// The members of DescribeNodegroup that say what the node group is set to be.
    pub(crate) document: Value,
    pub(crate) replays: Replays,
}

impl NodeGroup {
    pub(crate) fn version(&self) -> Option<&str> {
        self.document["version"].as_str()
    }

    fn is_updating(&self, cluster: &Cluster) -> bool {
        cluster.updates.iter().any(|update| {
            update.node_group.as_deref() == Some(self.name.as_str())
                && update.status == Status::InProgress
        })
    }

    fn status(&self, cluster: &Cluster) -> &'static str {
        match self.phase {
            Phase::Creating => "CREATING",
            Phase::CreateFailed => "CREATE_FAILED",
            Phase::Active | Phase::Degraded if self.is_updating(cluster) => "UPDATING",
            Phase::Active => "ACTIVE",
            Phase::Degraded => "DEGRADED",
            Phase::Deleting => "DELETING",
            Phase::DeleteFailed => "DELETE_FAILED",
        }
    }

    /// Puts the node group into a status; one that no node group can be put into is ignored.
    pub(crate) fn set_status(&mut self, status: &str) {
        self.phase = match status {
            "CREATING" => Phase::Creating,
            "CREATE_FAILED" => Phase::CreateFailed,
            "ACTIVE" => Phase::Active,
            "DEGRADED" => Phase::Degraded,
            "DELETING" => Phase::Deleting,
            "DELETE_FAILED" => Phase::DeleteFailed,
            _ => self.phase,
        };
    }

    /// The node group as DescribeNodegroup answers it.
    pub(crate) fn describe(&self, cluster: &Cluster) -> Value {
        let mut node_group = json!({
            // Null members as AWS sends them, overlaid by what is known.
            "diskSize": null, "instanceTypes": null, "remoteAccess": null, "launchTemplate": null,
            "taints": null, "nodeRepairConfig": null, "warmPoolConfig": null,
            "resources": null, "releaseVersion": null,
            "version": null,
        });
        for (key, value) in self.document.as_object().into_iter().flatten() {
            node_group[key] = value.clone();
        }
        if !matches!(self.phase, Phase::Creating) {
            node_group["resources"] = self.resources();
        }
        node_group["nodegroupName"] = self.name.clone().into();
        node_group["clusterName"] = cluster.name.clone().into();
        node_group["status"] = self.status(cluster).into();
        node_group["tags"] = json!(self.tags);
        node_group["health"] = json!({"issues": self.issues});
        node_group
    }

    fn resources(&self) -> Value {
        let id = self.uid.simple().to_string();
        let group = match self.document["remoteAccess"]["ec2SshKey"].is_string() {
            true => Value::from(format!("sg-0{}", &id[..16])),
            false => Value::Null,
        };
        json!({
            "autoScalingGroups": [{"name": format!("eks-{}-{}", self.name, self.uid)}],
            "remoteAccessSecurityGroup": group,
        })
    }
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    let (cluster, name) = (call.path("name"), call.path("nodegroupName"));
    answer(call.region().cluster(&cluster)?, &name)
}

/// The node group of that name, as an operation answers it.
fn answer(cluster: &mut Cluster, name: &str) -> Result<Value, ApiError> {
    cluster.node_group(name)?;
    let cluster = &*cluster;
    Ok(json!({"nodegroup": cluster.node_groups[name].describe(cluster)}))
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    let cluster = call.path("name");
    let names = call
        .region()
        .cluster(&cluster)?
        .node_groups
        .keys()
        .cloned()
        .collect();
    page(call, "nodegroups", names)
}

/// AWS takes the request in any state; that a second request is answered like the first is a guess.
fn delete_node_group(call: &mut Call) -> Result<Value, ApiError> {
    let (cluster, name) = (call.path("name"), call.path("nodegroupName"));
    let found = call.region().cluster(&cluster)?;
    let (cluster_uid, node_group) = (found.uid, found.node_group(&name)?);
    if node_group.phase == Phase::Deleting {
        return answer(found, &name);
    }
    node_group.phase = Phase::Deleting;
    let uid = node_group.uid;
    let answer = answer(found, &name);
    let target = call.target(&cluster, Some(&name));
    let failure = call.world.faults.deletion(&target);
    let millis = call.world.timings.node_group_delete;
    call.after(millis, move |region| match failure {
        Some(issues) => {
            if let Some(node_group) = same_node_group(region, &cluster, cluster_uid, &name, uid) {
                node_group.phase = Phase::DeleteFailed;
                node_group.issues = issues;
            }
        }
        None if same_node_group(region, &cluster, cluster_uid, &name, uid).is_some() => {
            if let Some(cluster) = region.clusters.get_mut(&cluster) {
                cluster.forget_node_group(&name);
            }
        }
        None => {}
    });
    answer
}

impl Cluster {
    /// Removes the node group and its updates: a later one of the same name starts afresh.
    pub(crate) fn forget_node_group(&mut self, name: &str) -> bool {
        self.updates
            .retain(|update| update.node_group.as_deref() != Some(name));
        self.node_groups.remove(name).is_some()
    }
}

/// The node group of that name, unless it or its cluster has been replaced by another one since.
fn same_node_group<'a>(
    region: &'a mut Region,
    cluster: &str,
    cluster_uid: Uuid,
    name: &str,
    uid: Uuid,
) -> Option<&'a mut NodeGroup> {
    let cluster = same(region, cluster, cluster_uid)?;
    cluster
        .node_groups
        .get_mut(name)
        .filter(|node_group| node_group.uid == uid)
}
