//! What AWS answers about networks and places.

use std::collections::BTreeSet;

use aws_sdk_eks::types as sdk;

use crate::eks::cluster::blocks::{
    ControlPlanePlacement, Crds, ElasticLoadBalancing, EtcdPlacement, GatewayApi,
    KubernetesNetworkConfig, OutpostConfig, RemoteNetwork, RemoteNetworkConfig, VpcConfig,
};
use crate::eks::shared::spelling::{set, word};

/// Service blocks that AWS takes when none is given (API reference of CreateCluster).
pub(in crate::eks::cluster) const DEFAULT_SERVICE_CIDRS: [&str; 2] =
    ["10.100.0.0/16", "172.20.0.0/16"];

pub(super) fn into_vpc(config: Option<sdk::VpcConfigResponse>, prior: &VpcConfig) -> VpcConfig {
    let Some(config) = config else {
        return prior.clone();
    };
    let actual = config
        .public_access_cidrs
        .unwrap_or_default()
        .into_iter()
        .collect();
    VpcConfig {
        subnet_ids: config.subnet_ids.unwrap_or_default().into_iter().collect(),
        security_group_ids: set(config.security_group_ids),
        endpoint_private_access: Some(config.endpoint_private_access),
        endpoint_public_access: Some(config.endpoint_public_access),
        public_access_cidrs: Some(public_access_cidrs(
            config.endpoint_public_access,
            actual,
            prior,
        )),
        control_plane_egress_mode: word(config.control_plane_egress_mode),
        vpc_id: config.vpc_id,
        cluster_security_group_id: config.cluster_security_group_id,
    }
}

/// Without a public endpoint AWS may answer with no blocks, or with some that mean nothing: then what was there before
/// stays.
fn public_access_cidrs(
    is_public: bool,
    actual: BTreeSet<String>,
    prior: &VpcConfig,
) -> BTreeSet<String> {
    match &prior.public_access_cidrs {
        Some(before) if !is_public => before.clone(),
        _ => actual,
    }
}

/// Whether a cluster has anything that a configuration without the block would not have given it.
pub(super) fn is_remarkable(config: &KubernetesNetworkConfig) -> bool {
    let is_usual = |cidr: &str| DEFAULT_SERVICE_CIDRS.contains(&cidr);
    config.ip_family.as_deref() == Some("ipv6")
        || config
            .service_ipv4_cidr
            .as_deref()
            .is_some_and(|cidr| !is_usual(cidr))
        || config
            .elastic_load_balancing
            .as_ref()
            .is_some_and(|it| it.enabled == Some(true))
}

pub(in crate::eks::cluster) fn into_network(
    config: sdk::KubernetesNetworkConfigResponse,
    prior: Option<&KubernetesNetworkConfig>,
) -> KubernetesNetworkConfig {
    let before = prior.and_then(|prior| prior.elastic_load_balancing.as_ref());
    KubernetesNetworkConfig {
        ip_family: word(config.ip_family),
        service_ipv4_cidr: config.service_ipv4_cidr,
        service_ipv6_cidr: config.service_ipv6_cidr,
        elastic_load_balancing: config
            .elastic_load_balancing
            .map(|it| into_load_balancing(it, before))
            .filter(|it| before.is_some() || it.enabled == Some(true)),
    }
}

fn into_load_balancing(
    config: sdk::ElasticLoadBalancing,
    prior: Option<&ElasticLoadBalancing>,
) -> ElasticLoadBalancing {
    let managed = config
        .gateway_api
        .and_then(|it| it.crds)
        .and_then(|it| it.managed);
    let gateway_api = match (managed, prior.and_then(|prior| prior.gateway_api.clone())) {
        // Off is the same as not configured.
        (None | Some(false), before) => before.map(|before| off(&before)),
        (Some(true), _) => Some(GatewayApi {
            crds: Some(Crds {
                managed: Some(true),
            }),
        }),
    };
    ElasticLoadBalancing {
        enabled: Some(config.enabled.unwrap_or(false)),
        gateway_api,
    }
}

/// Blocks that were written stay, and say that nothing is managed.
fn off(GatewayApi { crds }: &GatewayApi) -> GatewayApi {
    let crds = crds.as_ref().map(|Crds { managed: _ }| Crds {
        managed: Some(false),
    });
    GatewayApi { crds }
}

pub(super) fn into_outpost(
    config: sdk::OutpostConfigResponse,
    prior: Option<&OutpostConfig>,
) -> OutpostConfig {
    let control_plane = config
        .control_plane_placement
        .map(|it| ControlPlanePlacement {
            group_name: it.group_name,
            spread_level: word(it.spread_level),
        });
    let etcd = config.etcd_placement.map(|it| EtcdPlacement {
        spread_level: word(it.spread_level),
    });
    // A placement that says nothing is no block, unless one was written.
    let had = |placement: fn(&OutpostConfig) -> bool| prior.is_some_and(placement);
    OutpostConfig {
        outpost_arns: config.outpost_arns.into_iter().collect(),
        control_plane_instance_type: config.control_plane_instance_type,
        etcd_instance_type: config.etcd_instance_type,
        control_plane_placement: control_plane.filter(|it| {
            *it != ControlPlanePlacement::default()
                || had(|prior| prior.control_plane_placement.is_some())
        }),
        etcd_placement: etcd.filter(|it| {
            *it != EtcdPlacement::default() || had(|prior| prior.etcd_placement.is_some())
        }),
    }
}

/// `None` when there are no networks at all.
pub(super) fn into_remote_networks(
    config: sdk::RemoteNetworkConfigResponse,
) -> Option<RemoteNetworkConfig> {
    let nodes = config.remote_node_networks.unwrap_or_default();
    let pods = config.remote_pod_networks.unwrap_or_default();
    let nodes = remote_network(nodes.into_iter().map(|it| it.cidrs));
    let pods = remote_network(pods.into_iter().map(|it| it.cidrs));
    (nodes.is_some() || pods.is_some()).then_some(RemoteNetworkConfig {
        remote_node_networks: nodes,
        remote_pod_networks: pods,
    })
}

fn remote_network(cidrs: impl Iterator<Item = Option<Vec<String>>>) -> Option<RemoteNetwork> {
    let cidrs = set(Some(cidrs.flatten().flatten().collect()))?;
    Some(RemoteNetwork { cidrs: Some(cidrs) })
}
