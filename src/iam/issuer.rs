//! The issuer of a cluster, and the OIDC provider that stands for it in IAM.

use tfplugin_rs::tf;

use super::trust::OidcProvider;
use crate::aws::{Call, arn::Arn};
use crate::eks::shared::lookup::{self, Outlook};

/// What a plan knows of the OIDC provider of a cluster.
pub(super) enum Planned {
    /// That of an issuer that will stay.
    Known(OidcProvider),
    /// The cluster gets its issuer in this very run.
    Later,
    /// There is no such cluster, or it has no issuer yet.
    None,
}

/// The OIDC provider of a cluster, which need not exist; `None` when there is no such cluster, or it has no issuer yet.
///
/// The cluster's ARN tells the account, so STS is not asked. `instead` is the attribute that makes the question needless.
///
/// # Errors
///
/// EKS cannot be asked.
pub(super) async fn provider_of(
    cx: &Call,
    region: Option<&str>,
    cluster: &str,
    instead: &str,
) -> tf::Result<Option<OidcProvider>> {
    let client = cx.eks(region).await?;
    let found = lookup::find_cluster(&client, cluster).await;
    let found = found.map_err(|error| explain(error.into(), instead))?;
    let provider = found.and_then(|found| {
        let issuer = found.object.identity()?.oidc()?.issuer()?;
        provider(found.object.arn()?, issuer)
    });
    Ok(provider)
}

/// The same while planning, where a cluster may be planned, too. Where EKS cannot be asked yet, because the provider
/// block depends on something that has not been applied, it is as if there were no cluster.
pub(super) async fn planned_provider_of(
    cx: &Call,
    region: Option<&str>,
    cluster: &str,
    instead: &str,
) -> tf::Result<Planned> {
    if cx.eks(region).await.is_err() {
        return Ok(Planned::None);
    }
    let outlook = lookup::outlook(cx, region, cluster).await;
    let outlook = outlook.map_err(|error| explain(error, instead))?;
    Ok(outlook.map_or(Planned::None, |outlook| planned(&outlook)))
}

fn planned(Outlook { arn, issuer, .. }: &Outlook) -> Planned {
    match (arn.as_str(), issuer.as_str()) {
        (Some(arn), Some(issuer)) => provider(arn, issuer).map_or(Planned::None, Planned::Known),
        _ if arn.is_unknown() || issuer.is_unknown() => Planned::Later,
        _ => Planned::None,
    }
}

fn provider(cluster_arn: &str, issuer: &str) -> Option<OidcProvider> {
    let arn: Arn = cluster_arn.parse().ok()?;
    let provider = OidcProvider::of_issuer(&arn.partition, &arn.account_id, issuer);
    Some(provider)
}

fn explain(mut error: tf::Error, instead: &str) -> tf::Error {
    error.detail = format!(
        "{}\n\nThe cluster is asked for its issuer. To do without, set {instead} instead of cluster_name.",
        error.detail
    );
    error.at("cluster_name")
}

/// The error about a cluster that has no issuer at apply.
pub(super) fn none(cluster: &str) -> tf::Error {
    tf::Error::new(format!(
        "There is no cluster {cluster:?} that has an OIDC issuer. Create it first, or refer to it as \
         eks_cluster.example.name, so that Terraform knows the order."
    ))
    .at("cluster_name")
}
