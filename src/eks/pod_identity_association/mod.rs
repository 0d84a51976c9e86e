//! `eks_pod_identity_association`: the IAM role that the pods of a service account get.
//!
//! The smallest resource, and the one to read first. Order, retries and waits are handled by [`crate::kind`].

mod list;
#[cfg(test)]
mod tests;

use std::time::SystemTime;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{Diagnostics, Value};

pub use self::list::PodIdentityAssociations;

use super::shared::InCluster;
use super::shared::checks::{cluster_name, namespace, role_arn, service_account};
use super::shared::spelling::text;
use super::shared::tags::ByArn;
use crate::api::{self, Found, Observed};
use crate::aws::{self, Call, system_time, tags};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place};

model! {
    /// Gives the pods of a Kubernetes service account an IAM role, by way of EKS Pod Identity.
    ///
    /// Needs the add-on `eks-pod-identity-agent` (not with EKS Auto Mode), and a role that trusts `pods.eks.amazonaws.com`.
    pub struct Model {
        /// Cluster of the service account. Another cluster is another association.
        pub cluster_name: String => replace check(cluster_name),
        /// Kubernetes namespace of the service account. Another namespace is another association.
        pub namespace: String => replace check(namespace),
        /// Name of the Kubernetes service account, which need not exist yet. Another name is another association.
        pub service_account: String => replace check(service_account),
        /// IAM role of the pods.
        pub role_arn: String => check(role_arn),
        /// IAM role that `role_arn` assumes for the pods, in this account or another one. Pods then have its permissions.
        pub target_role_arn: Option<String> => check(role_arn),
        /// Whether to leave out the session tags that name cluster, namespace and service account. Default `false`.
        pub disable_session_tags: Option<bool> => default(false),
        /// IAM policy in JSON that takes permissions away from the role, for these pods only. Needs `disable_session_tags`.
        pub policy: Option<String> => json,
        /// Whether to take over, and change, what the service account has already. Default `false`. Counts at creation only.
        pub adopt_existing: Option<bool> => default(false) write_once,
        /// Region of the cluster. Default is the region of the provider. Another region is another association.
        pub region: aws::Region,
        /// Tags of the association; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the association, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Id of the association, as `association_id`.
        pub id: Option<String> => computed keep,
        /// Id of the association, such as `a-9njjin9gfghecgocd`.
        pub association_id: Option<String> => computed keep,
        /// ARN of the association.
        pub association_arn: Option<String> => computed keep,
        /// What the trust policy of the target role should demand as `sts:ExternalId`.
        pub external_id: Option<String> => computed follows(["target_role_arn"]),
        /// ARN of the add-on that made the association, if one did.
        pub owner_arn: Option<String> => computed keep,
    }
}

pub struct PodIdentityAssociation;

impl Kind for PodIdentityAssociation {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::PodIdentityAssociation;

