//! UpdateClusterVersion: one minor version up at a time, and back down again by way of a rollback.

use serde_json::{Value, json};

use super::{Change, Cluster, check_updatable, replayed, shapes, start};
use crate::call::Call;
use crate::error::ApiError;
use crate::kind::Kind;
use crate::shape::check;
use crate::version::{self, minor};

pub(super) fn update_version(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    check(shapes::UPDATE_CLUSTER_VERSION, &call.body)?;
    if let Some(answer) = replayed(call, "UpdateClusterVersion", &name)? {
        return Ok(answer);
    }
    let body = call.body.clone();
    let wanted = body["version"].as_str().unwrap_or_default();
    let cluster = call.region().cluster(&name)?;
    let kind = kind(cluster, wanted, &body)?;
    check_updatable(cluster, kind)?;
    if kind == "VersionUpdate" {
        check_node_groups(cluster)?;
    }
    let version = version::find(wanted)?;
    let platform = version.platform_version;
    let change = Change {
        operation: "UpdateClusterVersion",
        kind,
        params: vec![
            ("Version", wanted.to_owned()),
            ("PlatformVersion", platform.to_owned()),
        ],
        patch: json!({"version": wanted, "platformVersion": platform}),
    };
    start(call, &name, change)
}

/// Known text: "Unsupported Kubernetes minor version update from 1.22 to 1.25", also for the same
/// version and for a lower one. A rollback is possible to the version before the last upgrade; AWS
/// allows it for seven days, here it does not expire. How AWS refuses another rollback is a guess.
fn kind(cluster: &Cluster, wanted: &str, body: &Value) -> Result<&'static str, ApiError> {
    version::find(wanted)?;
    let current = cluster.version();
    if minor(wanted) == minor(current).map(|current| current + 1) {
        return Ok("VersionUpdate");
    }
    if body["rollbackConfig"].is_object() && cluster.previous_version.as_deref() == Some(wanted) {
        return Ok("VersionRollback");
    }
    Err(ApiError::invalid_parameter(format!(
        "Unsupported Kubernetes minor version update from {current} to {wanted}"
    )))
}

/// Known text, and the API reference says the same: node groups have to be at the cluster's version
/// first.
fn check_node_groups(cluster: &Cluster) -> Result<(), ApiError> {
    let current = cluster.version();
    let behind: Vec<&str> = cluster
        .objects_of(Kind::NodeGroup)
        .filter(|node_group| node_group.version() != Some(current))
        .map(|node_group| node_group.key.name.as_str())
        .collect();
    match behind.is_empty() {
        true => Ok(()),
        false => Err(ApiError::invalid_request(format!(
            "Nodegroups {} must be updated to match cluster version {current} before updating \
             cluster version",
            behind.join(", ")
        ))),
    }
}
