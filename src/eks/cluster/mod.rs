//! `eks_cluster`: a Kubernetes control plane, from the first request until it is gone.
//!
//! The declaration and the lifecycle stand here. The blocks inside are in `blocks`, the translation to and from the SDK
//! in `convert`, rules of planning in `plan` and `check`, and what an update has to do in `change`.

mod blocks;
mod change;
mod check;
mod convert;
mod data_source;
mod list;
mod plan;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, Diagnostics, Plan, Timeouts, Value};

use self::blocks::{
    AccessConfig, CertificateAuthority, ComputeConfig, ControlPlaneScalingConfig, EncryptionConfig,
    Identity, KubeApiServerConfig, KubeControllerManagerConfig, KubeSchedulerConfig,
    KubernetesNetworkConfig, OutpostConfig, RemoteNetworkConfig, StorageConfig, UpgradePolicy,
    VpcConfig, ZonalShiftConfig,
};
use super::shared::checks::{cluster_name, role_arn};
use super::shared::health::HealthIssue;
use super::shared::lookup::find_cluster;
use super::shared::tags::ByArn;
use super::shared::version::is_version;
use crate::api::{self, Error, ErrorKind, For, Found};
use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::kind::{Free, Key, Kind, Place, States};

pub use list::Clusters;

model! {
    /// An EKS cluster: a Kubernetes control plane that AWS runs.
    ///
    /// Nodes are added with `eks_node_group`, `eks_fargate_profile`, or EKS Auto Mode (`compute_config`).
    pub struct Model {
        /// Name of the cluster: 1 to 100 letters, digits, hyphens and underscores. Another name needs a new cluster.
        pub name: String => replace check(cluster_name),
        /// IAM role of the control plane. Another role needs a new cluster.
        pub role_arn: String => replace check(role_arn),
        /// Kubernetes minor version, such as `1.35`, in quotes. AWS's default when it is not given. Goes up one minor
        /// version at a time. Removing the argument leaves the version as it is.
        ///
        /// AWS takes the last upgrade back within 7 days: the previous minor version is a
        /// [rollback](https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html), planned with a warning. Node
        /// groups go back first, in an apply of their own (with their `version` set, not taken from the cluster), and add-ons to
        /// versions that run on both. With EKS Auto Mode, which rolls its nodes back in that time, `timeouts.update` may
        /// have to be longer. What EKS does not offer is refused at plan.
        pub version: Option<String> => optional_computed check(is_version),
        /// Whether to upgrade or roll back although insights report problems. Default `false`. It overrides nothing else,
        /// such as the 7 days in which a rollback is possible. Counts only together with another `version`; changed alone
        /// it is put into the state, and AWS is asked for nothing.
        pub force_update_version: Option<bool> => default(false) companion,
        /// Whether EKS installs VPC CNI, CoreDNS and kube-proxy, unmanaged, into the new cluster. Default `true`; must be
        /// `false` with EKS Auto Mode. Counts at creation only; a later change means nothing, because the API never
        /// tells the value.
        pub bootstrap_self_managed_addons: Option<bool> => default(true) write_once,
        /// Whether AWS refuses to delete the cluster. `terraform destroy` then fails before it starts. Default `false`.
        /// Removing the argument leaves the protection as it is: it is switched off by `false` only.
        pub deletion_protection: Option<bool> => optional_computed,
        /// Control plane logs sent to CloudWatch: `api`, `audit`, `authenticator`, `controllerManager`, `scheduler`.
        /// Removing the argument switches all off. EKS makes the log group `/aws/eks/<name>/cluster` by itself.
        pub enabled_cluster_log_types: Option<BTreeSet<String>>
            => one_of(["api", "audit", "authenticator", "controllerManager", "scheduler"]),
        /// Where the control plane is connected, and who may reach it.
        pub vpc_config: VpcConfig => block,
        /// Who is let in, and where that is kept. Removing the block leaves it as it is.
        pub access_config: Option<AccessConfig> => block optional_computed,
        /// Nodes of EKS Auto Mode. Removing the block switches them off.
        pub compute_config: Option<ComputeConfig> => block default(Value::block([("enabled", false)])),
        /// Storage of EKS Auto Mode. Removing the block switches it off.
        pub storage_config: Option<StorageConfig>
            => block default(Value::block([("block_storage", Value::block([("enabled", false)]))])),
        /// Addresses inside the cluster, and load balancing of EKS Auto Mode. Not for local clusters on Outposts.
        pub kubernetes_network_config: Option<KubernetesNetworkConfig> => block,
        /// Encryption of Kubernetes secrets with a KMS key of yours. Can be added to a cluster, but neither changed nor
        /// removed. Not for local clusters on Outposts.
        pub encryption_config: Option<EncryptionConfig> => block,
        /// A local cluster on an AWS Outpost. Any change needs a new cluster.
        pub outpost_config: Option<OutpostConfig> => block replace,
        /// Networks of EKS Hybrid Nodes. Removing the block removes the networks.
        pub remote_network_config: Option<RemoteNetworkConfig> => block,
        /// What happens at the end of standard support. Removing the block leaves it as it is.
        pub upgrade_policy: Option<UpgradePolicy> => block optional_computed,
        /// Shifting traffic away from an impaired Availability Zone. Removing the block switches it off.
        pub zonal_shift_config: Option<ZonalShiftConfig> => block default(Value::block([("enabled", false)])),
        /// Capacity of the control plane. Removing the block leaves the tier as it is.
        pub control_plane_scaling_config: Option<ControlPlaneScalingConfig> => block optional_computed,
        /// Settings of the Kubernetes API server. Removing the block leaves them as they are.
        pub kube_api_server_config: Option<KubeApiServerConfig> => block optional_computed,
        /// Settings of the Kubernetes controller manager. Removing the block leaves them as they are.
        pub kube_controller_manager_config: Option<KubeControllerManagerConfig> => block optional_computed,
        /// Settings of the Kubernetes scheduler. Removing the block leaves them as they are.
        pub kube_scheduler_config: Option<KubeSchedulerConfig> => block optional_computed,
        /// Region of the cluster, by default that of the provider. Another region needs a new cluster.
        pub region: aws::Region,
        /// Tags of the cluster; they go before `default_tags` of the provider with the same key.
        pub tags: aws::Tags,
        /// All tags of the cluster, with those of `default_tags`.
        pub tags_all: aws::TagsAll,
        /// Name of the cluster.
        pub id: Option<String> => computed keep,
        /// ARN of the cluster.
        pub arn: Option<String> => computed keep,
        /// Id of a local cluster on an Outpost.
        pub cluster_id: Option<String> => computed follows(["outpost_config"]),
        /// When the cluster was made, in RFC 3339 format.
        pub created_at: Option<String> => computed keep,
        /// URL of the Kubernetes API server.
        pub endpoint: Option<String> => computed keep,
        /// The certificate authority that signed the API server's certificate.
        pub certificate_authority: Vec<CertificateAuthority> => computed keep,
        /// How the cluster proves identities to others.
        pub identity: Vec<Identity> => computed keep,
        /// EKS's own version of the control plane, such as `eks.5`.
        pub platform_version: Option<String> => computed follows(["version"]),
        /// Where the cluster stands, such as `ACTIVE`.
        pub status: Option<String> => computed usual("ACTIVE") unfinished(MAKING) failed(["FAILED"]),
        /// What AWS says is wrong with the cluster; empty when nothing is.
        pub health: Vec<HealthIssue> => computed usual(Value::List(Vec::new())) follows(["status"]),
    }
}

