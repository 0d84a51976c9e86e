//! `eks_access_policy_association`: what an IAM principal that has an access entry may do in a cluster, and where.
//!
//! Order, retries and waits are handled by [`crate::kind`].

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::SystemTime;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, Diagnostics, Plan, Timeouts, Value};

use super::shared::InCluster;
use super::shared::access_policy::{
    AccessScope, associate, check_offered, check_scope, disassociate, list_associated, policy_arn,
};
use super::shared::checks::{cluster_name, principal_arn};
use super::shared::spelling::time;
use crate::api::{self, Error, ErrorKind, Found, Observed};
use crate::aws::{self, Call, system_time};
use crate::kind::{Key, Kind, Place, Untagged};

model! {
    /// Associates an EKS access policy with an access entry: what the principal may do in the cluster, and where.
    ///
    /// For entries that have no `access_policies`: those take off what they do not name.
    pub struct Model {
        /// Cluster of the access entry. Another cluster is another association.
        pub cluster_name: String => replace check(cluster_name),
        /// Principal of the access entry. Another principal is another association.
        ///
        /// Refer to `principal_arn` of the `eks_access_entry`, so that Terraform makes the entry first.
        pub principal_arn: String => replace check(principal_arn),
        /// ARN of the policy, such as `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`. Another policy is another
        /// association.
        ///
        /// It must be one that EKS offers (`aws eks list-access-policies`).
        pub policy_arn: String => replace check(policy_arn),
        /// Where the policy counts. Changed in place.
        pub access_scope: AccessScope => block,
        /// Region of the cluster. Default is the region of the provider. Another region is another association.
        pub region: aws::Region,
        /// Cluster, principal and policy as `cluster#principal#policy`.
        pub id: Option<String> => computed keep,
        /// When the policy was associated, in RFC 3339 format.
        pub associated_at: Option<String> => computed,
        /// When the association was changed last, in RFC 3339 format.
        pub modified_at: Option<String> => computed,
    }
}

pub struct AccessPolicyAssociation;

impl Kind for AccessPolicyAssociation {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = Untagged;
    type Model = Model;
    type Object = sdk::AssociatedAccessPolicy;

    const NAME: &'static str = "access_policy_association";
    const TITLE: &'static str = "EKS access policy association";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(10),
        delete: tf::minutes(10),
        ..Timeouts::NONE
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "principal_arn", "policy_arn"];
    const CONFLICT_ATTRIBUTE: Option<&'static str> = Some("policy_arn");
    const SEPARATOR: char = '#';
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_access_policy_association")];

    fn check(config: &Value, found: &mut Diagnostics) {
        let scope = config.get("access_scope").index(0);
        check_scope(scope, "access_scope[0].namespaces", found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        if plan.is_destroy() || !plan.changes("policy_arn") {
            return Ok(());
        }
        let policy = plan.planned.get("policy_arn").as_str();
        let policy: BTreeSet<_> = policy.map(ToOwned::to_owned).into_iter().collect();
        check_offered(cx, plan, "policy_arn", &policy).await;
        Ok(())
    }

    fn place(model: &Model) -> Place<'_> {
        let key = Key {
            part: Some(&model.policy_arn),
            ..Key::new(&model.cluster_name, &model.principal_arn)
        };
        Place::new(model.region.as_deref(), key)
    }

    /// AWS would change the scope of an association that is there already, so it is looked for first.
    async fn create(client: &Client, planned: &Model, _: &str) -> api::Result<Self::Object> {
        let key = Self::place(planned).key;
        if Self::find(client, planned).await?.is_some() {
            let detail = "the policy is associated already";
            return Err(Error::new(
                "AssociateAccessPolicy",
                key,
                ErrorKind::AlreadyExists,
                detail,
            ));
        }
        associate(client, key, &planned.policy_arn, &planned.access_scope).await
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Self::Object>>> {
        let key = Self::place(known).key;
        let policies = match list_associated(client, key).await {
            // No such cluster, or no such access entry.
            Err(error) if error.is_not_found() || *error.kind() == ErrorKind::NotPropagated => {
                Vec::new()
            }
            listed => listed?,
        };
        let mut policies = policies.into_iter();
        let found = policies.find(|it| it.policy_arn() == key.part);
        Ok(found.map(|policy| Found::new(policy, None)))
    }

    async fn change(_: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let changed = associate(client, key, &prior.policy_arn, &planned.access_scope);
        changed.await.map(drop)
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        disassociate(client, Self::place(prior).key, &prior.policy_arn).await
    }

    fn into_model(cx: &Call, it: Self::Object, known: &Model) -> Model {
        let scope = it.access_scope.map(AccessScope::from_sdk);
        Model {
            cluster_name: known.cluster_name.clone(),
            principal_arn: known.principal_arn.clone(),
            policy_arn: known.policy_arn.clone(),
            access_scope: scope.unwrap_or_default(),
            region: known.region.resolved(cx),
            id: Some(Self::place(known).key.join(Self::SEPARATOR)),
            associated_at: time(it.associated_at),
            modified_at: time(it.modified_at),
        }
    }
}

impl Observed for sdk::AssociatedAccessPolicy {
    fn created_at(&self) -> Option<SystemTime> {
        system_time(self.associated_at.as_ref())
    }
}
