//! The blocks of a cluster, as practitioners write them.
//!
//! Names and nesting are those of `aws_eks_cluster` of hashicorp/aws 6.x, so that a configuration can be taken over.
//! What AWS calls them is for `convert` to know.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, matches, within};

use crate::eks::shared::checks::{arn, cidr, private_ipv4_cidr, role_arn, service_ipv4_cidr};

model! {
    /// Where the control plane is connected, and who may reach it.
    pub struct VpcConfig {
        /// Subnets of the control plane's network interfaces, in at least two Availability Zones of one VPC.
        pub subnet_ids: BTreeSet<String> => check(count(1..=usize::MAX)),
        /// Further security groups of those network interfaces. Removing the argument removes the groups; the
        /// cluster security group always stays.
        pub security_group_ids: Option<BTreeSet<String>>,
        /// Whether the API server can be reached from inside the VPC. Default `false`. One of the two kinds of access
        /// must be on.
        pub endpoint_private_access: Option<bool> => default(false),
        /// Whether the API server can be reached from the internet. Default `true`.
        pub endpoint_public_access: Option<bool> => default(true),
        /// CIDR blocks that may reach the public API server endpoint; AWS takes `0.0.0.0/0` when none are given.
        /// Without public access a change takes effect only when it is switched on. Removing the argument leaves the
        /// blocks as they are.
        pub public_access_cidrs: Option<BTreeSet<String>> => optional_computed each(cidr),
        /// Who routes the traffic that leaves the control plane: `AWS_MANAGED`, `CUSTOMER_ROUTED` or
        /// `CUSTOMER_ISOLATED`. There is no way back to `AWS_MANAGED`: that needs a new cluster.
        pub control_plane_egress_mode: Option<String>
            => optional_computed one_of(["AWS_MANAGED", "CUSTOMER_ROUTED", "CUSTOMER_ISOLATED"]),
        /// VPC of the subnets.
        pub vpc_id: Option<String> => computed keep,
        /// Security group that EKS made for the cluster; managed node groups use it, too.
        pub cluster_security_group_id: Option<String> => computed keep,
    }
}

model! {
    /// Who is let in, and where that is kept.
    pub struct AccessConfig {
        /// Where EKS looks up who is let in: `CONFIG_MAP`, `API_AND_CONFIG_MAP` or `API`. AWS's default for a new cluster
        /// is `CONFIG_MAP`, which has no access entries. Moves only forward, one step at a time.
        pub authentication_mode: Option<String>
            => optional_computed one_of(["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"]),
        /// Whether the creator of the cluster becomes its administrator. Default `true`. Counts at creation only; a
        /// later change means nothing, because the API never tells the value.
        pub bootstrap_cluster_creator_admin_permissions: Option<bool> => write_once,
    }
}

model! {
    /// Nodes of EKS Auto Mode.
    pub struct ComputeConfig {
        /// Whether EKS makes and removes nodes by itself. Must agree with
        /// `storage_config.block_storage.enabled` and `kubernetes_network_config.elastic_load_balancing.enabled`. Default `false`.
        pub enabled: Option<bool> => default(false),
        /// Built-in node pools, of `general-purpose` and `system`. Removing the argument removes the pools.
        pub node_pools: Option<BTreeSet<String>> => one_of(["general-purpose", "system"]),
        /// IAM role of the nodes; needed with `node_pools`. Another role than before needs a new cluster.
        pub node_role_arn: Option<String> => check(role_arn),
    }
}

model! {
    /// Storage of EKS Auto Mode.
    pub struct StorageConfig {
        /// EBS volumes.
        pub block_storage: Option<BlockStorage> => block,
    }
}

model! {
    /// EBS volumes of EKS Auto Mode.
    pub struct BlockStorage {
        /// Whether EKS makes and removes EBS volumes. Must agree with `compute_config.enabled`. Default
        /// `false`.
        pub enabled: Option<bool> => default(false),
    }
}