pub struct Cluster;

/// States of a cluster on its way into being; `PENDING` is that of a local cluster on an Outpost.
const MAKING: [&str; 2] = ["PENDING", "CREATING"];

impl Kind for Cluster {
    type Client = Client;
    type Parent = Free;
    type Tagging = ByArn;
    type Model = Model;
    type Object = sdk::Cluster;

    const NAME: &'static str = "cluster";
    const TITLE: &'static str = "EKS cluster";
    const TIMEOUTS: Timeouts = Timeouts {
        create: tf::minutes(30),
        read: None,
        update: tf::minutes(60),
        delete: tf::minutes(15),
    };
    const IDENTITY: &'static [&'static str] = &["name"];
    const MOVES_FROM: &'static [(&'static str, &'static str)] =
        &[("hashicorp/aws", "aws_eks_cluster")];
    const STATES: States = States {
        making: &MAKING,
        made: &["ACTIVE"],
        changing: &["UPDATING"],
        ill: &[],
        leaving: &["DELETING", "FAILED"],
    };
    // Each of its updates waits by itself.
    const CHANGED_AFTER: &'static [For] = &[];

    fn check(config: &Value, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn adjust(cx: &Call, plan: &mut Plan) -> tf::Result<()> {
        plan::adjust(cx, plan).await
    }

    fn place(model: &Model) -> Place<'_> {
        Place::new(model.region.as_deref(), Key::free(&model.name))
            .with_status(model.status.as_deref())
            .with_tags(model.arn.as_deref(), model.tags_all.as_ref())
    }

    async fn create(client: &Client, planned: &Model, token: &str) -> api::Result<sdk::Cluster> {
        let request = convert::create_request(planned).client_request_token(token);
        let answer = request.send_with(client).await;
        answer.object("CreateCluster", planned.name.as_str(), |answer| {
            answer.cluster
        })
    }

    async fn find(client: &Client, known: &Model) -> api::Result<Option<Found<sdk::Cluster>>> {
        find_cluster(client, &known.name).await
    }

    /// Role and subnets. The rest of the network has what EKS adds, which no plan knows.
    fn is_what_was_asked(_: &Call, found: &sdk::Cluster, planned: &Model) -> bool {
        let vpc = found.resources_vpc_config();
        let subnets = vpc.map(|vpc| vpc.subnet_ids()).unwrap_or_default();
        let subnets: BTreeSet<_> = subnets.iter().collect();
        found.role_arn() == Some(planned.role_arn.as_str())
            && subnets == planned.vpc_config.subnet_ids.iter().collect()
    }

    async fn change(cx: &Call, client: &Client, prior: &Model, planned: &Model) -> api::Result<()> {
        for change in change::changes(prior, planned)? {
            change.make(cx, client, &planned.name).await?;
        }
        Ok(())
    }

    async fn delete(_: &Call, client: &Client, prior: &Model) -> api::Result<()> {
        let name = prior.name.as_str();
        let answer = client.delete_cluster().name(name).send().await;
        match answer.to("DeleteCluster", name) {
            Err(error) if *error.kind() == ErrorKind::InUse => {
                Err(explain_in_use(client, name, error).await)
            }
            answer => answer.map(drop),
        }
    }

    fn into_model(cx: &Call, cluster: sdk::Cluster, known: &Model) -> Model {
        convert::into_model(cx, cluster, known)
    }
}

/// Says what is still attached, which AWS does not.
async fn explain_in_use(client: &Client, name: &str, error: Error) -> Error {
    let node_groups = client.list_nodegroups().cluster_name(name).send().await;
    let profiles = client.list_fargate_profiles().cluster_name(name);
    let profiles = profiles.send().await;
    // Only the message is at stake here: without the lists it is AWS's own.
    let node_groups = node_groups.ok().and_then(|answer| answer.nodegroups);
    let profiles = profiles
        .ok()
        .and_then(|answer| answer.fargate_profile_names);
    let attached: Vec<_> = [("node groups", node_groups), ("Fargate profiles", profiles)]
        .into_iter()
        .map(|(what, names)| (what, names.unwrap_or_default()))
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| format!("{what} {}", names.join(", ")))
        .collect();
    if attached.is_empty() {
        return error;
    }
    error.explained(format!(
        "The cluster still has {}. Delete them first: those that Terraform manages by a reference to this cluster, such as \
         cluster_name = eks_cluster.example.name, which puts the deletions in order; others with the AWS CLI (aws eks \
         delete-nodegroup, aws eks delete-fargate-profile).",
        attached.join(" and ")
    ))
}
