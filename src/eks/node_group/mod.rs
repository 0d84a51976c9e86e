//! `eks_node_group`: EC2 instances that EKS starts, registers, updates and ends.
//!
//! The declaration and the lifecycle stand here. The blocks are in `blocks`, the translation to and from the SDK in
//! `convert`, the requests that a change needs in `change`, rules of planning in `check`, `plan` and `template`.

mod blocks;
mod change;
mod check;
mod convert;
mod name;
mod plan;
mod template;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, matches, within};
use tfplugin_rs::tf::{self, Diagnostics, Plan, Resource, Timeouts, Value};

use self::blocks::{
    HealthIssue, LaunchTemplate, NodeRepairConfig, RemoteAccess, Resources, ScalingConfig, Taint,
    UpdateConfig, WarmPoolConfig, ami_type,
};
use self::check::{labels, name as is_name, name_prefix};
use super::checks::{cluster_name, role_arn};
use super::version::is_version;
use super::{creation, readiness};
use crate::aws::lost::LostAnswers;
use crate::aws::{
    self, Call, Error, For, Found, Issue, Observed, Wait, request_id, retry, tags, until,
    until_gone,
};

model! {
    /// A managed node group: EC2 instances that EKS starts, registers with the cluster, updates and ends.
    ///
    /// Nodes are replaced a few at a time when `version`, `release_version` or the version of the launch template changes;
    /// `update_config` says how many. To replace a whole node group without a gap, use `node_group_name_prefix` together
    /// with `lifecycle { create_before_destroy = true }`.
    pub struct Model {
        /// Cluster that the nodes join. Another cluster is another node group.
        pub cluster_name: String => replace check(cluster_name),
        /// Name of the node group: 1 to 63 letters, digits, hyphens and underscores. Another name is another node group.
        ///
        /// When absent, a name is made up. Conflicts with `node_group_name_prefix`.
        pub node_group_name: Option<String> => optional_computed replace check(is_name),
        /// Beginning of a name that is made up, at most 37 characters.
        ///
        /// Conflicts with `node_group_name`. Removing it leaves the name as it is.
        pub node_group_name_prefix: Option<String> => optional_computed keep replace check(name_prefix),
        /// IAM role of the nodes. Another role is another node group.
        pub node_role_arn: String => replace check(role_arn),
        /// Subnets in which nodes are started, at least one. Others are another node group.
        pub subnet_ids: BTreeSet<String> => replace check(count(1..=usize::MAX)) each(matches(
            "^subnet-[0-9a-f]+$",
            "the id of a subnet, such as \"subnet-0123456789abcdef0\"",
        )),
        /// How many nodes there are.
        pub scaling_config: ScalingConfig => block,
        /// EC2 instance types to choose from, in the order of preference, at most 20. Others are another node group.
        ///
        /// AWS takes `t3.medium` when neither this nor the launch template names any. Give several for `SPOT`.
        pub instance_types: Option<Vec<String>> => optional_computed replace check(count(1..=20)) each(matches(
            "^[a-z0-9-]+\\.[a-z0-9-]+$",
            "an EC2 instance type, such as \"m5.large\"",
        )),
        /// Operating system, architecture and purpose of the nodes, such as `AL2023_x86_64_STANDARD`. Another is another
        /// node group.
        ///
        /// `CUSTOM` is what AWS reports when the launch template names an image. For all values see the
        /// [EKS API reference](https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html).
        pub ami_type: Option<String> => optional_computed replace check(ami_type),
        /// How instances are bought: `ON_DEMAND`, `SPOT` or `CAPACITY_BLOCK`. Another is another node group.
        ///
        /// AWS takes `ON_DEMAND` when it is absent.
        pub capacity_type: Option<String> => optional_computed replace one_of(["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
        /// Size of the root volume in GiB. Another is another node group.
        ///
        /// AWS takes 20 when it is absent, and 50 for Windows. Conflicts with `launch_template`, which has a size of its own.
        pub disk_size: Option<i32> => optional_computed replace check(within(1..=16384)),
        /// Kubernetes minor version of the nodes, such as `1.33`. Goes up one minor version at a time and never down.
        ///
        /// When absent, the version of the cluster at creation. Removing it leaves the nodes as they are. Conflicts with an
        /// image in the launch template.
        pub version: Option<String> => optional_computed check(is_version),
        /// Release of the AMI, such as `1.33.0-20250519`.
        ///
        /// When absent, the latest one for `version` at creation and whenever `version` or `launch_template` change.
        /// Removing it leaves the nodes as they are. Conflicts with an image in the launch template.
        pub release_version: Option<String> => optional_computed follows(["version", "launch_template"])
            check(matches("^\\S+$", "a release of an AMI, such as \"1.33.0-20250519\"")),
        /// Whether nodes are replaced even when a pod disruption budget does not let their pods go.
        ///
        /// Counts only together with another `version`, `release_version` or `launch_template`; changed alone it is no
        /// difference. When removed, `false`.
        pub force_update_version: Option<bool> => default(false) companion,
        /// Kubernetes labels of the nodes. Removing some or all takes them off the nodes.
        ///
        /// Keys and values have 1 to 63 characters. Labels set by others than EKS are left alone.
        pub labels: Option<BTreeMap<String, String>> => check(labels),
        /// Keeps pods off the nodes that do not tolerate it; at most 50. Removing one takes it off the nodes.
        pub taint: BTreeSet<Taint> => block optional check(count(0..=50)),
        /// The EC2 launch template that nodes are started from.
        ///
        /// AWS can change its version only: adding, removing or exchanging the template is another node group.
        pub launch_template: Option<LaunchTemplate> => block,
        /// Who may reach the nodes by SSH, or by RDP on Windows. Any change is another node group.
        ///
        /// Conflicts with `launch_template`, which has keys and security groups of its own.
        pub remote_access: Option<RemoteAccess> => block replace,
        /// How many nodes may be missing while versions change. When removed, one, which is AWS's default.
        pub update_config: Option<UpdateConfig> => block optional_computed,
        /// How unhealthy nodes are repaired. When removed, they are not, which is AWS's default.
        pub node_repair_config: Option<NodeRepairConfig> => block optional_computed,
        /// Instances kept ready, so that nodes join sooner. When removed, so is the pool.
        pub warm_pool_config: Option<WarmPoolConfig> => block,
        /// Region of the node group. Default is the region of the provider. Another region is another node group.
        pub region: aws::Region,
        /// Tags of the node group; they go before `default_tags` of the provider with the same key.
        ///
        /// AWS hands them on neither to the instances nor to the Auto Scaling group.
        pub tags: aws::Tags,
        /// All tags of the node group, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Cluster and node group as `cluster:node-group`.
        pub id: Option<String> => computed keep,
        /// ARN of the node group.
        pub arn: Option<String> => computed keep,
        /// Where the node group stands, such as `ACTIVE` or `DEGRADED`.
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING),
        /// What AWS made for the node group.
        pub resources: Vec<Resources> => computed keep follows(["status"]),
        /// What AWS says is wrong with the node group; empty when nothing is.
        pub health: Vec<HealthIssue> => computed usual(Value::List(Vec::new())) follows(["status"]),
    }
}

/// The resource.
pub struct NodeGroup;

/// States of a node group on its way into being.
const MAKING: [&str; 1] = ["CREATING"];

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How far the clock of this machine may be ahead of the one of AWS. Signatures allow five minutes.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// States that a node group leaves by itself. A degraded one can be changed, and mended by that.
const GOING: &[&str] = &["CREATING", "UPDATING"];

impl Resource for NodeGroup {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "node_group";
    const TITLE: &'static str = "EKS node group";
    const TIMEOUTS: Timeouts = Timeouts {
        create: Some(HOUR),
        read: None,
        update: Some(HOUR),
        delete: Some(HOUR),
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "node_group_name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_node_group")];

    fn check(config: &Value, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        plan::adjust(plan);
        template::check(cx, plan).await;
        Ok(())
    }

    async fn create(cx: &Call, planned: Model) -> tf::Result<Model> {
        let client = cx.eks(planned.region.as_deref()).await?;
        let planned = named(cx, planned);
        let accepted = request_creation(cx, &client, &planned).await?;
        cx.exists(&convert::into_model(cx, accepted, &planned));
        let key = Key::of(&planned);
        let node_group = until_active(cx, &client, key).await?;
        Ok(convert::into_model(cx, node_group, &planned))
    }

    async fn read(cx: &Call, prior: Model) -> tf::Result<Option<Model>> {
        let client = cx.eks(prior.region.as_deref()).await?;
        let found = find(&client, Key::of(&prior)).await?;
        Ok(found.map(|found| convert::into_model(cx, found.object, &prior)))
    }

    async fn update(cx: &Call, prior: Model, planned: Model) -> tf::Result<Model> {
        let client = cx.eks(planned.region.as_deref()).await?;
        let key = Key::of(&prior);
        // A creation that was cut short is resumed here, and has to end as one that was not.
        if is_being_made(&prior) {
            until_active(cx, &client, key).await?;
        }
        let arn = prior.arn.as_deref().unwrap_or_default();
        tags::update_eks(cx, &client, arn, &prior.tags_all, &planned.tags_all).await?;
        change::make(cx, &client, key, (&prior, &planned)).await?;
        let node_group = until_settled(cx, &client, key).await?;
        Ok(convert::into_model(cx, node_group, &planned))
    }

    async fn delete(cx: &Call, prior: Model) -> tf::Result<()> {
        let client = cx.eks(prior.region.as_deref()).await?;
        let key = Key::of(&prior);
        let request = || async {
            let request = client.delete_nodegroup();
            let request = request.cluster_name(key.cluster).nodegroup_name(key.name);
            let answer = request.send().await;
            let answer =
                answer.map_err(|error| Error::from_sdk("DeleteNodegroup", key.to_string(), error));
            readiness::judge(&client, key.cluster, answer).await
        };
        // Whatever is being changed has to end first; AWS says "in use" of that, too.
        match retry(
            cx,
            &[For::InUse, For::UpdateInProgress, For::NotActive],
            request,
        )
        .await
        {
            Err(error) if error.is_not_found() => return Ok(()),
            other => other?,
        };
        Ok(until_deleted(cx, &client, key).await?)
    }

    fn import(id: &str) -> tf::Result<Model> {
        let (cluster, name) = id.split_once(':').unwrap_or_default();
        if cluster.is_empty() || name.is_empty() {
            return Err(tf::Error::new(format!(
                "The id has the form cluster:node-group, such as \"production:system\", got {id:?}."
            )));
        }
        Ok(Model {
            cluster_name: cluster.to_owned(),
            node_group_name: Some(name.to_owned()),
            ..Model::default()
        })
    }
}

