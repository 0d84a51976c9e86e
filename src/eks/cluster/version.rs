//! Which version of Kubernetes a cluster can get: a new one any that EKS offers, one that is there the next, or the one
//! before its last upgrade.
//!
//! EKS is asked while planning, once, and only when there is a version to check. Nobody needs its answer to plan: without
//! one (no permission, no region yet) the plan goes on, and EKS judges at apply.

use std::collections::BTreeMap;

use aws_sdk_eks::types as sdk;
use aws_smithy_types::DateTime;
use tfplugin_rs::tf::Plan;

use crate::api::in_time;
use crate::aws::Call;
use crate::eks::shared::spelling::time;
use crate::eks::shared::version::{Version, describe};

/// The versions that clusters can have; none when EKS does not say.
type Offered = BTreeMap<Version, sdk::ClusterVersionInformation>;

pub(super) async fn check(cx: &Call, plan: &mut Plan) {
    let before = Version::of(plan.prior.get("version"));
    let Some(after) = Version::of(plan.planned.get("version")) else {
        return;
    };
    if before == Some(after) {
        return;
    }
    let offered = ask(cx, plan).await;
    if !offered.is_empty() && !offered.contains_key(&after) {
        return refuse_unknown(plan, after, &offered);
    }
    match before {
        None => warn_of_extended_support(plan, after, &offered),
        Some(before) if after > before.next() => refuse_skip(plan, before, after),
        Some(before) if after < before.previous() => refuse_far_back(plan, before, after),
        Some(before) if after < before => warn_of_rollback(plan, before, after),
        Some(_) => {}
    }
}

/// A local cluster on an Outpost has versions of its own.
async fn ask(cx: &Call, plan: &Plan) -> Offered {
    if plan.planned.get("outpost_config").is_set() {
        return Offered::new();
    }
    let region = plan.planned.get("region").as_str();
    let question = async {
        let client = cx.eks(region).await.map_err(|error| error.detail)?;
        let request = client.describe_cluster_versions().include_all(true);
        describe(request).await.map_err(|error| error.to_string())
    };
    match in_time(question).await {
        Ok(versions) => versions.into_iter().filter_map(offer).collect(),
        Err(reason) => {
            tracing::info!(%reason, "version not checked");
            Offered::new()
        }
    }
}

fn offer(
    version: sdk::ClusterVersionInformation,
) -> Option<(Version, sdk::ClusterVersionInformation)> {
    let is_in_cloud = version.cluster_type().is_none_or(|it| it == "eks");
    let is_over = version.version_status() == Some(&sdk::VersionStatus::Unsupported);
    let name = version.cluster_version()?.parse().ok()?;
    (is_in_cloud && !is_over).then_some((name, version))
}

/// The versions that are in a state of support, the newest first.
fn list(offered: &Offered, status: &sdk::VersionStatus) -> String {
    let newest_first = offered.iter().rev();
    let versions = newest_first.filter(|(_, it)| it.version_status() == Some(status));
    let versions: Vec<_> = versions.map(|(version, _)| version.to_string()).collect();
    match versions.is_empty() {
        true => "none".to_owned(),
        false => versions.join(", "),
    }
}

fn refuse_unknown(plan: &mut Plan, version: Version, offered: &Offered) {
    let detail = format!(
        "EKS does not offer Kubernetes {version} here. In standard support: {}. In extended support, for an extra fee: \
         {}.",
        list(offered, &sdk::VersionStatus::StandardSupport),
        list(offered, &sdk::VersionStatus::ExtendedSupport)
    );
    plan.diagnostics.error("version", "Unknown version", detail);
}

/// The fee begins with the cluster, and nobody has decided for it: EXTENDED is AWS's default.
fn warn_of_extended_support(plan: &mut Plan, version: Version, offered: &Offered) {
    let Some(found) = offered.get(&version) else {
        return;
    };
    if found.version_status() != Some(&sdk::VersionStatus::ExtendedSupport) {
        return;
    }
    let detail = format!(
        "Standard support of Kubernetes {version} ended{}. For a cluster in extended support AWS charges an extra fee, \
         until that ends{} and AWS upgrades the cluster. In standard support: {}.",
        on(found.end_of_standard_support_date()),
        on(found.end_of_extended_support_date()),
        list(offered, &sdk::VersionStatus::StandardSupport)
    );
    plan.diagnostics
        .warning("version", "Kubernetes in extended support", detail);
}

/// The day; AWS gives midnight, and not for every version a date.
fn on(date: Option<&DateTime>) -> String {
    let day = time(date.copied()).and_then(|text| Some(text.split_once('T')?.0.to_owned()));
    day.map(|day| format!(" on {day}")).unwrap_or_default()
}

fn refuse_skip(plan: &mut Plan, before: Version, after: Version) {
    let detail = format!(
        "The cluster runs Kubernetes {before} and goes up one minor version at a time: set version = \"{}\" and apply, \
         upgrade nodes and add-ons, and go on from there to {after}.",
        before.next()
    );
    plan.diagnostics
        .error("version", "Too many versions at once", detail);
}

fn refuse_far_back(plan: &mut Plan, before: Version, after: Version) {
    let detail = format!(
        "The cluster runs Kubernetes {before} and cannot go to {after}: EKS takes back the last upgrade only, to {}. Set \
         version = \"{before}\", or leave it out.",
        before.previous()
    );
    plan.diagnostics
        .error("version", "Too many versions back", detail);
}

/// When the last upgrade was, and what the nodes run, is for EKS to judge. The conditions are those of
/// <https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html>.
fn warn_of_rollback(plan: &mut Plan, before: Version, after: Version) {
    let detail = format!(
        "The cluster goes back from Kubernetes {before} to {after}. EKS takes an upgrade back for 7 days, unless the \
         cluster was made with {before} or has used what only {before} has. Node groups have to be on {after} before, by \
         an apply of their own, and add-ons on versions that run on {after}; force_update_version = true overrides the \
         rollback readiness insights, which watch over that, and nothing else. If {after} is in extended support, \
         upgrade_policy has to be EXTENDED.\n\nIf it was AWS or somebody else who upgraded the cluster, and no rollback \
         is meant, set version = \"{before}\" or leave it out."
    );
    plan.diagnostics
        .warning("version", "Kubernetes goes back", detail);
}
