//! `eks_access_entry`: an IAM principal that may enter a cluster, as whom, and with which access policies.
//!
//! Who principals are to Kubernetes is in `principal`, the policies of an entry in `policies`, rules over the
//! configuration in `check`, rules of planning in `plan`. Order, retries and waits are handled by [`crate::kind`].

mod check;
mod data_source;
mod list;
mod plan;
mod policies;
mod principal;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::SystemTime;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::length;
use tfplugin_rs::tf::{self, Diagnostics, Plan, Timeouts, Value};

pub use self::list::AccessEntries;

use self::check::{group, kind, user_name};
use self::policies::AccessPolicy;
use super::shared::InCluster;
use super::shared::checks::{cluster_name, principal_arn};
use super::shared::spelling::time;
use super::shared::tags::ByArn;
use crate::api::{self, Found, Observed, retry};
use crate::aws::{self, Call, system_time, tags};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place};

model! {
    /// Lets an IAM role or user into a cluster.
    ///
    /// Needs the authentication mode `API_AND_CONFIG_MAP` or `API` (`access_config` of the cluster). What the principal may
    /// do there, access policies say, or Kubernetes roles that are bound to its groups or user name.
    ///
    /// Access policies are named in `access_policies`, or by resources of their own, `eks_access_policy_association`. Use one
    /// of the two for an entry: `access_policies` takes off what it does not name. A plan tells of policies that somebody
    /// else has associated, with a warning.
    pub struct Model {
        /// Cluster that the principal may enter. Another cluster is another entry.
        pub cluster_name: String => replace check(cluster_name),
        /// IAM role or user. Another principal is another entry.
        ///
        /// For a role the ARN with its path, if it has one, and not that of a session (`assumed-role`). AWS knows the principal
        /// by its internal id: one that is deleted and made again needs another entry, too.
        pub principal_arn: String => replace check(principal_arn),
        /// What the principal is: `STANDARD`, or that of nodes `EC2` (of Auto Mode), `EC2_LINUX`, `EC2_WINDOWS`,
        /// `FARGATE_LINUX`, `HYBRID_LINUX` or `HYPERPOD_LINUX`. Another type is another entry.
        pub r#type: Option<String> => default("STANDARD") replace check(kind),
        /// Kubernetes groups of the principal. Removing some or all takes the principal out of them.
        ///
        /// For the type `STANDARD` only; nodes get theirs from EKS. None may begin with `system:`.
        pub kubernetes_groups: Option<BTreeSet<String>> => optional_computed each(length(1..=253)) each(group),
        /// Name of the principal in Kubernetes. Removing it goes back to the name that EKS gives: the ARN of a user, and for a
        /// role `arn:aws:sts::<account>:assumed-role/<role>/{{SessionName}}`.
        ///
        /// For the type `STANDARD` only. It may not begin with `system:`, `eks:`, `aws:`, `amazon:` or `iam:`. `{{SessionName}}`
        /// stands for the session of a role, and needs a colon somewhere before it.
        pub user_name: Option<String> => optional_computed check(length(1..=253)) check(user_name),
        /// Access policies of the entry. Others are taken off, and a change of scope is made in place.
        ///
        /// For the types `STANDARD` and `EC2`. When absent or removed, the policies of the entry are left as they are, and
        /// refreshing takes one request less. An import does not tell them; the next apply sends what differs.
        pub access_policies: Option<BTreeSet<AccessPolicy>>,
        /// Whether to take over, and change, the entry that the principal has already, such as that of the creator of the
        /// cluster. Default `false`. Counts at creation only.
        pub adopt_existing: Option<bool> => default(false) write_once,
        /// Region of the cluster, by default that of the provider. Another region is another entry.
        pub region: aws::Region,
        /// Tags of the entry; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the entry, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Cluster and principal as `cluster:principal`.
        pub id: Option<String> => computed keep,
        /// ARN of the entry.
        pub access_entry_arn: Option<String> => computed keep,
        /// When the entry was made, in RFC 3339 format.
        pub created_at: Option<String> => computed keep,
        /// When the entry was changed last, in RFC 3339 format. Its policies do not count.
        pub modified_at: Option<String> => computed,
    }
}

pub struct AccessEntry;

/// The type of all that are no nodes.
const STANDARD: &str = "STANDARD";

impl Kind for AccessEntry {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::AccessEntry;

