//! EKS access policies: their ARNs and scopes, which there are, and the requests that associate them with access entries.
//!
//! Which associations there should be is for the resources to know.

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{length, matches};
use tfplugin_rs::tf::{Diagnostics, Path, Plan, Value};

use super::spelling::{set, word};
use crate::api::{self, in_time};
use crate::aws::Call;
use crate::eks::shared::Answer;
use crate::kind::Key;

model! {
    /// Where an access policy counts.
    pub struct AccessScope {
        /// `cluster` for the whole cluster, or `namespace` for some namespaces.
        pub r#type: String => one_of(["cluster", "namespace"]),
        /// Kubernetes namespaces for the type `namespace`, which need not exist yet. `*` stands for any characters, as in
        /// `dev-*`.
        pub namespaces: Option<BTreeSet<String>> => each(length(1..=63)) each(matches(
            "^[a-z0-9*]([a-z0-9*-]*[a-z0-9*])?$",
            "the name of a Kubernetes namespace, in which * stands for any characters, such as \"dev-*\"",
        )),
    }
}

impl AccessScope {
    /// The scope as AWS tells it.
    pub fn from_sdk(scope: sdk::AccessScope) -> Self {
        Self {
            r#type: word(scope.r#type).unwrap_or_default(),
            namespaces: set(scope.namespaces),
        }
    }

    /// Whether it means the same: AWS makes no difference between no namespaces and none given.
    pub fn is_same(&self, other: &Self) -> bool {
        let namespaces = |scope: &Self| scope.namespaces.clone().unwrap_or_default();
        self.r#type == other.r#type && namespaces(self) == namespaces(other)
    }

    fn to_sdk(&self) -> sdk::AccessScope {
        let namespaces = self.namespaces.clone().map(Vec::from_iter);
        let builder = sdk::AccessScope::builder().r#type(self.r#type.as_str().into());
        builder.set_namespaces(namespaces).build()
    }
}

/// An ARN of an access policy, of any partition.
pub fn policy_arn(value: &Value) -> Result<(), String> {
    const EXPECTED: &str = "the ARN of an EKS access policy, such as \
                            \"arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy\"";
    let is_policy = matches(
        "^arn:aws[a-z0-9-]*:eks::aws:cluster-access-policy/[A-Za-z0-9_-]+$",
        EXPECTED,
    );
    let is_of_iam = value.as_str().is_some_and(|text| text.contains(":iam::"));
    is_policy(value).map_err(|expected| match is_of_iam {
        true => format!("{expected}: a policy of IAM permits nothing in Kubernetes"),
        false => expected,
    })
}

/// Whether type and namespaces of a scope go together. `path` is that of the namespaces.
pub fn check_scope(scope: &Value, path: impl Into<Path>, found: &mut Diagnostics) {
    let namespaces = scope.get("namespaces");
    let is_empty = namespaces.is_absent();
    let detail = match scope.get("type").as_str() {
        Some("namespace") if !namespaces.is_unknown() && is_empty => {
            "A scope of the type \"namespace\" needs namespaces. For all of them, the type is \"cluster\"."
        }
        Some("cluster") if !namespaces.is_unknown() && !is_empty => {
            "A scope of the type \"cluster\" is the whole cluster: remove namespaces, or make the type \"namespace\"."
        }
        _ => return,
    };
    found.error(path, "Invalid namespaces", detail);
}

/// Refuses policies that EKS does not offer. It is asked while planning, once for all, and only when there is one to check.
///
/// Nobody needs this to plan: without an answer (no permission, no region yet) the plan goes on, and EKS judges at apply.
pub async fn check_offered(cx: &Call, plan: &mut Plan, path: &str, policies: &BTreeSet<String>) {
    if policies.is_empty() {
        return;
    }
    let region = plan.planned.get("region").as_str();
    let offered = match in_time(offered(cx, region)).await {
        Ok(offered) if !offered.is_empty() => offered,
        Ok(_) => return,
        Err(reason) => return tracing::info!(%reason, "access policies not checked"),
    };
    for policy in policies.difference(&offered) {
        let offered: String = offered.iter().map(|arn| format!("\n  - {arn}")).collect();
        let detail = format!("EKS has no access policy {policy:?}. Those it has:{offered}");
        plan.diagnostics
            .error(path, "Unknown access policy", detail);
    }
}

async fn offered(cx: &Call, region: Option<&str>) -> Result<BTreeSet<String>, String> {
    let client = cx.eks(region).await.map_err(|error| error.detail)?;
    let policies = cx.once(region, &["ListAccessPolicies"], list(&client));
    let policies = policies.await.map_err(|error| error.to_string())?;
    let arns = policies.iter().filter_map(|it| it.arn.clone());
    Ok(arns.collect())
}

/// The policies that EKS offers.
///
/// # Errors
///
/// AWS refuses.
pub async fn list(client: &Client) -> api::Result<Vec<sdk::AccessPolicy>> {
    let mut pages = client.list_access_policies().into_paginator().send();
    let mut policies = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.to("ListAccessPolicies", "")?;
        policies.extend(page.access_policies.into_iter().flatten());
    }
    Ok(policies)
}

/// The policies that are associated with an access entry, whose principal is the key's name.
///
/// # Errors
///
/// AWS refuses, or there is no such entry.
pub async fn list_associated(
    client: &Client,
    key: Key<'_>,
) -> api::Result<Vec<sdk::AssociatedAccessPolicy>> {
    let request = client.list_associated_access_policies();
    let request = request.cluster_name(key.parent).principal_arn(key.name);
    let mut pages = request.into_paginator().send();
    let mut policies = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.to("ListAssociatedAccessPolicies", key)?;
        policies.extend(page.associated_access_policies.into_iter().flatten());
    }
    Ok(policies)
}

/// Associates a policy with an access entry, or gives it another scope.
///
/// # Errors
///
/// AWS refuses.
pub async fn associate(
    client: &Client,
    key: Key<'_>,
    policy: &str,
    scope: &AccessScope,
) -> api::Result<sdk::AssociatedAccessPolicy> {
    let request = client
        .associate_access_policy()
        .cluster_name(key.parent)
        .principal_arn(key.name)
        .policy_arn(policy)
        .access_scope(scope.to_sdk());
    let answer = request.send().await;
    answer.object("AssociateAccessPolicy", key, |it| {
        it.associated_access_policy
    })
}

/// Takes a policy off an access entry.
///
/// # Errors
///
/// AWS refuses, or it is not associated.
pub async fn disassociate(client: &Client, key: Key<'_>, policy: &str) -> api::Result<()> {
    let request = client
        .disassociate_access_policy()
        .cluster_name(key.parent)
        .principal_arn(key.name)
        .policy_arn(policy);
    let answer = request.send().await;
    answer.to("DisassociateAccessPolicy", key).map(drop)
}
