//! What we ask of AWS.
//!
//! What is neither set nor planned is not sent, so that AWS takes its default.

mod auto_mode;
mod kube;

use std::collections::BTreeSet;

use aws_sdk_eks::operation::create_cluster::builders::CreateClusterInputBuilder;
use aws_sdk_eks::types as sdk;

pub(in super::super) use self::auto_mode::{AutoMode, auto_mode};
pub(in super::super) use self::kube::{api_server, controller_manager, scheduler};
use super::super::Model;
use super::super::blocks::{
    AccessConfig, ControlPlanePlacement, ControlPlaneScalingConfig, EncryptionConfig,
    EncryptionProvider, EtcdPlacement, KubernetesNetworkConfig, OutpostConfig, RemoteNetwork,
    RemoteNetworkConfig, UpgradePolicy, VpcConfig, ZonalShiftConfig,
};

/// All that CreateCluster takes, without the idempotency token.
pub(in super::super) fn create_request(planned: &Model) -> CreateClusterInputBuilder {
    let Model {
        name,
        role_arn,
        version,
        // Counts for upgrades.
        force_update_version: _,
        bootstrap_self_managed_addons,
        deletion_protection,
        enabled_cluster_log_types,
        vpc_config,
        access_config,
        compute_config: _,
        storage_config: _,
        kubernetes_network_config,
        encryption_config,
        outpost_config,
        remote_network_config,
        upgrade_policy,
        zonal_shift_config,
        control_plane_scaling_config,
        kube_api_server_config,
        kube_controller_manager_config,
        kube_scheduler_config,
        // Chooses the client.
        region: _,
        // All that is sent is in `tags_all`.
        tags: _,
        tags_all,
        id: _,
        arn: _,
        cluster_id: _,
        created_at: _,
        endpoint: _,
        certificate_authority: _,
        identity: _,
        platform_version: _,
        status: _,
        health: _,
    } = planned;
    let is_on = |it: &&ZonalShiftConfig| it.enabled == Some(true);
    let zonal_shift_config = zonal_shift_config.as_ref().filter(is_on);
    let encryption = |config| vec![encryption(config)];
    with_auto_mode(planned, kubernetes_network_config.as_ref())
        .name(name)
        .role_arn(role_arn)
        .set_version(version.clone())
        .set_bootstrap_self_managed_addons(*bootstrap_self_managed_addons)
        .set_deletion_protection(deletion_protection.filter(|&on| on))
        .set_logging(enabled_cluster_log_types.as_ref().and_then(first_logging))
        .resources_vpc_config(vpc(vpc_config))
        .set_access_config(access_config.as_ref().map(access))
        .set_encryption_config(encryption_config.as_ref().map(encryption))
        .set_outpost_config(outpost_config.as_ref().and_then(outpost))
        .set_remote_network_config(remote_network_config.as_ref().map(remote_networks))
        .set_upgrade_policy(upgrade_policy.as_ref().map(upgrade))
        .set_zonal_shift_config(zonal_shift_config.map(zonal_shift))
        .set_control_plane_scaling_config(control_plane_scaling_config.as_ref().map(scaling))
        .set_kube_api_server_config(kube_api_server_config.as_ref().map(api_server))
        .set_kube_controller_manager_config(
            kube_controller_manager_config
                .as_ref()
                .map(controller_manager),
        )
        .set_kube_scheduler_config(kube_scheduler_config.as_ref().map(scheduler))
        .set_tags(tags_all.for_create())
}

/// What EKS Auto Mode has a part in. Off is AWS's default; saying so would be refused for local clusters.
fn with_auto_mode(
    planned: &Model,
    config: Option<&KubernetesNetworkConfig>,
) -> CreateClusterInputBuilder {
    let auto_mode = Some(auto_mode(planned)).filter(AutoMode::is_on);
    let balancing = auto_mode.as_ref();
    let balancing = balancing.map(|it| it.balancing(it.manages_gateway_api));
    let (compute, storage) = auto_mode.map(|it| (it.compute, it.storage)).unzip();
    CreateClusterInputBuilder::default()
        .set_compute_config(compute)
        .set_storage_config(storage)
        .set_kubernetes_network_config(network(config, balancing))
}

