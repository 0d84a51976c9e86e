//! The access policies of an entry, when the entry says which it has.
//!
//! What associating takes is in [`crate::eks::access_policy`].

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{Plan, Value};

use super::{AccessEntry, Model};
use crate::api;
use crate::aws::Call;
use crate::eks::shared::access_policy::{
    self, AccessScope, associate, disassociate, list_associated, policy_arn,
};
use crate::kind::Kind;

model! {
    /// An access policy of an entry, and where it counts.
    pub struct AccessPolicy {
        /// ARN of the policy, such as `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`.
        ///
        /// It must be one that EKS offers (`aws eks list-access-policies`).
        pub policy_arn: String => check(policy_arn),
        /// Where the policy counts.
        pub access_scope: AccessScope,
    }
}

impl AccessPolicy {
    fn from_sdk(policy: sdk::AssociatedAccessPolicy) -> Self {
        let scope = policy.access_scope.map(AccessScope::from_sdk);
        Self {
            policy_arn: policy.policy_arn.unwrap_or_default(),
            access_scope: scope.unwrap_or_default(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.policy_arn == other.policy_arn && self.access_scope.is_same(&other.access_scope)
    }
}

/// Refuses policies that EKS does not offer, among those that are new.
pub(super) async fn check_offered(cx: &Call, plan: &mut Plan) {
    let arns = |entry: &Value| -> BTreeSet<String> {
        let policies = entry.get("access_policies").elements();
        let arns = policies.filter_map(|policy| policy.get("policy_arn").as_str());
        arns.map(ToOwned::to_owned).collect()
    };
    let new = &arns(&plan.planned) - &arns(&plan.prior);
    access_policy::check_offered(cx, plan, "access_policies", &new).await;
}

/// Gives the entry the policies it is to have, if that is said, and takes others off: only what differs.
pub(super) async fn make(client: &Client, planned: &Model) -> api::Result<()> {
    let Some(planned_policies) = &planned.access_policies else {
        return Ok(());
    };
    let key = AccessEntry::place(planned).key;
    let there = find(client, planned).await?;
    for policy in planned_policies {
        if !there.iter().any(|it| it.is_same(policy)) {
            associate(client, key, &policy.policy_arn, &policy.access_scope).await?;
        }
    }
    let is_planned = |it: &&AccessPolicy| {
        planned_policies
            .iter()
            .any(|planned| planned.policy_arn == it.policy_arn)
    };
    for policy in there.iter().filter(|it| !is_planned(it)) {
        match disassociate(client, key, &policy.policy_arn).await {
            Err(error) if !error.is_not_found() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The entry with the policies it has.
pub(super) async fn read(
    cx: &Call,
    client: &Client,
    entry: Model,
    known: &BTreeSet<AccessPolicy>,
) -> api::Result<Model> {
    let there = find(client, &entry).await?;
    let is_known =
        |policy: &&AccessPolicy| known.iter().any(|it| it.policy_arn == policy.policy_arn);
    for stranger in there.iter().filter(|policy| !is_known(policy)) {
        warn(cx, &entry, stranger);
    }
    Ok(Model {
        access_policies: Some(there),
        ..entry
    })
}

async fn find(client: &Client, entry: &Model) -> api::Result<BTreeSet<AccessPolicy>> {
    let there = list_associated(client, AccessEntry::place(entry).key).await?;
    Ok(there.into_iter().map(AccessPolicy::from_sdk).collect())
}

fn warn(cx: &Call, entry: &Model, stranger: &AccessPolicy) {
    let detail = format!(
        "{} is associated with the access entry of {} in cluster {:?}, and access_policies does not name it: an apply takes \
         it off. If an eks_access_policy_association makes it, it would come and go: name it in access_policies only, or \
         remove access_policies and give every policy a resource of its own.",
        stranger.policy_arn, entry.principal_arn, entry.cluster_name
    );
    cx.warn("Access policy associated by somebody else", detail);
}
