//! `eks_fargate_profile`: which pods run on Fargate, in which subnets and with which role.
//!
//! The rules for selectors are in `selector`, the question whether subnets are private in `subnets`. What is sent when
//! is not known here: see [`crate::kind`].

mod data_source;
mod selector;
mod subnets;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::count;
use tfplugin_rs::tf::{self, Plan, Timeouts, Value};

use self::selector::Selector;
use super::shared::InCluster;
use super::shared::checks::{cluster_name, role_arn, subnet_id};
use super::shared::health::{self, HealthIssue};
use super::shared::spelling::{set, word};
use super::shared::tags::ByArn;
use crate::api::{self, Found};
use crate::aws::{self, Call, tags};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place, States};

model! {
    /// Runs the pods that its selectors match on AWS Fargate, without nodes of your own.
    ///
    /// AWS can change nothing of a profile but its tags: everything else is another profile. Pods of a profile that is
    /// deleted are ended, and start again where another profile or a node takes them.
    ///
    /// AWS makes and deletes one profile of a cluster at a time. Those of one configuration queue up, and wait for those
    /// of others; the time in `timeouts` begins when it is a profile's turn.
    pub struct Model {
        /// Cluster of the pods.
        pub cluster_name: String => replace check(cluster_name),
        /// Name of the profile. It cannot begin with `eks-`, which AWS keeps for itself.
        pub fargate_profile_name: String => replace check(name),
        /// IAM role with which Fargate fetches images, writes logs and joins the cluster; not the role of the pods.
        ///
        /// It trusts `eks-fargate-pods.amazonaws.com`.
        pub pod_execution_role_arn: String => replace check(role_arn),
        /// Which pods: those that match one of 1 to 5 selectors.
        pub selector: BTreeSet<Selector> => block replace check(count(1..=5)),
        /// Private subnets in which the pods run: none with a direct route to an internet gateway.
        ///
        /// When absent, AWS takes the private ones among the subnets of the cluster. Removing it leaves the profile as it
        /// is.
        pub subnet_ids: Option<BTreeSet<String>> => optional_computed keep replace
            check(count(1..=usize::MAX)) each(subnet_id),
        /// Region of the cluster, by default that of the provider. Another region is another profile.
        pub region: aws::Region,
        /// Tags of the profile; they go before `default_tags` of the provider with the same key.
        ///
        /// AWS does not hand them on to the pods.
        pub tags: aws::Tags,
        /// All tags of the profile, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Cluster and profile as `cluster:profile`.
        pub id: Option<String> => computed keep,
        /// ARN of the profile.
        pub arn: Option<String> => computed keep,
        /// Where the profile stands, such as `ACTIVE`.
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING) failed(["CREATE_FAILED"]),
        /// What AWS says is wrong with the profile; empty when nothing is.
        pub health: Vec<HealthIssue> => computed usual(Value::List(Vec::new())) follows(["status"]),
    }
}

pub struct FargateProfile;

/// While a profile is on its way into being.
const MAKING: [&str; 1] = ["CREATING"];

impl Kind for FargateProfile {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::FargateProfile;

    const NAME: &'static str = "fargate_profile";
    const TITLE: &'static str = "EKS Fargate profile";
    // AWS needs one or two minutes, and for a deletion until the pods have ended.
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(10),
        read: None,
        update: None,
        delete: tf::minutes(10),
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "fargate_profile_name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_fargate_profile")];
    const STATES: States = States {
        making: &MAKING,
        made: &["ACTIVE"],
        changing: &[],
        ill: &[],
        leaving: &["DELETING", "CREATE_FAILED"],
    };
    const ONE_AT_A_TIME: bool = true;

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        if plan.is_create() {
            subnets::warn_of_public(cx, plan).await;
        }
        Ok(())
    }

    fn place(model: &Model) -> Place<'_> {
        let key = Key::new(&model.cluster_name, &model.fargate_profile_name);
        Place::new(model.region.as_deref(), key)
            .with_status(model.status.as_deref())
            .with_tags(model.arn.as_deref(), model.tags_all.as_ref())
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<Self::Object> {
        let subnets = planned.subnet_ids.clone();
        let request = client
            .create_fargate_profile()
            .client_request_token(token)
            .cluster_name(&planned.cluster_name)
            .fargate_profile_name(&planned.fargate_profile_name)
            .pod_execution_role_arn(&planned.pod_execution_role_arn)
            .set_selectors(Some(planned.selector.iter().map(Into::into).collect()))
            .set_subnets(subnets.map(|subnets| subnets.into_iter().collect()))
            .set_tags(planned.tags_all.for_create());
        let (answer, key) = (request.send().await, Self::place(planned).key);
        answer.object("CreateFargateProfile", key, |it| it.fargate_profile)
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Self::Object>>> {
        let key = Self::place(known).key;
        let request = client.describe_fargate_profile();
        let request = request.cluster_name(key.parent);
        let answer = request.fargate_profile_name(key.name).send().await;
        answer.found("DescribeFargateProfile", key, |it| it.fargate_profile)
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let request = client.delete_fargate_profile();
        let request = request.cluster_name(key.parent);
        let answer = request.fargate_profile_name(key.name).send().await;
        answer.to("DeleteFargateProfile", key).map(drop)
    }

    fn into_model(cx: &Call, it: Self::Object, known: &Model) -> Model {
        let (tags, tags_all) = tags::from_api(cx, it.tags.iter().flatten(), &known.tags);
        let key = Self::place(known).key;
        Model {
            id: Some(key.to_string()),
            region: known.region.resolved(cx),
            tags,
            tags_all,
            health: health::of(&it),
            cluster_name: it.cluster_name.unwrap_or_default(),
            fargate_profile_name: it.fargate_profile_name.unwrap_or_default(),
            pod_execution_role_arn: it.pod_execution_role_arn.unwrap_or_default(),
            selector: it.selectors.into_iter().flatten().map(Into::into).collect(),
            subnet_ids: set(it.subnets),
            arn: it.fargate_profile_arn,
            status: word(it.status),
        }
    }
}

/// AWS tells no limits of the name but that it is not empty. Evidence for the prefix: "The fargate profile name starts
/// with the reserved prefix: 'eks-'." (InvalidParameterException).
fn name(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some("") => Err("must not be empty".to_owned()),
        Some(name) if name.starts_with("eks-") => {
            Err("must not begin with \"eks-\", which AWS keeps for itself".to_owned())
        }
        _ => Ok(()),
    }
}