    const NAME: &'static str = "pod_identity_association";
    const TITLE: &'static str = "EKS Pod Identity association";
    const IDENTITY: &'static [&'static str] = &["cluster_name", "association_id"];
    const CONFLICT_ATTRIBUTE: Option<&'static str> = Some("service_account");
    const SEPARATOR: char = ',';
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_pod_identity_association")];

    fn check(config: &Value, found: &mut Diagnostics) {
        let disable = config.get("disable_session_tags");
        let has_policy = config.get("policy").as_str().is_some();
        if has_policy && !disable.is_unknown() && disable.as_bool() != Some(true) {
            let detail =
                "AWS takes a policy only without session tags: set disable_session_tags = true.";
            found.error("policy", "Invalid policy", detail);
        }
    }

    fn place(model: &Model) -> Place<'_> {
        let id = model.association_id.as_deref();
        let key = Key::new(&model.cluster_name, id.unwrap_or_default());
        Place::new(model.region.as_deref(), key)
            .with_tags(model.association_arn.as_deref(), model.tags_all.as_ref())
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<Self::Object> {
        let request = client
            .create_pod_identity_association()
            .client_request_token(token)
            .cluster_name(&planned.cluster_name)
            .namespace(&planned.namespace)
            .service_account(&planned.service_account)
            .role_arn(&planned.role_arn)
            .set_target_role_arn(planned.target_role_arn.clone())
            .set_disable_session_tags(planned.disable_session_tags)
            .set_policy(planned.policy.clone())
            .set_tags(planned.tags_all.for_create());
        let (answer, target) = (request.send().await, &planned.service_account);
        answer.object("CreatePodIdentityAssociation", target, |it| it.association)
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Self::Object>>> {
        describe(client, Self::place(known).key).await
    }

    /// The id is AWS's choice. A service account has one association at most.
    async fn find_existing(
        client: &Client,
        planned: &Model,
    ) -> api::Result<Option<Found<Self::Object>>> {
        let cluster = planned.cluster_name.as_str();
        let request = client
            .list_pod_identity_associations()
            .cluster_name(cluster)
            .namespace(&planned.namespace)
            .service_account(&planned.service_account);
        let (answer, target) = (request.send().await, &planned.service_account);
        let listed = answer.to("ListPodIdentityAssociations", target)?;
        let mut listed = listed.associations.into_iter().flatten();
        match listed.find_map(|it| it.association_id) {
            Some(id) => describe(client, Key::new(cluster, &id)).await,
            None => Ok(None),
        }
    }

    /// An empty text takes a target role or a policy away; an absent one leaves it as it is. Source: the EKS controller
    /// of AWS Controllers for Kubernetes (eks-controller#164), which does so for target roles; a guess for policies.
    async fn change(_: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        let changed = |prior: &Option<String>, planned: &Option<String>| {
            (prior != planned).then(|| planned.clone().unwrap_or_default())
        };
        let key = Self::place(prior).key;
        let request = client
            .update_pod_identity_association()
            .cluster_name(key.parent)
            .association_id(key.name)
            .role_arn(&planned.role_arn)
            .set_disable_session_tags(planned.disable_session_tags)
            .set_target_role_arn(changed(&prior.target_role_arn, &planned.target_role_arn))
            .set_policy(changed(&prior.policy, &planned.policy));
        let answer = request.send().await;
        answer.to("UpdatePodIdentityAssociation", key).map(drop)
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let request = client.delete_pod_identity_association();
        let request = request.cluster_name(key.parent).association_id(key.name);
        let answer = request.send().await;
        answer.to("DeletePodIdentityAssociation", key).map(drop)
    }

    fn into_model(cx: &Call, it: Self::Object, known: &Model) -> Model {
        let (tags, tags_all) = tags::from_api(cx, it.tags.iter().flatten(), &known.tags);
        Model {
            cluster_name: it.cluster_name.unwrap_or_default(),
            namespace: it.namespace.unwrap_or_default(),
            service_account: it.service_account.unwrap_or_default(),
            role_arn: it.role_arn.unwrap_or_default(),
            target_role_arn: text(it.target_role_arn),
            disable_session_tags: Some(it.disable_session_tags.unwrap_or(false)),
            policy: text(it.policy),
            adopt_existing: known.adopt_existing.or(Some(false)),
            region: known.region.resolved(cx),
            tags,
            tags_all,
            id: it.association_id.clone(),
            association_id: it.association_id,
            association_arn: it.association_arn,
            external_id: it.external_id,
            owner_arn: it.owner_arn,
        }
    }
}

async fn describe(
    client: &Client,
    key: Key<'_>,
) -> api::Result<Option<Found<sdk::PodIdentityAssociation>>> {
    let request = client.describe_pod_identity_association();
    let request = request.cluster_name(key.parent).association_id(key.name);
    let answer = request.send().await;
    answer.found("DescribePodIdentityAssociation", key, |it| it.association)
}

impl Observed for sdk::PodIdentityAssociation {
    fn created_at(&self) -> Option<SystemTime> {
        system_time(self.created_at.as_ref())
    }
}
