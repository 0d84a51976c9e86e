//! Between what IAM has and the model.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types as sdk;

use super::look::Role;
use super::{Model, ServiceAccount};
use crate::api::name::prefix_of;
use crate::aws::{Call, tags};
use crate::iam::{document, trust};

/// Under which service accounts name their role.
const ROLE_ARN: &str = "eks.amazonaws.com/role-arn";

/// What service accounts of the role need as annotations.
pub(super) fn annotations(arn: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(ROLE_ARN.to_owned(), arn.to_owned())])
}

/// A role as IAM has it. What IAM does not tell is as it is `known`.
pub(super) fn into_model(cx: &Call, found: Role, known: &Model) -> Model {
    let Role {
        role,
        attached,
        inline,
    } = found;
    let trust = role.assume_role_policy_document.as_deref();
    let trust = trust.map(document::decode);
    let (oidc_provider_arns, service_accounts) = trusted(trust.as_deref(), known);
    let (tags, tags_all) = tags::from_api(cx, &map(role.tags.as_deref()), &known.tags);
    let workload = known.workload.as_ref().map(|choice| choice.name.as_str());
    let of_workload = known.workload_policy_arns.clone().unwrap_or_default();
    let own = known.policy_arns.clone().unwrap_or_default();
    let is_workload = |name: &str| Some(name) == workload;
    Model {
        cluster_name: known.cluster_name.clone(),
        oidc_provider_arns,
        service_accounts,
        name: Some(role.role_name.clone()),
        name_prefix: known_prefix(known, &role.role_name),
        path: Some(role.path),
        description: role.description.filter(|text| !text.is_empty()),
        max_session_duration: Some(role.max_session_duration.unwrap_or(3600)),
        permissions_boundary: role
            .permissions_boundary
            .and_then(|boundary| boundary.permissions_boundary_arn),
        workload_policy: workload.and_then(|name| inline.get(name).cloned()),
        workload_policy_arns: Some(attached.intersection(&of_workload).cloned().collect()),
        policy_arns: Some(
            attached
                .difference(&(&of_workload - &own))
                .cloned()
                .collect(),
        ),
        inline_policies: Some(
            inline
                .into_iter()
                .filter(|(name, _)| !is_workload(name))
                .collect(),
        ),
        workload: known.workload.clone(),
        exclusive: known.exclusive.or(Some(false)),
        force_detach_policies: known.force_detach_policies.or(Some(false)),
        region: known.region.resolved(cx),
        tags,
        tags_all,
        id: Some(role.role_name),
        service_account_annotations: Some(annotations(&role.arn)),
        arn: Some(role.arn),
        unique_id: Some(role.role_id),
        assume_role_policy: trust,
    }
}

/// Whom the role trusts: as it is known; of an imported one as its policy says, if that is one of ours. Where somebody
/// else changed the policy, that shows in `assume_role_policy`.
fn trusted(
    trust: Option<&str>,
    known: &Model,
) -> (Option<BTreeSet<String>>, Option<BTreeSet<ServiceAccount>>) {
    let as_known = || {
        (
            known.oidc_provider_arns.clone(),
            known.service_accounts.clone(),
        )
    };
    if !is_import(known) {
        return as_known();
    }
    let Some((providers, accounts)) = trust.and_then(trust::read) else {
        return as_known();
    };
    let arns = providers.iter().map(|provider| provider.arn().to_owned());
    let accounts = accounts.iter().map(|account| ServiceAccount {
        namespace: account.namespace().to_owned(),
        name: account.name().to_owned(),
    });
    (Some(arns.collect()), Some(accounts.collect()))
}

/// Nothing is known but the name.
pub(super) fn is_import(known: &Model) -> bool {
    known.arn.is_none() && known.oidc_provider_arns.is_none()
}

/// IAM does not tell whether a name was made up, but the name does.
fn known_prefix(known: &Model, name: &str) -> Option<String> {
    let told = || prefix_of(name).map(ToOwned::to_owned);
    known
        .name_prefix
        .clone()
        .or_else(|| is_import(known).then(told).flatten())
}

/// IAM's tags as a map.
fn map(tags: Option<&[sdk::Tag]>) -> BTreeMap<String, String> {
    let tags = tags.unwrap_or_default().iter();
    tags.map(|tag| (tag.key.clone(), tag.value.clone()))
        .collect()
}