    const NAME: &'static str = "access_entry";
    const TITLE: &'static str = "EKS access entry";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(10),
        delete: tf::minutes(10),
        ..Timeouts::NONE
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "principal_arn"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_access_entry")];

    fn check(config: &Value, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        if !plan.is_destroy() {
            plan::names(plan);
            plan::check_mode(cx, plan);
            policies::check_offered(cx, plan).await;
        }
        Ok(())
    }

    fn place(model: &Model) -> Place<'_> {
        let key = Key::new(&model.cluster_name, &model.principal_arn);
        Place::new(model.region.as_deref(), key)
            .with_tags(model.access_entry_arn.as_deref(), model.tags_all.as_ref())
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<Self::Object> {
        let groups = planned.kubernetes_groups.clone();
        let groups = groups.filter(|groups| !groups.is_empty());
        let request = client
            .create_access_entry()
            .client_request_token(token)
            .cluster_name(&planned.cluster_name)
            .principal_arn(&planned.principal_arn)
            .set_type(planned.r#type.clone())
            .set_kubernetes_groups(groups.map(Vec::from_iter))
            .set_username(plan::own_user_name(planned))
            .set_tags(planned.tags_all.for_create());
        let (answer, key) = (request.send().await, Self::place(planned).key);
        answer.object("CreateAccessEntry", key, |it| it.access_entry)
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Self::Object>>> {
        let key = Self::place(known).key;
        let request = client.describe_access_entry();
        let request = request.cluster_name(key.parent).principal_arn(key.name);
        let answer = request.send().await;
        answer.found("DescribeAccessEntry", key, |it| it.access_entry)
    }

    async fn furnish(
        cx: &Call,
        client: &Client,
        _: &Self::Object,
        planned: Model,
    ) -> tf::Result<Model> {
        let request = || policies::make(client, &planned);
        retry(cx, Self::CHANGED_AFTER, request).await?;
        Ok(planned)
    }

    /// Both names are sent, as hashicorp/aws does: whether AWS keeps one that is left out is not documented.
    async fn change(_: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        let names = |model: &Model| (model.kubernetes_groups.clone(), model.user_name.clone());
        if names(prior) != names(planned) {
            let key = Self::place(prior).key;
            let groups = planned.kubernetes_groups.clone().unwrap_or_default();
            let request = client
                .update_access_entry()
                .cluster_name(key.parent)
                .principal_arn(key.name)
                .set_kubernetes_groups(Some(Vec::from_iter(groups)))
                .set_username(planned.user_name.clone());
            request.send().await.to("UpdateAccessEntry", key)?;
        }
        if prior.access_policies != planned.access_policies {
            policies::make(client, planned).await?;
        }
        Ok(())
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let request = client.delete_access_entry();
        let request = request.cluster_name(key.parent).principal_arn(key.name);
        request.send().await.to("DeleteAccessEntry", key).map(drop)
    }

    fn into_model(cx: &Call, it: Self::Object, known: &Model) -> Model {
        let (tags, tags_all) = tags::from_api(cx, it.tags.iter().flatten(), &known.tags);
        let (cluster, principal) = (&known.cluster_name, &known.principal_arn);
        Model {
            cluster_name: cluster.clone(),
            principal_arn: principal.clone(),
            r#type: it.r#type,
            kubernetes_groups: Some(
                it.kubernetes_groups
                    .unwrap_or_default()
                    .into_iter()
                    .collect(),
            ),
            user_name: it.username,
            // Describe does not tell them.
            access_policies: None,
            adopt_existing: known.adopt_existing.or(Some(false)),
            region: known.region.resolved(cx),
            tags,
            tags_all,
            id: Some(Key::new(cluster, principal).to_string()),
            access_entry_arn: it.access_entry_arn,
            created_at: time(it.created_at),
            modified_at: time(it.modified_at),
        }
    }

    async fn read_full(
        cx: &Call,
        client: &Client,
        object: Self::Object,
        known: &Model,
    ) -> api::Result<Model> {
        let model = Self::into_model(cx, object, known);
        match &known.access_policies {
            None => Ok(model),
            Some(known) => policies::read(cx, client, model, known).await,
        }
    }
}

impl Observed for sdk::AccessEntry {
    fn created_at(&self) -> Option<SystemTime> {
        system_time(self.created_at.as_ref())
    }
}