model! {
    /// Addresses inside the cluster, and load balancing of EKS Auto Mode.
    pub struct KubernetesNetworkConfig {
        /// Addresses of pods and services: `ipv4` (default) or `ipv6`. Another family needs a new cluster.
        pub ip_family: Option<String> => optional_computed one_of(["ipv4", "ipv6"]),
        /// CIDR block of Kubernetes services, /12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. AWS
        /// chooses 10.100.0.0/16 or 172.20.0.0/16 when it is not given. Another block needs a new cluster.
        pub service_ipv4_cidr: Option<String> => optional_computed check(service_ipv4_cidr),
        /// CIDR block of Kubernetes services in an IPv6 cluster.
        pub service_ipv6_cidr: Option<String> => computed follows(["ip_family"]),
        /// Load balancing of EKS Auto Mode.
        pub elastic_load_balancing: Option<ElasticLoadBalancing> => block,
    }
}

model! {
    /// Load balancing of EKS Auto Mode.
    pub struct ElasticLoadBalancing {
        /// Whether EKS makes and removes load balancers. Must agree with `compute_config.enabled`. Default `false`.
        pub enabled: Option<bool> => default(false),
        /// Kubernetes Gateway API.
        pub gateway_api: Option<GatewayApi> => block,
    }
}

model! {
    /// Kubernetes Gateway API of EKS Auto Mode.
    pub struct GatewayApi {
        /// Custom resource definitions of the Gateway API.
        pub crds: Option<Crds> => block,
    }
}

model! {
    /// Custom resource definitions of the Gateway API.
    pub struct Crds {
        /// Whether EKS installs and updates them. Default `false`.
        pub managed: Option<bool> => default(false),
    }
}

model! {
    /// Encryption of Kubernetes secrets with a KMS key of yours. Can be added to a cluster, but neither changed nor
    /// removed.
    pub struct EncryptionConfig {
        /// What is encrypted: `secrets`.
        pub resources: BTreeSet<String> => one_of(["secrets"]) check(count(1..=1)),
        /// The KMS key.
        pub provider: EncryptionProvider => block,
    }
}

model! {
    /// The KMS key.
    pub struct EncryptionProvider {
        /// ARN of a symmetric KMS key in the region of the cluster. Deleting the key destroys the cluster for good.
        pub key_arn: String => check(arn),
    }
}

model! {
    /// A local cluster on an AWS Outpost. Any change needs a new cluster.
    pub struct OutpostConfig {
        /// ARN of the Outpost.
        pub outpost_arns: BTreeSet<String> => check(count(1..=1)) each(arn),
        /// Instance type of the control plane, such as `m5.large`.
        pub control_plane_instance_type: String,
        /// Instance type of etcd, where it runs on its own instances.
        pub etcd_instance_type: Option<String> => optional_computed,
        /// Placement of the control plane's instances.
        pub control_plane_placement: Option<ControlPlanePlacement> => block,
        /// Placement of etcd's instances.
        pub etcd_placement: Option<EtcdPlacement> => block,
    }
}

model! {
    /// Placement of the control plane's instances on an Outpost.
    pub struct ControlPlanePlacement {
        /// Placement group.
        pub group_name: Option<String>,
        /// What instances are kept apart by: `host` or `rack`.
        pub spread_level: Option<String> => optional_computed one_of(["host", "rack"]),
    }
}

model! {
    /// Placement of etcd's instances on an Outpost.
    pub struct EtcdPlacement {
        /// What instances are kept apart by: `host` or `rack`.
        pub spread_level: Option<String> => optional_computed one_of(["host", "rack"]),
    }
}

model! {
    /// Networks of EKS Hybrid Nodes. Removing the block removes the networks.
    pub struct RemoteNetworkConfig {
        /// Networks of the nodes.
        pub remote_node_networks: Option<RemoteNetwork> => block,
        /// Networks of the pods on those nodes that run webhooks.
        pub remote_pod_networks: Option<RemoteNetwork> => block,
    }
}

model! {
    /// A network outside of AWS.
    pub struct RemoteNetwork {
        /// CIDR blocks within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.
        pub cidrs: Option<BTreeSet<String>> => each(private_ipv4_cidr),
    }
}

model! {
    /// What happens at the end of standard support.
    pub struct UpgradePolicy {
        /// `EXTENDED` stays on the version for an extra fee, `STANDARD` is upgraded by AWS. AWS's default is `EXTENDED`.
        pub support_type: Option<String> => optional_computed one_of(["STANDARD", "EXTENDED"]),
    }
}

