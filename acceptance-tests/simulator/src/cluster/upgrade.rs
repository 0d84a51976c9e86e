//! UpdateClusterVersion: one minor version up at a time, and the last step back down again, which is a rollback.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Change, Cluster, Upgrade, check_updatable, replayed, shapes, start_then};
use crate::call::Call;
use crate::error::ApiError;
use crate::kind::Kind;
use crate::shape::check;
use crate::version::{self, minor};

/// For how long after an upgrade it can be rolled back. Known, from AWS's user guide.
const WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub(super) fn update_version(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    check(shapes::UPDATE_CLUSTER_VERSION, &call.body)?;
    if let Some(answer) = replayed(call, "UpdateClusterVersion", &name)? {
        return Ok(answer);
    }
    let (body, now) = (call.body.clone(), call.world.clock.now());
    let at = now + Duration::from_millis(call.world.timings.cluster_update);
    let wanted = body["version"].as_str().unwrap_or_default();
    let is_forced = body["force"].as_bool() == Some(true);
    let cluster = call.region().cluster(&name)?;
    let kind = kind(cluster, wanted)?;
    check_updatable(cluster, kind)?;
    match kind {
        "VersionRollback" => check_rollback(cluster, wanted, is_forced, now)?,
        _ => check_node_groups(cluster)?,
    }
    let platform = version::find(wanted)?.platform_version;
    let change = Change {
        operation: "UpdateClusterVersion",
        kind,
        params: vec![
            ("Version", wanted.to_owned()),
            ("PlatformVersion", platform.to_owned()),
        ],
        patch: json!({"version": wanted, "platformVersion": platform}),
    };
    let from = cluster.version().to_owned();
    let upgrade = (kind == "VersionUpdate").then_some(Upgrade { from, at });
    start_then(call, &name, change, move |cluster, is_made| {
        if is_made {
            cluster.upgrade = upgrade;
        }
    })
}

/// Known text: "Unsupported Kubernetes minor version update from 1.22 to 1.25", also for the same
/// version, and for a lower one before there were rollbacks. That a rollback goes one version back
/// and undoes an upgrade in place is known, from AWS's user guide; that any other is refused with
/// the same text is a guess, and so is that a cluster which was rolled back cannot go back again.
fn kind(cluster: &Cluster, wanted: &str) -> Result<&'static str, ApiError> {
    version::find(wanted)?;
    let current = cluster.version();
    if minor(wanted) == minor(current).map(|current| current + 1) {
        return Ok("VersionUpdate");
    }
    if cluster.upgrade.as_ref().is_some_and(|it| it.from == wanted) {
        return Ok("VersionRollback");
    }
    Err(ApiError::invalid_parameter(format!(
        "Unsupported Kubernetes minor version update from {current} to {wanted}"
    )))
}

/// The conditions are known, from AWS's user guide: seven days, which `force` does not extend; the
/// policy EXTENDED for a version in extended support; and no insight of rollback readiness with the
/// status ERROR, which newer nodes cause, unless it is forced. Error codes and words are guesses.
fn check_rollback(
    cluster: &Cluster,
    wanted: &str,
    is_forced: bool,
    now: Duration,
) -> Result<(), ApiError> {
    let upgraded_at = cluster.upgrade.as_ref().map(|upgrade| upgrade.at);
    if upgraded_at.is_none_or(|at| now > at + WINDOW) {
        return Err(ApiError::invalid_request(format!(
            "Cluster cannot be rolled back to version {wanted}: its upgrade was more than 7 days ago"
        )));
    }
    let is_standard = cluster.document["upgradePolicy"]["supportType"] == "STANDARD";
    if is_standard && version::find(wanted)?.is_in_extended_support() {
        return Err(ApiError::invalid_request(format!(
            "Cluster cannot be rolled back to version {wanted}, which is in extended support: its \
             upgrade policy must be EXTENDED"
        )));
    }
    let newer = node_groups(cluster, |version| minor(version) > minor(wanted));
    match newer.is_empty() || is_forced {
        true => Ok(()),
        false => Err(ApiError::invalid_request(format!(
            "Rollback readiness insights have errors: nodegroups {} are newer than version {wanted}",
            newer.join(", ")
        ))),
    }
}

fn node_groups(cluster: &Cluster, is_meant: impl Fn(&str) -> bool) -> Vec<&str> {
    let node_groups = cluster.objects_of(Kind::NodeGroup);
    let meant = node_groups.filter(|node_group| node_group.version().is_some_and(&is_meant));
    meant
        .map(|node_group| node_group.key.name.as_str())
        .collect()
}

/// Known text, and the API reference says the same: node groups have to be at the cluster's version
/// first.
fn check_node_groups(cluster: &Cluster) -> Result<(), ApiError> {
    let current = cluster.version();
    let behind = node_groups(cluster, |version| version != current);
    match behind.is_empty() {
        true => Ok(()),
        false => Err(ApiError::invalid_request(format!(
            "Nodegroups {} must be updated to match cluster version {current} before updating \
             cluster version",
            behind.join(", ")
        ))),
    }
}
