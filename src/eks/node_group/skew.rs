//! Whether nodes would be newer than their cluster, which AWS refuses, and which of the two goes back first.
//!
//! Only of a cluster that is planned in the same run is that known here. Of any other, AWS says so at apply.

use tfplugin_rs::tf::Plan;

use crate::aws::Call;
use crate::eks::shared::lookup;
use crate::eks::shared::version::Version;

/// Compares the versions of a node group, that it has and that it is given, with each other and with that of the
/// cluster.
pub(super) fn check(cx: &Call, plan: &mut Plan) {
    if plan.is_destroy() {
        return;
    }
    let control_plane = control_plane(cx, plan);
    let newer_than = |nodes: Version| control_plane.filter(|control_plane| nodes > *control_plane);
    let prior = Version::of(plan.prior.get("version")).filter(|_| !plan.will_replace());
    let Some(given) = Version::of(plan.planned.get("version")) else {
        return;
    };
    if let Some((nodes, control_plane)) = prior.and_then(|it| Some((it, newer_than(it)?))) {
        return warn_of_order(plan, nodes, control_plane);
    }
    if prior == Some(given) {
        return;
    }
    match newer_than(given) {
        Some(control_plane) => refuse_newer(plan, given, control_plane),
        None if prior == Some(given.next()) => warn_of_step_back(plan, given),
        None => {}
    }
}

fn control_plane(cx: &Call, plan: &Plan) -> Option<Version> {
    Version::of(&lookup::noted(cx, &plan.planned)?.version)
}

/// Terraform changes the cluster first. EKS takes that when it is forced, or when the group has no nodes.
fn warn_of_order(plan: &mut Plan, nodes: Version, control_plane: Version) {
    let detail = format!(
        "The cluster goes back to Kubernetes {control_plane} in this apply, before its nodes, which run {nodes}. EKS \
         refuses that unless force_update_version of the cluster is true. In an apply before this one, leave the cluster \
         on {nodes} and set version = \"{control_plane}\" here."
    );
    plan.diagnostics
        .warning("version", "Nodes have to go back first", detail);
}

fn refuse_newer(plan: &mut Plan, nodes: Version, control_plane: Version) {
    let detail = format!(
        "Nodes cannot be newer than their cluster, which has Kubernetes {control_plane}. Upgrade the cluster to {nodes} \
         too, or set version = eks_cluster.example.version, so that nodes follow it."
    );
    plan.diagnostics
        .error("version", "Nodes newer than the cluster", detail);
}

fn warn_of_step_back(plan: &mut Plan, to: Version) {
    let detail = format!(
        "The nodes go back from Kubernetes {} to {to}, and each is replaced. EKS has this for the rollback of a cluster: \
         node groups first, in an apply of their own, then the cluster, within 7 days of its upgrade.",
        to.next()
    );
    plan.diagnostics.warning("version", "Nodes go back", detail);
}
