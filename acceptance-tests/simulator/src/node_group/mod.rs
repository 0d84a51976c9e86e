//! Managed node groups: what one is, how it comes and goes, and the operations on it.
//!
//! Creation is in `create`, updates of configuration in `change`, of version in `upgrade`.

mod change;
mod create;
mod launch_template;
mod shapes;
mod upgrade;

use serde_json::{Value, json};

use crate::call::{Call, Route, delete, get, post};
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::{Kind, Traits};
use crate::object::{self, Object, Phase};

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

pub(crate) const TRAITS: Traits = Traits {
    singular: "nodegroup",
    plural: "nodegroups",
    named_by: &["nodegroupName"],
    arn: "nodegroupArn",
    missing: |_, name| ApiError::not_found(format!("No node group found for name: {name}.")),
    describe: describe_node_group,
};

/// The node group as DescribeNodegroup answers it.
fn describe_node_group(object: &Object, cluster: &Cluster) -> Value {
    let mut node_group = object.over(json!({
        "diskSize": null, "instanceTypes": null, "remoteAccess": null, "launchTemplate": null,
        "taints": null, "nodeRepairConfig": null, "warmPoolConfig": null,
        "resources": null, "releaseVersion": null,
        "version": null,
    }));
    if object.phase != Phase::Creating {
        node_group["resources"] = resources(object);
    }
    node_group["nodegroupName"] = object.key.name.clone().into();
    node_group["clusterName"] = cluster.name.clone().into();
    node_group["status"] = object.status(cluster).into();
    node_group["tags"] = json!(object.tags);
    node_group["health"] = json!({"issues": object.issues});
    node_group
}

fn resources(node_group: &Object) -> Value {
    let id = node_group.uid.simple().to_string();
    let group = match node_group.document["remoteAccess"]["ec2SshKey"].is_string() {
        true => Value::from(format!("sg-0{}", &id[..16])),
        false => Value::Null,
    };
    let name = &node_group.key.name;
    json!({
        "autoScalingGroups": [{"name": format!("eks-{name}-{}", node_group.uid)}],
        "remoteAccessSecurityGroup": group,
    })
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    object::describe(call, Kind::NodeGroup)
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    object::list(call, Kind::NodeGroup, "nodegroups")
}

/// AWS takes the request in any state.
fn delete_node_group(call: &mut Call) -> Result<Value, ApiError> {
    let millis = call.world.timings.node_group_delete;
    object::delete(call, Kind::NodeGroup, millis)
}