/// What names a node group to AWS.
#[derive(Clone, Copy)]
struct Key<'a> {
    cluster: &'a str,
    name: &'a str,
}

impl<'a> Key<'a> {
    fn of(model: &'a Model) -> Self {
        Self {
            cluster: &model.cluster_name,
            name: model.node_group_name.as_deref().unwrap_or_default(),
        }
    }
}

/// As in import ids.
impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.cluster, self.name)
    }
}

/// The node group as AWS describes it; `None` when there is none of that name, or no such cluster.
async fn find(client: &Client, key: Key<'_>) -> Result<Option<Found<sdk::Nodegroup>>, Error> {
    let request = client.describe_nodegroup();
    let request = request.cluster_name(key.cluster).nodegroup_name(key.name);
    match request.send().await {
        Ok(answer) => {
            let request_id = request_id(&answer);
            Ok(Found::new(answer.nodegroup, request_id))
        }
        Err(error) => match Error::from_sdk("DescribeNodegroup", key.to_string(), error) {
            error if error.is_not_found() => Ok(None),
            error => Err(error),
        },
    }
}

/// The plan with a name, made up where nobody gave one. The same name for every attempt at this creation.
fn named(cx: &Call, planned: Model) -> Model {
    let prefix = planned.node_group_name_prefix.as_deref();
    let name = planned.node_group_name.clone();
    let name = name.unwrap_or_else(|| name::generate(prefix, cx.idempotency_token()));
    Model {
        node_group_name: Some(name),
        ..planned
    }
}

