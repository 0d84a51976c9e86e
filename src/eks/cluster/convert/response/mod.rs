//! What AWS answers.

pub(in super::super) mod kube;
pub(in super::super) mod network;

use std::collections::BTreeSet;

use aws_sdk_eks::types as sdk;

use self::network::{into_network, into_outpost, into_remote_networks, into_vpc};
use super::super::Model;
use super::super::blocks::{
    AccessConfig, BlockStorage, CertificateAuthority, ComputeConfig, ControlPlaneScalingConfig,
    EncryptionConfig, EncryptionProvider, Identity, Oidc, StorageConfig, UpgradePolicy,
    ZonalShiftConfig,
};
use crate::aws::{Call, tags};
use crate::eks::shared::health;
use crate::eks::shared::spelling::{set, time, word};

/// The cluster as AWS describes it. What AWS does not tell is as it was before.
pub(in super::super) fn into_model(cx: &Call, cluster: sdk::Cluster, prior: &Model) -> Model {
    let health = health::of(&cluster);
    let (tags, tags_all) = tags::from_api(cx, cluster.tags.iter().flatten(), &prior.tags);
    Model {
        id: cluster.name.clone(),
        name: cluster.name.unwrap_or_default(),
        role_arn: cluster.role_arn.unwrap_or_default(),
        version: cluster.version,
        force_update_version: prior.force_update_version.or(Some(false)),
        bootstrap_self_managed_addons: prior.bootstrap_self_managed_addons.or(Some(true)),
        deletion_protection: cluster.deletion_protection.or(Some(false)),
        enabled_cluster_log_types: cluster.logging.and_then(into_log_types),
        vpc_config: into_vpc(cluster.resources_vpc_config, &prior.vpc_config),
        access_config: cluster
            .access_config
            .map(|config| into_access(config, prior.access_config.as_ref())),
        compute_config: Some(into_compute(cluster.compute_config)),
        storage_config: Some(into_storage(cluster.storage_config)),
        kubernetes_network_config: cluster
            .kubernetes_network_config
            .map(|config| into_network(config, prior.kubernetes_network_config.as_ref()))
            .filter(|config| {
                prior.kubernetes_network_config.is_some() || network::is_remarkable(config)
            }),
        encryption_config: cluster
            .encryption_config
            .and_then(|all| into_encryption(all, prior)),
        outpost_config: cluster
            .outpost_config
            .map(|config| into_outpost(config, prior.outpost_config.as_ref())),
        remote_network_config: cluster.remote_network_config.and_then(into_remote_networks),
        upgrade_policy: cluster.upgrade_policy.map(|policy| UpgradePolicy {
            support_type: word(policy.support_type),
        }),
        zonal_shift_config: Some(ZonalShiftConfig {
            enabled: Some(
                cluster
                    .zonal_shift_config
                    .and_then(|it| it.enabled)
                    .unwrap_or(false),
            ),
        }),
        control_plane_scaling_config: cluster.control_plane_scaling_config.map(|config| {
            ControlPlaneScalingConfig {
                tier: word(config.tier),
            }
        }),
        kube_api_server_config: cluster.kube_api_server_config.map(kube::into_api_server),
        kube_controller_manager_config: cluster
            .kube_controller_manager_config
            .map(kube::into_controller_manager),
        kube_scheduler_config: cluster.kube_scheduler_config.map(kube::into_scheduler),
        region: prior.region.resolved(cx),
        tags,
        tags_all,
        arn: cluster.arn,
        cluster_id: cluster.id,
        created_at: time(cluster.created_at),
        endpoint: cluster.endpoint,
        certificate_authority: into_certificate_authority(cluster.certificate_authority),
        identity: into_identity(cluster.identity),
        platform_version: cluster.platform_version,
        status: word(cluster.status),
        health,
    }
}

fn into_log_types(logging: sdk::Logging) -> Option<BTreeSet<String>> {
    let setups = logging.cluster_logging.unwrap_or_default();
    let on = setups
        .into_iter()
        .filter(|setup| setup.enabled == Some(true));
    let types = on.flat_map(|setup| setup.types.unwrap_or_default());
    set(Some(types.map(|it| it.as_str().to_owned()).collect()))
}

/// The API never tells whether the creator became administrator; AWS's default is that they did.
fn into_access(config: sdk::AccessConfigResponse, prior: Option<&AccessConfig>) -> AccessConfig {
    let before = prior.and_then(|prior| prior.bootstrap_cluster_creator_admin_permissions);
    AccessConfig {
        authentication_mode: word(config.authentication_mode),
        bootstrap_cluster_creator_admin_permissions: before.or(Some(true)),
    }
}

/// A cluster that never had EKS Auto Mode is described without these members; that means off.
fn into_compute(config: Option<sdk::ComputeConfigResponse>) -> ComputeConfig {
    let (enabled, node_pools, node_role_arn) = match config {
        Some(config) => (config.enabled, config.node_pools, config.node_role_arn),
        None => (None, None, None),
    };
    ComputeConfig {
        enabled: Some(enabled.unwrap_or(false)),
        node_pools: set(node_pools),
        node_role_arn,
    }
}

fn into_storage(config: Option<sdk::StorageConfigResponse>) -> StorageConfig {
    let block_storage = config.and_then(|config| config.block_storage);
    let enabled = block_storage.and_then(|it| it.enabled).unwrap_or(false);
    StorageConfig {
        block_storage: Some(BlockStorage {
            enabled: Some(enabled),
        }),
    }
}

/// EKS encrypts with a key of its own when none was given, and may describe that without an ARN: that is no
/// configuration. A key that was given by its alias stays the alias.
#[expect(deprecated, reason = "still answered, and part of the configuration")]
fn into_encryption(all: Vec<sdk::EncryptionConfig>, prior: &Model) -> Option<EncryptionConfig> {
    let config = all.into_iter().next()?;
    let actual = config.provider?.key_arn.filter(|arn| !arn.is_empty())?;
    let before = prior
        .encryption_config
        .as_ref()
        .map(|config| config.provider.key_arn.clone());
    let key_arn = before
        .filter(|arn| arn.contains(":alias/"))
        .unwrap_or(actual);
    Some(EncryptionConfig {
        resources: config.resources.unwrap_or_default().into_iter().collect(),
        provider: EncryptionProvider { key_arn },
    })
}

fn into_certificate_authority(certificate: Option<sdk::Certificate>) -> Vec<CertificateAuthority> {
    let data = certificate.and_then(|certificate| certificate.data);
    data.map(|data| CertificateAuthority { data: Some(data) })
        .into_iter()
        .collect()
}

fn into_identity(identity: Option<sdk::Identity>) -> Vec<Identity> {
    let issuer = identity
        .and_then(|identity| identity.oidc)
        .and_then(|oidc| oidc.issuer);
    let identity = issuer.map(|issuer| Identity {
        oidc: vec![Oidc {
            issuer: Some(issuer),
        }],
    });
    identity.into_iter().collect()
}
