//! Settings of control plane components.

use aws_sdk_eks::types as sdk;

use crate::eks::cluster::blocks::{
    HorizontalPodAutoscaler, KubeApiServerConfig, KubeControllerManagerConfig, KubeSchedulerConfig,
    NodeResourcesFit, PodGarbageCollection, ResourceWeight, ScoringStrategy, ServiceNodePortRange,
};

pub(in crate::eks::cluster) fn api_server(
    config: &KubeApiServerConfig,
) -> sdk::KubeApiServerConfigRequest {
    let KubeApiServerConfig {
        event_ttl,
        service_node_port_range,
    } = config;
    let range =
        service_node_port_range
            .as_ref()
            .map(|ServiceNodePortRange { min_port, max_port }| {
                sdk::ServiceNodePortRange::builder()
                    .set_min_port(min_port.map(small))
                    .set_max_port(max_port.map(small))
                    .build()
            });
    sdk::KubeApiServerConfigRequest::builder()
        .set_event_ttl(event_ttl.clone())
        .set_service_node_port_range(range)
        .build()
}

pub(in crate::eks::cluster) fn controller_manager(
    config: &KubeControllerManagerConfig,
) -> sdk::KubeControllerManagerConfigRequest {
    let KubeControllerManagerConfig {
        horizontal_pod_autoscaler_controller_config,
        pod_gc_controller_config,
    } = config;
    let autoscaler = horizontal_pod_autoscaler_controller_config.as_ref().map(
        |HorizontalPodAutoscaler {
             horizontal_pod_autoscaler_sync_period: period,
         }| {
            sdk::HorizontalPodAutoscalerControllerConfigRequest::builder()
                .set_horizontal_pod_autoscaler_sync_period(period.clone())
                .build()
        },
    );
    let collection = pod_gc_controller_config.as_ref().map(
        |PodGarbageCollection {
             terminated_pod_gc_threshold: threshold,
         }| {
            sdk::PodGcControllerConfigRequest::builder()
                .set_terminated_pod_gc_threshold(threshold.map(small))
                .build()
        },
    );
    sdk::KubeControllerManagerConfigRequest::builder()
        .set_horizontal_pod_autoscaler_controller_config(autoscaler)
        .set_pod_gc_controller_config(collection)
        .build()
}

pub(in crate::eks::cluster) fn scheduler(
    KubeSchedulerConfig { node_resources_fit }: &KubeSchedulerConfig,
) -> sdk::KubeSchedulerConfigRequest {
    let fit = node_resources_fit
        .as_ref()
        .map(|NodeResourcesFit { scoring_strategy }| {
            let strategy = scoring_strategy.as_ref().map(strategy);
            sdk::NodeResourcesFitConfig::builder()
                .set_scoring_strategy(strategy)
                .build()
        });
    sdk::KubeSchedulerConfigRequest::builder()
        .set_node_resources_fit(fit)
        .build()
}

fn strategy(ScoringStrategy { r#type, resource }: &ScoringStrategy) -> sdk::ScoringStrategy {
    let weight = |ResourceWeight { name, weight }: &ResourceWeight| {
        sdk::ResourceWeight::builder()
            .set_name(name.clone())
            .set_weight(weight.map(small))
            .build()
    };
    let resources = resource.as_ref().filter(|all| !all.is_empty());
    let resources = resources.map(|all| all.iter().map(weight).collect());
    sdk::ScoringStrategy::builder()
        .set_type(r#type.as_deref().map(Into::into))
        .set_resources(resources)
        .build()
}

/// The declarations keep these numbers within bounds.
fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