/// Asks for the node group, as soon as the cluster takes it. A lost answer is asked for again with the same token, to
/// which EKS mostly answers with the node group that it made the first time.
async fn request_creation(
    cx: &Call,
    client: &Client,
    planned: &Model,
) -> tf::Result<sdk::Nodegroup> {
    let key = Key::of(planned);
    let began = SystemTime::now();
    let lost = LostAnswers::default();
    let watched = lost.watch(client);
    let request = || async {
        let request = convert::create_request(planned);
        let request = request.client_request_token(cx.idempotency_token());
        let answer = request.send_with(&watched).await;
        let answer =
            answer.map_err(|error| Error::from_sdk("CreateNodegroup", key.to_string(), error));
        readiness::judge(client, key.cluster, answer).await
    };
    let reasons = [
        For::NotActive,
        For::UpdateInProgress,
        For::IamPropagation,
        For::LostAnswer,
    ];
    let error = match retry(cx, &reasons, request).await {
        Ok(answer) => return answer.nodegroup.ok_or_else(empty_answer),
        Err(error) => error,
    };
    let is_ours =
        |found: &Found<sdk::Nodegroup>| lost.any() && was_just_made(&found.object, planned, began);
    let look = find(client, key);
    let found = creation::settle(error, &lost, look, is_ours, || not_ours(key)).await?;
    Ok(found.object)
}