model! {
    /// Shifting traffic away from an impaired Availability Zone.
    pub struct ZonalShiftConfig {
        /// Whether ARC may shift traffic of the cluster. Default `false`.
        pub enabled: Option<bool> => default(false),
    }
}

model! {
    /// Capacity of the control plane.
    pub struct ControlPlaneScalingConfig {
        /// Tier of the control plane; any but `standard` costs extra.
        pub tier: Option<String>
            => optional_computed one_of(["standard", "tier-xl", "tier-2xl", "tier-4xl", "tier-8xl"]),
    }
}

model! {
    /// Settings of the Kubernetes API server.
    pub struct KubeApiServerConfig {
        /// How long events are kept, from `10m` to `60m`.
        pub event_ttl: Option<String> => optional_computed check(single_unit_duration),
        /// Ports of services of type NodePort.
        pub service_node_port_range: Option<ServiceNodePortRange> => block optional_computed,
    }
}

model! {
    /// Ports of services of type NodePort.
    pub struct ServiceNodePortRange {
        /// First port.
        pub min_port: Option<i64> => optional_computed check(within(1..=65535)),
        /// Last port.
        pub max_port: Option<i64> => optional_computed check(within(1..=65535)),
    }
}

model! {
    /// Settings of the Kubernetes controller manager.
    pub struct KubeControllerManagerConfig {
        /// Horizontal pod autoscaler.
        pub horizontal_pod_autoscaler_controller_config: Option<HorizontalPodAutoscaler>
            => block optional_computed,
        /// Garbage collection of terminated pods.
        pub pod_gc_controller_config: Option<PodGarbageCollection> => block optional_computed,
    }
}

model! {
    /// Horizontal pod autoscaler.
    pub struct HorizontalPodAutoscaler {
        /// How often it looks, from `10s` to `15s`.
        pub horizontal_pod_autoscaler_sync_period: Option<String>
            => optional_computed check(single_unit_duration),
    }
}

model! {
    /// Garbage collection of terminated pods.
    pub struct PodGarbageCollection {
        /// How many terminated pods may exist before some are deleted. The upper limit depends on the version.
        pub terminated_pod_gc_threshold: Option<i64> => optional_computed check(within(0..=1_000_000)),
    }
}

model! {
    /// Settings of the Kubernetes scheduler.
    pub struct KubeSchedulerConfig {
        /// How nodes with enough room are ranked.
        pub node_resources_fit: Option<NodeResourcesFit> => block optional_computed,
    }
}

model! {
    /// How nodes with enough room are ranked.
    pub struct NodeResourcesFit {
        /// The rule.
        pub scoring_strategy: Option<ScoringStrategy> => block optional_computed,
    }
}

model! {
    /// The rule by which nodes are ranked.
    pub struct ScoringStrategy {
        /// `LeastAllocated` spreads pods, `MostAllocated` packs them.
        pub r#type: Option<String> => optional_computed one_of(["LeastAllocated", "MostAllocated"]),
        /// How much a kind of resource counts. Removing all of them leaves the weights of the cluster as they are.
        pub resource: Option<Vec<ResourceWeight>> => block check(count(0..=100)),
    }
}

model! {
    /// How much a kind of resource counts.
    pub struct ResourceWeight {
        /// The resource, such as `cpu` or `memory`.
        pub name: Option<String> => optional_computed,
        /// Its weight, from 1 to 100.
        pub weight: Option<i64> => optional_computed check(within(1..=100)),
    }
}

model! {
    /// The certificate authority of a cluster.
    pub struct CertificateAuthority {
        /// Its certificate, PEM in base64, as kubeconfig wants it.
        pub data: Option<String> => computed,
    }
}

model! {
    /// How the cluster proves identities to others.
    pub struct Identity {
        /// OpenID Connect.
        pub oidc: Vec<Oidc> => computed,
    }
}

model! {
    /// The OpenID Connect issuer of a cluster.
    pub struct Oidc {
        /// Its URL, for IAM roles of service accounts.
        pub issuer: Option<String> => computed,
    }
}

/// Durations of one unit, as AWS wants them. Limits differ between versions of Kubernetes and are left to AWS.
fn single_unit_duration(value: &tfplugin_rs::tf::Value) -> Result<(), String> {
    matches(
        "^[1-9][0-9]*[smh]$",
        "a duration of one unit, such as \"30m\"",
    )(value)
}
