//! From what the user gives to what IAM wants: OIDC providers of clusters, the trust policy, policies of workloads.
//!
//! The same at plan and at apply. Only [`resolve`] and [`warn_without_provider`] ask AWS.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;
use tfplugin_rs::tf;

use super::choice::Choice;
use super::{Model, ServiceAccount};
use crate::api::name;
use crate::aws::{Call, arn::Arn, region::Partition};
use crate::iam::errors::Answer;
use crate::iam::issuer;
use crate::iam::trust::{self, OidcProvider, TrustError};
use crate::iam::workload::{ParameterError, Place, Policy};

/// What can be set where the cluster cannot be asked.
pub(super) const INSTEAD: &str = "oidc_provider_arns";

/// What a workload adds to a role.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Permissions {
    /// The policy inside of the role.
    pub policy: Option<String>,
    /// AWS's policies.
    pub arns: BTreeSet<String>,
}

/// The policies of a workload. `cluster` is that of the role.
///
/// # Errors
///
/// Everything that is wrong with the parameters.
pub(super) fn permissions(
    choice: &Choice,
    cluster: Option<&str>,
    place: &Place,
) -> Result<Permissions, Vec<ParameterError>> {
    let mut permissions = Permissions::default();
    let Some(workload) = choice.workload() else {
        return Ok(permissions);
    };
    for policy in workload.policies(&choice.parameters(cluster), place)? {
        match policy {
            Policy::Managed(arn) => {
                permissions.arns.insert(arn);
            }
            Policy::Inline(document) => permissions.policy = Some(document.json()),
        }
    }
    Ok(permissions)
}

/// The trust policy. Without service accounts, for those that the workload usually runs as.
pub(super) fn trust_policy(
    providers: &[OidcProvider],
    accounts: Option<&BTreeSet<ServiceAccount>>,
    choice: Option<&Choice>,
) -> Result<String, TrustError> {
    let usual = choice.and_then(Choice::workload);
    let usual = usual.map_or(&[] as &[_], |workload| workload.service_accounts);
    let accounts: Vec<(&str, &str)> = match accounts {
        Some(accounts) => accounts
            .iter()
            .map(|account| (account.namespace.as_str(), account.name.as_str()))
            .collect(),
        None => usual.to_vec(),
    };
    let accounts = accounts
        .into_iter()
        .map(|(namespace, name)| trust::ServiceAccount::new(namespace, name));
    let accounts: Vec<_> = accounts.collect::<Result<_, _>>()?;
    Ok(trust::irsa(providers, &accounts)?.json())
}

/// Providers of their ARNs, which were checked before.
pub(super) fn providers(arns: &BTreeSet<String>) -> Vec<OidcProvider> {
    arns.iter()
        .filter_map(|arn| OidcProvider::of_arn(arn).ok())
        .collect()
}

/// The planned role with everything that could not be known at plan, but for what depends on its account: see
/// [`permitted`].
pub(super) async fn resolve(cx: &Call, planned: Model) -> tf::Result<Model> {
    let arns = match (&planned.oidc_provider_arns, &planned.cluster_name) {
        (Some(arns), _) => arns.clone(),
        (None, Some(cluster)) => {
            let region = planned.region.as_deref();
            let provider = issuer::provider_of(cx, region, cluster, INSTEAD).await?;
            let provider = provider.ok_or_else(|| issuer::none(cluster))?;
            BTreeSet::from([provider.arn().to_owned()])
        }
        (None, None) => BTreeSet::new(),
    };
    let invalid = |error: TrustError| tf::Error::new(format!("Invalid trust: {error}."));
    let trust = trust_policy(
        &providers(&arns),
        planned.service_accounts.as_ref(),
        planned.workload.as_ref(),
    )
    .map_err(invalid)?;
    // Parameters are right or wrong in any account. Those that are wrong are refused before there is a role.
    let region = cx.region_or(planned.region.as_deref())?;
    permissions_in(&planned, Partition::of(region).id, "", region)?;
    let prefix = planned.name_prefix.as_deref();
    let made_up = || name::generate(prefix, cx.idempotency_token());
    Ok(Model {
        name: Some(planned.name.clone().unwrap_or_else(made_up)),
        oidc_provider_arns: Some(arns),
        assume_role_policy: Some(planned.assume_role_policy.clone().unwrap_or(trust)),
        ..planned
    })
}

/// The resolved role with the policies of its workload, now that its ARN tells the account.
pub(super) fn permitted(cx: &Call, planned: Model, role_arn: &str) -> tf::Result<Model> {
    let arn: Arn = role_arn
        .parse()
        .map_err(|_| tf::Error::new(format!("IAM calls {role_arn:?} the ARN of the role.")))?;
    let region = cx.region_or(planned.region.as_deref())?;
    let permissions = permissions_in(&planned, &arn.partition, &arn.account_id, region)?;
    Ok(Model {
        workload_policy: permissions.policy,
        workload_policy_arns: Some(permissions.arns),
        ..planned
    })
}

fn permissions_in(
    planned: &Model,
    partition: &str,
    account_id: &str,
    region: &str,
) -> tf::Result<Permissions> {
    let place = Place {
        partition,
        account_id,
        region,
    };
    let cluster = planned.cluster_name.as_deref();
    match &planned.workload {
        Some(choice) => permissions(choice, cluster, &place).map_err(|errors| refuse(&errors)),
        None => Ok(Permissions::default()),
    }
}

/// Parameters that became known at apply only.
fn refuse(errors: &[ParameterError]) -> tf::Error {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    tf::Error::new(format!("{}.", errors.join(".\n"))).at("workload")
}

/// Tells that pods cannot take the role yet. Who may not look is not told.
pub(super) async fn warn_without_provider(cx: &Call, client: &Client, role: &Model) {
    for arn in role.oidc_provider_arns.iter().flatten() {
        let request = client
            .get_open_id_connect_provider()
            .open_id_connect_provider_arn(arn);
        let answer = request.send().await.to("GetOpenIDConnectProvider", arn);
        if answer.is_err_and(|error| error.is_not_found()) {
            cx.warn(
                "No OIDC provider in IAM",
                format!(
                    "The role trusts {arn}, which does not exist in IAM. Pods cannot take the role before it does: \
                     create it, such as with eks_oidc_provider."
                ),
            );
        }
    }
}
