//! The issuer of a cluster, and the OIDC provider that stands for it in IAM.

use tfplugin_rs::tf;

use super::trust::OidcProvider;
use crate::aws::Call;
use crate::aws::arn::Arn;
use crate::eks::cluster;

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
    let found = cluster::find(&client, cluster).await;
    let found = found.map_err(|error| explain(error.into(), instead))?;
    let provider = found.and_then(|found| {
        let arn: Arn = found.object.arn()?.parse().ok()?;
        let issuer = found.object.identity()?.oidc()?.issuer()?;
        let provider = OidcProvider::of_issuer(&arn.partition, &arn.account_id, issuer);
        Some(provider)
    });
    Ok(provider)
}

/// The same while planning: where EKS cannot be asked yet, because the provider block depends on something that has not
/// been applied, it is as if there were no cluster.
pub(super) async fn planned_provider_of(
    cx: &Call,
    region: Option<&str>,
    cluster: &str,
    instead: &str,
) -> tf::Result<Option<OidcProvider>> {
    match cx.eks(region).await {
        Ok(_) => provider_of(cx, region, cluster, instead).await,
        Err(_) => Ok(None),
    }
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
