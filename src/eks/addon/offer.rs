//! Which versions of an add-on AWS offers for a version of Kubernetes, and in which order they stand.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_eks::{Client, types as sdk};
use semver::Version;

use super::{Addon, Model};
use crate::api::{self, Error, ErrorKind};
use crate::aws::Call;
use crate::eks::shared::Answer;
use crate::eks::shared::lookup::find_cluster;
use crate::kind::Kind;

/// A version of an add-on that AWS offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// AWS's name of it, such as `v1.12.4-eksbuild.10`.
    pub version: String,
    /// Whether AWS installs it when no version is asked for.
    pub is_default: bool,
}

/// Of which add-on the versions are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub region: Option<&'a str>,
    pub addon: &'a str,
    /// Only those that run on this version; without it, all of them.
    pub kubernetes: Option<&'a str>,
}

/// The versions of an add-on, the latest first. None when AWS knows the add-on but does not have it for that version of
/// Kubernetes.
///
/// # Errors
///
/// AWS does not know the add-on, or refuses to tell.
pub(super) async fn find(
    cx: &Call,
    client: &Client,
    question: Question<'_>,
) -> api::Result<Arc<Vec<Offer>>> {
    let Question {
        region,
        addon,
        kubernetes,
    } = question;
    let words = [
        "DescribeAddonVersions",
        addon,
        kubernetes.unwrap_or_default(),
    ];
    cx.once(region, &words, ask(client, addon, kubernetes))
        .await
}

async fn ask(client: &Client, addon: &str, kubernetes: Option<&str>) -> api::Result<Vec<Offer>> {
    let request = client.describe_addon_versions().addon_name(addon);
    let request = request.set_kubernetes_version(kubernetes.map(ToOwned::to_owned));
    let mut pages = request.into_paginator().send();
    let mut offers = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.to("DescribeAddonVersions", addon)?;
        let addons = page.addons.into_iter().flatten();
        let versions = addons.flat_map(|addon| addon.addon_versions.unwrap_or_default());
        offers.extend(versions.filter_map(|version| offer(version, kubernetes)));
    }
    offers.sort_by(|a, b| compare(&b.version, &a.version));
    Ok(offers)
}

/// The names of the add-ons of AWS and of the community that run on a version of Kubernetes, in order; those of the
/// Marketplace are many more.
///
/// # Errors
///
/// AWS refuses to tell.
pub(super) async fn addons(client: &Client, kubernetes: Option<&str>) -> api::Result<Vec<String>> {
    let request = client.describe_addon_versions();
    let request = request.set_kubernetes_version(kubernetes.map(ToOwned::to_owned));
    let request = request.owners("aws").owners("community");
    let mut pages = request.into_paginator().send();
    let mut names = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.to("DescribeAddonVersions", "")?;
        let addons = page.addons.into_iter().flatten();
        names.extend(addons.filter_map(|addon| addon.addon_name));
    }
    Ok(names.into_iter().collect())
}

fn offer(info: sdk::AddonVersionInfo, kubernetes: Option<&str>) -> Option<Offer> {
    let is_default = info.compatibilities().iter().any(|compatibility| {
        compatibility.default_version && compatibility.cluster_version() == kubernetes
    });
    let version = info.addon_version?;
    Some(Offer {
        version,
        is_default,
    })
}

/// The order of versions: semantic, with the number of EKS's build of the same version counting last. AWS's own order is
/// by date, where a rebuild of an older version can stand first. What is no semantic version comes before all others.
fn compare(one: &str, other: &str) -> Ordering {
    // The build stands where semantic versions have pre-releases, whose parts are compared by number.
    let parse = |text: &str| Version::parse(text.trim_start_matches('v')).ok();
    parse(one).cmp(&parse(other)).then_with(|| one.cmp(other))
}

/// The version that a policy means among `offers`, which are in order.
pub(super) fn choose<'a>(offers: &'a [Offer], policy: &str) -> Option<&'a Offer> {
    match policy {
        "latest" => offers.first(),
        _ => offers.iter().find(|offer| offer.is_default),
    }
}

/// The version that a policy means for a cluster that is there by now.
///
/// # Errors
///
/// There is none, or AWS does not tell.
pub(super) async fn resolve(
    cx: &Call,
    client: &Client,
    planned: &Model,
    policy: &str,
) -> api::Result<String> {
    let key = Addon::place(planned).key;
    let missing = |what: &str| Error::new("DescribeAddonVersions", key, ErrorKind::NotFound, what);
    let found = find_cluster(client, key.parent).await?;
    let kubernetes = found.and_then(|found| found.object.version);
    let kubernetes = kubernetes.ok_or_else(|| missing("there is no such cluster"))?;
    let question = Question {
        region: planned.region.as_deref(),
        addon: key.name,
        kubernetes: Some(&kubernetes),
    };
    let offers = find(cx, client, question).await?;
    match choose(&offers, policy) {
        Some(offer) => Ok(offer.version.clone()),
        None => Err(missing(&nothing(policy, key.name, &kubernetes))),
    }
}

/// That a policy means no version.
pub(super) fn nothing(policy: &str, addon: &str, kubernetes: &str) -> String {
    format!("AWS has no {policy} version of the add-on {addon:?} for Kubernetes {kubernetes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number_and_the_build_counts_last() {
        let ordered = [
            "strange",
            "v1.9.3-eksbuild.40",
            "v1.10.1-eksbuild.9",
            "v1.10.1-eksbuild.10",
            "v1.11.0-eksbuild.1",
            "v2.0.0-eksbuild.1",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("v1.9.3", "v1.9.3"), Ordering::Equal);
    }
}
