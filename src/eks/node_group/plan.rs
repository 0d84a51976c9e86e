//! How a change of a node group is planned, beyond what its declaration says: names, and which versions can follow
//! each other. In which order cluster and nodes go is `skew`'s.
//!
//! AWS is not asked here.

use tfplugin_rs::tf::{Plan, Value};

use super::check::block;
use crate::eks::shared::version::Version;

/// Adjusts the plan of a node group that is to be or to stay.
pub(super) fn adjust(plan: &mut Plan) {
    if plan.is_destroy() {
        return;
    }
    check_release(plan);
    check_desired_size(plan);
    if plan.is_create() {
        plan_names(plan);
        return;
    }
    require_replacement_with_template(plan);
    check_version(plan);
}

/// A name that is made up is made up at apply only: two plans of one apply have to agree, and have nothing in common to
/// make the same name from.
fn plan_names(plan: &mut Plan) {
    if plan.config.get("node_group_name_prefix").is_null() {
        plan.set("node_group_name_prefix", Value::Null);
    }
}

/// AWS can neither add a launch template to a node group nor take it away.
fn require_replacement_with_template(plan: &mut Plan) {
    let has_template = |object| block(object, "launch_template").is_some();
    let is_known = !plan.planned.get("launch_template").is_unknown();
    if is_known && has_template(&plan.planned) != has_template(&plan.prior) {
        plan.require_replace("launch_template");
    }
}

/// Nodes go up one minor version at a time, and one back for the rollback of a cluster: "You must rollback your managed
/// node groups to the previous version before rolling back the control plane", says AWS's user guide
/// (<https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html>). A new node group starts where it likes.
fn check_version(plan: &mut Plan) {
    let prior = Version::of(plan.prior.get("version"));
    let planned = Version::of(plan.planned.get("version"));
    let (Some(prior), Some(planned)) = (prior, planned) else {
        return;
    };
    let is_step = planned >= prior.previous() && planned <= prior.next();
    if is_step || plan.will_replace() {
        return;
    }
    let detail = match planned < prior {
        true => format!(
            "The nodes run Kubernetes {prior}, and go back one minor version at most, to {}. For nodes of {planned}, \
             make another node group (another node_group_name).",
            prior.previous()
        ),
        false => format!(
            "The nodes run Kubernetes {prior}, and go up one minor version at a time: apply version = \"{}\" first.",
            prior.next()
        ),
    };
    plan.diagnostics.error("version", "Invalid version", detail);
}

/// Releases of Amazon Linux AMIs begin with the version of Kubernetes; those of Bottlerocket and Windows do not.
fn check_release(plan: &mut Plan) {
    let ami_type = plan.planned.get("ami_type");
    let has_template = block(&plan.planned, "launch_template").is_some();
    let is_amazon_linux = match ami_type.as_str() {
        Some(ami_type) => ami_type.starts_with("AL2"),
        None => ami_type.is_null() && !has_template,
    };
    let (version, release) = (
        plan.planned.get("version"),
        plan.planned.get("release_version"),
    );
    let (Some(version), Some(release)) = (Version::of(version), release.as_str()) else {
        return;
    };
    let is_set = !plan.config.get("release_version").is_null();
    if is_set && is_amazon_linux && !release.starts_with(&format!("{version}.")) {
        let detail = format!(
            "release_version {release:?} is not one of Kubernetes {version}: it would begin with \"{version}.\". Choose \
             one that does, or remove release_version to get the latest."
        );
        plan.diagnostics
            .error("release_version", "Invalid release_version", detail);
    }
}

/// `desired_size` is commonly ignored, because something else scales the nodes. So it is the planned one that has to fit,
/// which then is that of the state.
fn check_desired_size(plan: &mut Plan) {
    const DESIRED: &str = "scaling_config[0].desired_size";
    let size = |name: &str| {
        plan.planned
            .at(&format!("scaling_config[0].{name}"))
            .as_i64()
    };
    let Some(desired) = size("desired_size") else {
        return;
    };
    let detail = match (size("min_size"), size("max_size")) {
        (Some(min), _) if desired < min => {
            format!("desired_size must be at least min_size, which is {min}, got {desired}.")
        }
        (_, Some(max)) if desired > max => {
            format!("desired_size must be at most max_size, which is {max}, got {desired}.")
        }
        _ => return,
    };
    plan.diagnostics
        .error(DESIRED, "Invalid desired_size", detail);
}