/// Whether this can be what an attempt since `began` has made: DescribeNodegroup does not tell the token of its creation,
/// as DescribeCluster does.
fn was_just_made(found: &sdk::Nodegroup, planned: &Model, began: SystemTime) -> bool {
    let subnets: BTreeSet<_> = found.subnets().iter().collect();
    let made = found.created_at().copied();
    let made = made.and_then(|made| SystemTime::try_from(made).ok());
    made.is_some_and(|made| made + CLOCK_SKEW >= began)
        && found.nodegroup_name() == planned.node_group_name.as_deref()
        && found.node_role() == Some(planned.node_role_arn.as_str())
        && subnets == planned.subnet_ids.iter().collect()
}

fn empty_answer() -> tf::Error {
    tf::Error::new("CreateNodegroup: AWS answered without a node group.")
}

fn not_ours(key: Key<'_>) -> tf::Error {
    let Key { cluster, name } = key;
    tf::Error::new(format!(
        "Cluster {cluster:?} already has a node group named {name:?}, and this configuration did not make it. Choose \
         another name, or take the node group over by adding this block, with the resource's own name:\n\n\
         import {{\n  to = eks_node_group.example\n  id = \"{key}\"\n}}"
    ))
    .at("node_group_name")
}

fn is_being_made(node_group: &Model) -> bool {
    let status = node_group.status.as_deref();
    status.is_some_and(|status| MAKING.contains(&status))
}

async fn until_active(cx: &Call, client: &Client, key: Key<'_>) -> Result<sdk::Nodegroup, Error> {
    settle(cx, client, key, &["ACTIVE"]).await
}

/// After a change a node group can be degraded as it was before; `health` says why, and that is no failure of the change.
async fn until_settled(cx: &Call, client: &Client, key: Key<'_>) -> Result<sdk::Nodegroup, Error> {
    settle(cx, client, key, &["ACTIVE", "DEGRADED"]).await
}

async fn settle(
    cx: &Call,
    client: &Client,
    key: Key<'_>,
    target: &[&str],
) -> Result<sdk::Nodegroup, Error> {
    let wait = Wait {
        what: NodeGroup::TITLE,
        identity: &key.to_string(),
        pending: GOING,
        target,
    };
    let found = until(cx, wait, || find(client, key)).await?;
    Ok(found.object)
}

async fn until_deleted(cx: &Call, client: &Client, key: Key<'_>) -> Result<(), Error> {
    let wait = Wait {
        what: NodeGroup::TITLE,
        identity: &key.to_string(),
        // What answers reads may learn of the deletion a moment later, and nodes that leave badly degrade the rest.
        pending: &[
            "DELETING",
            "ACTIVE",
            "DEGRADED",
            "UPDATING",
            "CREATING",
            "CREATE_FAILED",
        ],
        target: &[],
    };
    until_gone(cx, wait, || find(client, key)).await
}

impl Observed for sdk::Nodegroup {
    fn status(&self) -> &str {
        let status = self.status.as_ref();
        status.map_or("", sdk::NodegroupStatus::as_str)
    }

    fn issues(&self) -> Vec<Issue> {
        convert::issues(self.health.as_ref())
    }
}
