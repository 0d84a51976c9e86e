//! What can be set in the control plane of a version: defaults and limits, in the shapes of hashicorp/aws.

use tfplugin_rs::model;

model! {
    /// What can be set in the control plane.
    pub struct Components {
        /// API server.
        pub kube_api_server_config: Option<ApiServer> => block computed,
        /// Controller manager.
        pub kube_controller_manager_config: Option<ControllerManager> => block computed,
        /// Scheduler.
        pub kube_scheduler_config: Option<Scheduler> => block computed,
    }
}

model! {
    /// What can be set in the API server.
    pub struct ApiServer {
        /// How long events are kept.
        pub event_ttl: Option<Duration> => block computed,
        /// Ports of services of type NodePort.
        pub service_node_port_range: Option<Ports> => block computed,
    }
}

model! {
    /// What can be set in the controller manager.
    pub struct ControllerManager {
        /// Horizontal pod autoscaler.
        pub horizontal_pod_autoscaler_controller_config: Option<Autoscaler> => block computed,
        /// Garbage collection of terminated pods.
        pub pod_gc_controller_config: Option<PodGarbageCollection> => block computed,
    }
}

model! {
    /// What can be set in the horizontal pod autoscaler.
    pub struct Autoscaler {
        /// How often it looks.
        pub horizontal_pod_autoscaler_sync_period: Option<Duration> => block computed,
    }
}

model! {
    /// What can be set in the garbage collection of terminated pods.
    pub struct PodGarbageCollection {
        /// How many terminated pods may exist before some are deleted.
        pub terminated_pod_gc_threshold: Option<Count> => block computed,
    }
}

model! {
    /// What can be set in the scheduler.
    pub struct Scheduler {
        /// How nodes with enough room are ranked.
        pub node_resources_fit: Option<NodeResourcesFit> => block computed,
    }
}

model! {
    /// What can be set in the ranking of nodes.
    pub struct NodeResourcesFit {
        /// The rule.
        pub scoring_strategy: Option<Strategy> => block computed,
    }
}

model! {
    /// A duration that can be set.
    pub struct Duration {
        /// What it is if nobody sets it.
        pub default_value: Option<String> => computed,
        /// Its limits.
        pub constraints: Option<DurationLimits> => block computed,
    }
}

model! {
    /// Limits of a duration.
    pub struct DurationLimits {
        /// The shortest.
        pub min: Option<String> => computed,
        /// The longest.
        pub max: Option<String> => computed,
    }
}

model! {
    /// A number that can be set.
    pub struct Count {
        /// What it is if nobody sets it.
        pub default_value: Option<i64> => computed,
        /// Its limits.
        pub constraints: Option<Limits> => block computed,
    }
}

model! {
    /// Limits of a number.
    pub struct Limits {
        /// The least.
        pub min: Option<i64> => computed,
        /// The greatest.
        pub max: Option<i64> => computed,
    }
}

model! {
    /// A range of ports that can be set.
    pub struct Ports {
        /// What it is if nobody sets it.
        pub default_value: Option<PortRange> => block computed,
        /// Its limits.
        pub constraints: Option<PortLimits> => block computed,
    }
}

model! {
    /// A range of ports.
    pub struct PortRange {
        /// First port.
        pub min_port: Option<i64> => computed,
        /// Last port.
        pub max_port: Option<i64> => computed,
    }
}

model! {
    /// Limits of a range of ports.
    pub struct PortLimits {
        /// Limits of the first port.
        pub min_port: Option<Limits> => block computed,
        /// Limits of the last port.
        pub max_port: Option<Limits> => block computed,
    }
}

model! {
    /// The rule by which nodes are ranked, which can be set.
    pub struct Strategy {
        /// What it is if nobody sets it.
        pub default_value: Option<StrategyValue> => block computed,
        /// Its limits.
        pub constraints: Option<StrategyLimits> => block computed,
    }
}

model! {
    /// A rule by which nodes are ranked.
    pub struct StrategyValue {
        /// The rule's name.
        pub r#type: Option<String> => computed,
        /// How much kinds of resources count.
        pub resources: Vec<ResourceWeight> => computed,
    }
}

model! {
    /// How much a kind of resource counts.
    pub struct ResourceWeight {
        /// The resource, such as `cpu`.
        pub name: Option<String> => computed,
        /// Its weight.
        pub weight: Option<i64> => computed,
    }
}

model! {
    /// Limits of the rule by which nodes are ranked.
    pub struct StrategyLimits {
        /// Which rules there are.
        pub scoring_strategy: Option<Allowed> => block computed,
        /// Which resources can count, and how much.
        pub resources: Option<ResourceLimits> => block computed,
    }
}

model! {
    /// Limits of the weights of resources.
    pub struct ResourceLimits {
        /// Which resources there are.
        pub name: Option<Allowed> => block computed,
        /// Limits of their weights.
        pub weight: Option<Limits> => block computed,
    }
}

model! {
    /// Values to choose from.
    pub struct Allowed {
        /// The values.
        pub allowed_values: Vec<String> => computed,
    }
}
