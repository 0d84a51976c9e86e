//! Whether nodes would be newer than their cluster, which AWS refuses.
//!
//! Only of a cluster that is planned in the same run is that known here. Of any other, AWS says so at apply.

use tfplugin_rs::tf::Plan;

use crate::aws::Call;
use crate::eks::cluster;
use crate::eks::version::Version;

/// Compares the version that is given to a node group with that of the cluster.
pub(super) fn check(cx: &Call, plan: &mut Plan) {
    if plan.is_destroy() || !(plan.is_create() || plan.changes("version")) {
        return;
    }
    let planned = |name: &str| plan.planned.get(name).as_str();
    let Some(cluster) = planned("cluster_name") else {
        return;
    };
    let outlook = cluster::noted(cx, planned("region"), cluster);
    let versions = (
        Version::of(plan.planned.get("version")),
        outlook.and_then(|outlook| Version::of(&outlook.version)),
    );
    if let (Some(nodes), Some(control_plane)) = versions
        && nodes > control_plane
    {
        let detail = format!(
            "Nodes cannot be newer than their cluster, which has Kubernetes {control_plane}. Upgrade the cluster to \
             {nodes} too, or set version = eks_cluster.example.version, so that nodes follow it."
        );
        plan.diagnostics
            .error("version", "Nodes newer than the cluster", detail);
    }
}
