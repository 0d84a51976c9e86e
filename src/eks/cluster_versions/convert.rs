//! From the SDK's types to the models.

use aws_sdk_eks::types as sdk;

use super::settings::{
    Allowed, ApiServer, Autoscaler, Components, ControllerManager, Count, Duration, DurationLimits,
    Limits, NodeResourcesFit, PodGarbageCollection, PortLimits, PortRange, Ports, ResourceLimits,
    ResourceWeight, Scheduler, Strategy, StrategyLimits, StrategyValue,
};
use super::{ClusterVersion, ScalingTier};
use crate::eks::shared::spelling::{time, word};

pub(super) fn into_version(version: sdk::ClusterVersionInformation) -> ClusterVersion {
    let tiers = version.control_plane_scaling_tiers.into_iter().flatten();
    ClusterVersion {
        cluster_version: version.cluster_version,
        cluster_type: version.cluster_type,
        default_version: Some(version.default_version),
        version_status: word(version.version_status),
        release_date: time(version.release_date),
        end_of_standard_support_date: time(version.end_of_standard_support_date),
        end_of_extended_support_date: time(version.end_of_extended_support_date),
        kubernetes_patch_version: version.kubernetes_patch_version,
        default_platform_version: version.default_platform_version,
        control_plane_scaling_tiers: tiers.map(into_tier).collect(),
        control_plane_component_config: version.control_plane_component_config.map(into_components),
    }
}

fn into_tier(tier: sdk::ControlPlaneScalingTierInfo) -> ScalingTier {
    ScalingTier {
        tier_name: tier.tier_name,
        api_request_concurrency: tier.api_request_concurrency.map(Into::into),
        pod_scheduling_rate_per_second: tier.pod_scheduling_rate_per_second.map(Into::into),
        cluster_database_size_gb: tier.cluster_database_size_gb.map(Into::into),
        control_plane_component_config_overrides: tier
            .control_plane_component_config_overrides
            .map(into_components),
    }
}

fn into_components(config: sdk::ControlPlaneConfigInfo) -> Components {
    Components {
        kube_api_server_config: config.kube_api_server_config.map(|it| ApiServer {
            event_ttl: it.event_ttl.map(into_duration),
            service_node_port_range: it.service_node_port_range.map(into_ports),
        }),
        kube_controller_manager_config: config
            .kube_controller_manager_config
            .map(into_controller_manager),
        kube_scheduler_config: config.kube_scheduler_config.map(into_scheduler),
    }
}

fn into_controller_manager(config: sdk::KubeControllerManagerVersionConfig) -> ControllerManager {
    let autoscaler = config.horizontal_pod_autoscaler_controller_config;
    let garbage = config.pod_gc_controller_config;
    ControllerManager {
        horizontal_pod_autoscaler_controller_config: autoscaler.map(|it| Autoscaler {
            horizontal_pod_autoscaler_sync_period: it
                .horizontal_pod_autoscaler_sync_period
                .map(into_duration),
        }),
        pod_gc_controller_config: garbage.map(|it| PodGarbageCollection {
            terminated_pod_gc_threshold: it.terminated_pod_gc_threshold.map(|it| Count {
                default_value: it.default_value.map(Into::into),
                constraints: it.constraints.map(|it| limits(it.min, it.max)),
            }),
        }),
    }
}

fn into_scheduler(config: sdk::KubeSchedulerVersionConfig) -> Scheduler {
    Scheduler {
        node_resources_fit: config.node_resources_fit.map(|it| NodeResourcesFit {
            scoring_strategy: it.scoring_strategy.map(|it| Strategy {
                default_value: it.default_value.map(into_strategy),
                constraints: it.constraints.map(into_strategy_limits),
            }),
        }),
    }
}

fn into_duration(config: sdk::DurationParameterConfig) -> Duration {
    Duration {
        default_value: config.default_value,
        constraints: config.constraints.map(|it| DurationLimits {
            min: it.min,
            max: it.max,
        }),
    }
}

fn into_ports(config: sdk::PortRangeParameterConfig) -> Ports {
    let range = |it: sdk::IntegerRangeConstraint| limits(it.min, it.max);
    Ports {
        default_value: config.default_value.map(|it| PortRange {
            min_port: Some(it.min_port.into()),
            max_port: Some(it.max_port.into()),
        }),
        constraints: config.constraints.map(|it| PortLimits {
            min_port: it.min_port.map(range),
            max_port: it.max_port.map(range),
        }),
    }
}

fn into_strategy(strategy: sdk::ScoringStrategy) -> StrategyValue {
    let weight = |it: sdk::ResourceWeight| ResourceWeight {
        name: it.name,
        weight: it.weight.map(Into::into),
    };
    StrategyValue {
        r#type: word(strategy.r#type),
        resources: strategy
            .resources
            .into_iter()
            .flatten()
            .map(weight)
            .collect(),
    }
}

fn into_strategy_limits(config: sdk::ScoringStrategyConstraints) -> StrategyLimits {
    StrategyLimits {
        scoring_strategy: config.scoring_strategy.map(into_allowed),
        resources: config.resources.map(|it| ResourceLimits {
            name: it.name.map(into_allowed),
            weight: it.weight.map(|it| limits(it.min, it.max)),
        }),
    }
}

fn into_allowed(config: sdk::AllowedValuesConstraint) -> Allowed {
    Allowed {
        allowed_values: config.allowed_values.unwrap_or_default(),
    }
}

fn limits(min: Option<i32>, max: Option<i32>) -> Limits {
    Limits {
        min: min.map(Into::into),
        max: max.map(Into::into),
    }
}