fn strings(set: &BTreeSet<String>) -> Vec<String> {
    set.iter().cloned().collect()
}

fn vpc(config: &VpcConfig) -> sdk::VpcConfigRequest {
    let VpcConfig {
        subnet_ids,
        security_group_ids,
        endpoint_private_access,
        endpoint_public_access,
        public_access_cidrs,
        control_plane_egress_mode,
        vpc_id: _,
        cluster_security_group_id: _,
    } = config;
    let is_public = *endpoint_public_access != Some(false);
    let cidrs = public_access_cidrs
        .as_ref()
        .filter(|cidrs| is_public && !cidrs.is_empty());
    sdk::VpcConfigRequest::builder()
        .set_subnet_ids(Some(strings(subnet_ids)))
        .set_security_group_ids(security_group_ids.as_ref().map(strings))
        .set_endpoint_private_access(*endpoint_private_access)
        .set_endpoint_public_access(*endpoint_public_access)
        .set_public_access_cidrs(cidrs.map(strings))
        .set_control_plane_egress_mode(control_plane_egress_mode.as_deref().map(Into::into))
        .build()
}

fn access(config: &AccessConfig) -> sdk::CreateAccessConfigRequest {
    let AccessConfig {
        authentication_mode,
        bootstrap_cluster_creator_admin_permissions,
    } = config;
    sdk::CreateAccessConfigRequest::builder()
        .set_authentication_mode(authentication_mode.as_deref().map(Into::into))
        .set_bootstrap_cluster_creator_admin_permissions(
            *bootstrap_cluster_creator_admin_permissions,
        )
        .build()
}

/// A new cluster sends no logs, so only what is on needs saying.
fn first_logging(types: &BTreeSet<String>) -> Option<sdk::Logging> {
    let on = log_setup(types.iter().map(String::as_str), true)?;
    Some(sdk::Logging::builder().cluster_logging(on).build())
}

/// Every type of log is either on or off: a type that is not named keeps what it was.
pub(in super::super) fn logging(types: &BTreeSet<String>) -> sdk::Logging {
    let on = types.iter().map(String::as_str);
    let off = sdk::LogType::values()
        .iter()
        .copied()
        .filter(|it| !types.contains(*it));
    let setups = [log_setup(on, true), log_setup(off, false)];
    sdk::Logging::builder()
        .set_cluster_logging(Some(setups.into_iter().flatten().collect()))
        .build()
}

fn log_setup<'a>(types: impl Iterator<Item = &'a str>, enabled: bool) -> Option<sdk::LogSetup> {
    let types: Vec<sdk::LogType> = types.map(Into::into).collect();
    (!types.is_empty()).then(|| {
        sdk::LogSetup::builder()
            .set_types(Some(types))
            .enabled(enabled)
            .build()
    })
}

fn network(
    config: Option<&KubernetesNetworkConfig>,
    balancing: Option<sdk::ElasticLoadBalancing>,
) -> Option<sdk::KubernetesNetworkConfigRequest> {
    let builder = sdk::KubernetesNetworkConfigRequest::builder()
        .set_elastic_load_balancing(balancing.clone());
    let Some(config) = config else {
        return balancing.is_some().then(|| builder.build());
    };
    let KubernetesNetworkConfig {
        ip_family,
        service_ipv4_cidr,
        service_ipv6_cidr: _,
        elastic_load_balancing: _,
    } = config;
    let request = builder
        .set_ip_family(ip_family.as_deref().map(Into::into))
        .set_service_ipv4_cidr(service_ipv4_cidr.clone());
    Some(request.build())
}

