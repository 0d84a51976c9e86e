//! EKS Auto Mode, as AWS wants to be asked for it.

use aws_sdk_eks::types as sdk;

use super::strings;
use crate::eks::cluster::Model;
use crate::eks::cluster::blocks::{
    BlockStorage, ComputeConfig, Crds, ElasticLoadBalancing, GatewayApi, StorageConfig,
};

/// EKS Auto Mode: three switches, which AWS wants all in one request.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::eks::cluster) struct AutoMode {
    pub compute: sdk::ComputeConfigRequest,
    pub storage: sdk::StorageConfigRequest,
    pub balances_load: bool,
    pub manages_gateway_api: bool,
}

impl AutoMode {
    pub fn is_on(&self) -> bool {
        self.compute.enabled == Some(true)
    }

    /// Load balancing; the Gateway API is mentioned only if it matters, because not all versions know it.
    pub fn balancing(&self, mentions_gateway_api: bool) -> sdk::ElasticLoadBalancing {
        let crds = sdk::CrdManagementConfiguration::builder()
            .managed(self.manages_gateway_api)
            .build();
        let gateway_api = sdk::GatewayApiConfiguration::builder().crds(crds).build();
        sdk::ElasticLoadBalancing::builder()
            .enabled(self.balances_load)
            .set_gateway_api(mentions_gateway_api.then_some(gateway_api))
            .build()
    }
}

/// What the model says about EKS Auto Mode. A block that is absent means off.
pub(in crate::eks::cluster) fn auto_mode(model: &Model) -> AutoMode {
    let network = model.kubernetes_network_config.as_ref();
    let balancing = network
        .and_then(|it| it.elastic_load_balancing.clone())
        .unwrap_or_default();
    let ElasticLoadBalancing {
        enabled,
        gateway_api,
    } = balancing;
    let crds = gateway_api.and_then(|GatewayApi { crds }| crds);
    AutoMode {
        compute: compute_config(model.compute_config.as_ref()),
        storage: storage_config(model.storage_config.as_ref()),
        balances_load: enabled.unwrap_or(false),
        manages_gateway_api: crds.and_then(|Crds { managed }| managed).unwrap_or(false),
    }
}

fn compute_config(config: Option<&ComputeConfig>) -> sdk::ComputeConfigRequest {
    let builder = sdk::ComputeConfigRequest::builder();
    match config {
        Some(ComputeConfig {
            enabled: Some(true),
            node_pools,
            node_role_arn,
        }) => builder
            .enabled(true)
            .set_node_pools(Some(node_pools.as_ref().map(strings).unwrap_or_default()))
            .set_node_role_arn(node_role_arn.clone())
            .build(),
        _ => builder.enabled(false).build(),
    }
}

fn storage_config(config: Option<&StorageConfig>) -> sdk::StorageConfigRequest {
    let block_storage = config.and_then(|StorageConfig { block_storage }| block_storage.as_ref());
    let enabled = block_storage
        .and_then(|BlockStorage { enabled }| *enabled)
        .unwrap_or(false);
    let block_storage = sdk::BlockStorage::builder().enabled(enabled).build();
    sdk::StorageConfigRequest::builder()
        .block_storage(block_storage)
        .build()
}
