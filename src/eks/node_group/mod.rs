//! `eks_node_group`: EC2 instances that EKS starts, registers, updates and ends.
//!
//! The declaration and the lifecycle stand here. The blocks are in `blocks`, the translation to and from the SDK in
//! `convert`, the requests that a change needs in `change`, rules of planning in `check`, `plan` and `template`.

mod blocks;
mod change;
mod check;
mod convert;
mod data_source;
mod name;
mod plan;
mod skew;
mod template;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, matches, within};
use tfplugin_rs::tf::{self, Diagnostics, Plan, Timeouts, Value};

use self::blocks::{
    LaunchTemplate, NodeRepairConfig, RemoteAccess, Resources, ScalingConfig, Taint, UpdateConfig,
    WarmPoolConfig,
};
use self::check::{labels, name as is_name, name_prefix};
use super::shared::InCluster;
use super::shared::checks::{cluster_name, one_of, role_arn, subnet_id};
use super::shared::health::HealthIssue;
use super::shared::tags::ByArn;
use super::shared::version::is_version;
use crate::api::{self, Error, For, Found};
use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::kind::{Key, Kind, Place, States};

model! {
    /// A managed node group: EC2 instances that EKS starts, registers with the cluster, updates and ends.
    ///
    /// Nodes are replaced a few at a time when `version`, `release_version` or the version of the launch template changes;
    /// `update_config` says how many. To replace a whole node group without a gap, use `node_group_name_prefix` together
    /// with `lifecycle { create_before_destroy = true }`. Take that out before you replace the cluster itself under its own
    /// name: Terraform would want to make the cluster before the old one is gone, too.
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
        pub subnet_ids: BTreeSet<String> => replace check(count(1..=usize::MAX)) each(subnet_id),
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
        pub ami_type: Option<String> => optional_computed replace check(one_of(sdk::AmiTypes::values())),
        /// How instances are bought: `ON_DEMAND`, `SPOT` or `CAPACITY_BLOCK`. Another is another node group.
        ///
        /// AWS takes `ON_DEMAND` when it is absent.
        pub capacity_type: Option<String> => optional_computed replace one_of(["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
        /// Size of the root volume in GiB. Another is another node group.
        ///
        /// AWS takes 20 when it is absent, and 50 for Windows. Conflicts with `launch_template`, which has a size of its own.
        pub disk_size: Option<i32> => optional_computed replace check(within(1..=16384)),
        /// Kubernetes minor version of the nodes, such as `1.35`, in quotes. Goes up one minor version at a time.
        ///
        /// Goes one back, with a warning, before a rollback of the cluster: in an apply before the cluster's own, so set
        /// the version itself for that time, not `eks_cluster.….version`, which comes after the cluster.
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
        /// Counts only together with another `version`, `release_version` or `launch_template`; changed alone it is put into
        /// the state, and AWS is asked for nothing. When removed, `false`.
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
        /// How many nodes may be missing while versions change.
        pub update_config: Option<UpdateConfig>
            => block reverts_to(Value::block([("max_unavailable", 1_i64)])),
        /// How unhealthy nodes are repaired.
        pub node_repair_config: Option<NodeRepairConfig>
            => block reverts_to(Value::block([("enabled", false)])),
        /// Instances kept ready, so that nodes join sooner. When removed, so is the pool.
        pub warm_pool_config: Option<WarmPoolConfig> => block,
        /// Region of the node group, by default that of the provider. Another region is another node group.
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
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING) failed(["CREATE_FAILED"]),
        /// What AWS made for the node group.
        pub resources: Vec<Resources> => computed keep follows(["status"]),
        /// What AWS says is wrong with the node group; empty when nothing is.
        pub health: Vec<HealthIssue> => computed usual(Value::List(Vec::new())) follows(["status"]),
    }
}

pub struct NodeGroup;

/// While a node group is on its way into being.
const MAKING: [&str; 1] = ["CREATING"];

impl Kind for NodeGroup {
    type Client = Client;
    type Parent = InCluster;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::Nodegroup;

    const NAME: &'static str = "node_group";
    const TITLE: &'static str = "EKS node group";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(60),
        read: None,
        update: tf::minutes(60),
        delete: tf::minutes(60),
    };
    const IDENTITY: &'static [&'static str] = &["cluster_name", "node_group_name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_node_group")];
    const STATES: States = States {
        making: &MAKING,
        made: &["ACTIVE"],
        changing: &["UPDATING"],
        // It can be changed, and mended by that.
        ill: &["DEGRADED"],
        // Nodes that leave badly degrade the rest.
        leaving: &["DELETING", "CREATE_FAILED"],
    };
    // Each of its updates waits by itself.
    const CHANGED_AFTER: &'static [For] = &[];
    // That AWS says "in use" of node groups that are being changed is a guess; the words that are known are among the rest.
    const DELETED_AFTER: &'static [For] = &[For::InUse, For::UpdateInProgress, For::NotActive];

    fn check(config: &Value, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        plan::adjust(plan);
        skew::check(cx, plan);
        template::check(cx, plan).await;
        Ok(())
    }

    fn place(model: &Model) -> Place<'_> {
        let name = model.node_group_name.as_deref();
        let key = Key::new(&model.cluster_name, name.unwrap_or_default());
        Place::new(model.region.as_deref(), key)
            .with_status(model.status.as_deref())
            .with_tags(model.arn.as_deref(), model.tags_all.as_ref())
    }

    /// A name, made up where nobody gave one.
    async fn resolve(cx: &Call, planned: Model) -> tf::Result<Model> {
        let prefix = planned.node_group_name_prefix.as_deref();
        let name = planned.node_group_name.clone();
        let name = name.unwrap_or_else(|| api::name::generate(prefix, cx.idempotency_token()));
        Ok(Model {
            node_group_name: Some(name),
            ..planned
        })
    }

    async fn create(
        client: &Client,
        planned: &Model,
        token: &str,
    ) -> Result<sdk::Nodegroup, Error> {
        let request = convert::create_request(planned).client_request_token(token);
        let answer = request.send_with(client).await;
        answer.object("CreateNodegroup", Self::place(planned).key, |answer| {
            answer.nodegroup
        })
    }

    async fn find(client: &Client, known: &Model) -> Result<Option<Found<sdk::Nodegroup>>, Error> {
        let key = Self::place(known).key;
        let request = client.describe_nodegroup();
        let request = request.cluster_name(key.parent).nodegroup_name(key.name);
        let answer = request.send().await;
        answer.found("DescribeNodegroup", key, |answer| answer.nodegroup)
    }

    async fn change(
        cx: &Call,
        client: &Client,
        prior: &Model,
        planned: &Model,
    ) -> Result<(), Error> {
        change::make(cx, client, (prior, planned)).await
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> Result<(), Error> {
        let key = Self::place(prior).key;
        let request = client.delete_nodegroup();
        let request = request.cluster_name(key.parent).nodegroup_name(key.name);
        request.send().await.to("DeleteNodegroup", key).map(drop)
    }

    fn into_model(cx: &Call, node_group: sdk::Nodegroup, known: &Model) -> Model {
        convert::into_model(cx, node_group, known)
    }
}