#[expect(deprecated, reason = "still required by AWS for clusters below 1.28")]
pub(in super::super) fn encryption(config: &EncryptionConfig) -> sdk::EncryptionConfig {
    let EncryptionConfig {
        resources,
        provider: EncryptionProvider { key_arn },
    } = config;
    sdk::EncryptionConfig::builder()
        .set_resources(Some(strings(resources)))
        .provider(sdk::Provider::builder().key_arn(key_arn).build())
        .build()
}

fn outpost(config: &OutpostConfig) -> Option<sdk::OutpostConfigRequest> {
    let OutpostConfig {
        outpost_arns,
        control_plane_instance_type,
        etcd_instance_type,
        control_plane_placement,
        etcd_placement,
    } = config;
    let control_plane = control_plane_placement.as_ref().map(
        |ControlPlanePlacement {
             group_name,
             spread_level,
         }| {
            sdk::ControlPlanePlacementRequest::builder()
                .set_group_name(group_name.clone())
                .set_spread_level(spread_level.as_deref().map(Into::into))
                .build()
        },
    );
    let etcd = etcd_placement
        .as_ref()
        .map(|EtcdPlacement { spread_level }| {
            let spread_level = spread_level.as_deref().map(Into::into);
            sdk::EtcdPlacementRequest::builder()
                .set_spread_level(spread_level)
                .build()
        });
    let request = sdk::OutpostConfigRequest::builder()
        .set_outpost_arns(Some(strings(outpost_arns)))
        .control_plane_instance_type(control_plane_instance_type)
        .set_etcd_instance_type(etcd_instance_type.clone())
        .set_control_plane_placement(control_plane)
        .set_etcd_placement(etcd);
    // Fails for members that are missing, and none is.
    request.build().ok()
}

/// Two empty lists are how AWS is told to remove the networks (API reference of UpdateClusterConfig), so both lists are
/// always sent.
pub(in super::super) fn remote_networks(
    config: &RemoteNetworkConfig,
) -> sdk::RemoteNetworkConfigRequest {
    let RemoteNetworkConfig {
        remote_node_networks,
        remote_pod_networks,
    } = config;
    let cidrs = |network: &Option<RemoteNetwork>| {
        let cidrs = network
            .as_ref()
            .and_then(|RemoteNetwork { cidrs }| cidrs.as_ref());
        cidrs.map(strings).filter(|cidrs| !cidrs.is_empty())
    };
    let node = |cidrs| {
        sdk::RemoteNodeNetwork::builder()
            .set_cidrs(Some(cidrs))
            .build()
    };
    let pod = |cidrs| {
        sdk::RemotePodNetwork::builder()
            .set_cidrs(Some(cidrs))
            .build()
    };
    sdk::RemoteNetworkConfigRequest::builder()
        .set_remote_node_networks(Some(
            cidrs(remote_node_networks).map(node).into_iter().collect(),
        ))
        .set_remote_pod_networks(Some(
            cidrs(remote_pod_networks).map(pod).into_iter().collect(),
        ))
        .build()
}

pub(in super::super) fn upgrade(
    UpgradePolicy { support_type }: &UpgradePolicy,
) -> sdk::UpgradePolicyRequest {
    let support_type = support_type.as_deref().map(Into::into);
    sdk::UpgradePolicyRequest::builder()
        .set_support_type(support_type)
        .build()
}

pub(in super::super) fn zonal_shift(
    ZonalShiftConfig { enabled }: &ZonalShiftConfig,
) -> sdk::ZonalShiftConfigRequest {
    sdk::ZonalShiftConfigRequest::builder()
        .enabled(enabled.unwrap_or(false))
        .build()
}

pub(in super::super) fn scaling(
    ControlPlaneScalingConfig { tier }: &ControlPlaneScalingConfig,
) -> sdk::ControlPlaneScalingConfig {
    let tier = tier.as_deref().map(Into::into);
    sdk::ControlPlaneScalingConfig::builder()
        .set_tier(tier)
        .build()
}
