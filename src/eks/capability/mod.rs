//! `eks_capability`: Argo CD, ACK or kro, which AWS runs for a cluster.
//!
//! The declaration and the requests stand here. The blocks are in `blocks`, the translation to and from the SDK in
//! `convert`, what a change sends in `change`, rules over the configuration in `check`, reading in `data_source` and
//! `list`. Order, retries and waits are handled by [`crate::kind`].

mod blocks;
mod change;
mod check;
mod convert;
mod data_source;
mod list;
#[cfg(test)]
mod tests;

use std::time::SystemTime;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::matches;
use tfplugin_rs::tf::{self, Diagnostics, Timeouts, Value};

use self::blocks::Configuration;
use super::shared::InCluster;
use super::shared::checks::{cluster_name, role_arn};
use super::shared::health::HealthIssue;
use super::shared::tags::ByArn;
use super::shared::update::{self, Of};
use crate::api::{self, For, Found, Issue, Observed};
use crate::aws::{self, Call, system_time};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place, States, until_changed};

pub use list::Capabilities;

model! {
    /// Argo CD, ACK (AWS Controllers for Kubernetes) or kro (Kube Resource Orchestrator), which AWS runs for a cluster,
    /// outside of its nodes.
    ///
    /// A cluster has one of each at most. What a capability has made in Kubernetes stays when it is deleted, and nothing
    /// looks after it then: delete that first.
    pub struct Model {
        /// Cluster that it serves. Another cluster is another capability.
        pub cluster_name: String => replace check(cluster_name),
        /// Name of the capability: letters, digits, hyphens and underscores. Another name is another capability.
        pub capability_name: String => replace check(matches(
            "^[0-9A-Za-z_-]+$",
            "letters, digits, hyphens and underscores",
        )),
        /// What it is: `ACK`, `ARGOCD` or `KRO`. Another type is another capability.
        pub r#type: String => replace one_of(["ACK", "ARGOCD", "KRO"]),
        /// IAM role with which it works in AWS. It trusts `capabilities.eks.amazonaws.com`, for `sts:AssumeRole` and
        /// `sts:TagSession`.
        pub role_arn: String => check(role_arn),
        /// What happens to what it has made in Kubernetes when it is deleted: `RETAIN`, it stays.
        pub delete_propagation_policy: String => one_of(["RETAIN"]),
        /// Settings, in the block of its type.
        pub configuration: Option<Configuration> => block,
        /// Region of the cluster, by default that of the provider. Another region is another capability.
        pub region: aws::Region,
        /// Tags of the capability; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the capability, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// ARN of the capability.
        pub arn: Option<String> => computed keep,
        /// Version of the software. AWS updates it by itself.
        pub version: Option<String> => computed follows(["status"]),
        /// Where the capability stands, such as `ACTIVE` or `DEGRADED`.
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING) failed(["CREATE_FAILED"]),
        /// What AWS says is wrong with the capability; empty when nothing is.
        pub health: Vec<HealthIssue> => computed usual(Value::List(Vec::new())) follows(["status"]),
    }
}

pub struct Capability;

/// While a capability is on its way into being.
const MAKING: [&str; 1] = ["CREATING"];

impl Kind for Capability {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::Capability;

    const NAME: &'static str = "capability";
    const TITLE: &'static str = "EKS capability";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(20),
        read: None,
        update: tf::minutes(20),
        delete: tf::minutes(20),
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "capability_name"];
    const SEPARATOR: char = ',';
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_capability")];
    const STATES: States = States {
        making: &MAKING,
        made: &["ACTIVE"],
        changing: &["UPDATING"],
        // Such as with a role that may do too little: another role mends it.
        ill: &["DEGRADED"],
        leaving: &["DELETING", "CREATE_FAILED"],
    };
    // Nothing uses a capability. That ResourceInUseException, which both requests know, is about an update that somebody
    // else has begun is a guess: its words are not documented. So it is waited for as long as a guess is worth.
    const CHANGED_AFTER: &'static [For] = &[For::Propagation, For::InUse];
    const DELETED_AFTER: &'static [For] = &[For::InUse, For::UpdateInProgress, For::NotActive];

    fn check(config: &Value, found: &mut Diagnostics) {
        check::check(config, found);
    }

    fn place(model: &Model) -> Place<'_> {
        let key = Key::new(&model.cluster_name, &model.capability_name);
        Place::new(model.region.as_deref(), key)
            .with_status(model.status.as_deref())
            .with_tags(model.arn.as_deref(), model.tags_all.as_ref())
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<Self::Object> {
        let request = convert::create_request(planned).client_request_token(token);
        let (answer, key) = (request.send_with(client).await, Self::place(planned).key);
        answer.object("CreateCapability", key, |it| it.capability)
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<Self::Object>>> {
        let key = Self::place(known).key;
        let request = client.describe_capability().cluster_name(key.parent);
        let answer = request.capability_name(key.name).send().await;
        answer.found("DescribeCapability", key, |it| it.capability)
    }

    async fn change(cx: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        let Some(request) = change::request(prior, planned) else {
            return Ok(());
        };
        let key = Self::place(prior).key;
        // One that is still being made, or changed by somebody else, takes no change; one that failed never will.
        until_changed::<Self>(cx, client, prior).await?;
        let request = request
            .cluster_name(key.parent)
            .capability_name(key.name)
            .client_request_token(cx.idempotency_token());
        let ask = || async {
            let answer = request.clone().send_with(client).await;
            Ok(answer.to("UpdateCapability", key)?.update)
        };
        update::run(cx, client, (key.parent, Of::Capability(key.name)), ask).await
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let key = Self::place(prior).key;
        let request = client.delete_capability().cluster_name(key.parent);
        let answer = request.capability_name(key.name).send().await;
        answer.to("DeleteCapability", key).map(drop)
    }

    fn into_model(cx: &Call, capability: sdk::Capability, known: &Model) -> Model {
        convert::into_model(cx, capability, known)
    }
}

impl Observed for sdk::Capability {
    fn status(&self) -> &str {
        let status = self.status.as_ref();
        status.map_or("", sdk::CapabilityStatus::as_str)
    }

    fn created_at(&self) -> Option<SystemTime> {
        system_time(self.created_at.as_ref())
    }

    /// Unlike those of other kinds, they name no objects.
    fn issues(&self) -> Vec<Issue> {
        let issues = self.health.as_ref().map(sdk::CapabilityHealth::issues);
        let issue = |it: &sdk::CapabilityIssue| Issue::new(it.code(), it.message(), &[]);
        issues.unwrap_or_default().iter().map(issue).collect()
    }
}
