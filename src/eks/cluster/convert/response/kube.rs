//! What AWS answers about the settings of control plane components.

use aws_sdk_eks::types as sdk;

use crate::eks::cluster::blocks::{
    HorizontalPodAutoscaler, KubeApiServerConfig, KubeControllerManagerConfig, KubeSchedulerConfig,
    NodeResourcesFit, PodGarbageCollection, ResourceWeight, ScoringStrategy, ServiceNodePortRange,
};
use crate::eks::shared::spelling::word;

pub(super) fn into_api_server(config: sdk::KubeApiServerConfigResponse) -> KubeApiServerConfig {
    KubeApiServerConfig {
        event_ttl: config.event_ttl,
        service_node_port_range: config
            .service_node_port_range
            .map(|range| ServiceNodePortRange {
                min_port: Some(range.min_port.into()),
                max_port: Some(range.max_port.into()),
            }),
    }
}

pub(super) fn into_controller_manager(
    config: sdk::KubeControllerManagerConfigResponse,
) -> KubeControllerManagerConfig {
    KubeControllerManagerConfig {
        horizontal_pod_autoscaler_controller_config: config
            .horizontal_pod_autoscaler_controller_config
            .map(|it| HorizontalPodAutoscaler {
                horizontal_pod_autoscaler_sync_period: it.horizontal_pod_autoscaler_sync_period,
            }),
        pod_gc_controller_config: config
            .pod_gc_controller_config
            .map(|it| PodGarbageCollection {
                terminated_pod_gc_threshold: it.terminated_pod_gc_threshold.map(Into::into),
            }),
    }
}

pub(super) fn into_scheduler(config: sdk::KubeSchedulerConfigResponse) -> KubeSchedulerConfig {
    KubeSchedulerConfig {
        node_resources_fit: config.node_resources_fit.map(|fit| NodeResourcesFit {
            scoring_strategy: fit.scoring_strategy.map(into_strategy),
        }),
    }
}

fn into_strategy(strategy: sdk::ScoringStrategy) -> ScoringStrategy {
    let weight = |weight: sdk::ResourceWeight| ResourceWeight {
        name: weight.name,
        weight: weight.weight.map(Into::into),
    };
    ScoringStrategy {
        r#type: word(strategy.r#type),
        resource: strategy
            .resources
            .map(|all| all.into_iter().map(weight).collect()),
    }
}
