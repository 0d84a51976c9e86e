//! The request shapes of the cluster operations, from the service model of 2026-10.

use crate::shape::Shape::{Flag, List, Name, Number, Object, OneOf, Text};
use crate::shape::{Member, TAGS, TEXT, TEXTS, optional, required};

const VPC_CONFIG: &[Member] = &[
    optional("subnetIds", TEXTS),
    optional("securityGroupIds", TEXTS),
    optional("endpointPublicAccess", Flag),
    optional("endpointPrivateAccess", Flag),
    optional("publicAccessCidrs", TEXTS),
    optional(
        "controlPlaneEgressMode",
        OneOf(&["AWS_MANAGED", "CUSTOMER_ROUTED", "CUSTOMER_ISOLATED"]),
    ),
];

const NETWORK_CONFIG: &[Member] = &[
    optional("serviceIpv4Cidr", TEXT),
    optional("ipFamily", OneOf(&["ipv4", "ipv6"])),
    optional(
        "elasticLoadBalancing",
        Object(&[
            optional("enabled", Flag),
            optional(
                "gatewayApi",
                Object(&[optional("crds", Object(&[optional("managed", Flag)]))]),
            ),
        ]),
    ),
];

pub(super) const LOG_TYPES: &[&str] = &[
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
];

const LOGGING: &[Member] = &[optional(
    "clusterLogging",
    List {
        of: &Object(&[
            optional(
                "types",
                List {
                    of: &OneOf(LOG_TYPES),
                    max: usize::MAX,
                },
            ),
            optional("enabled", Flag),
        ]),
        max: usize::MAX,
    },
)];

const ENCRYPTION_CONFIG: crate::shape::Shape = List {
    of: &Object(&[
        optional("resources", TEXTS),
        optional("provider", Object(&[optional("keyArn", TEXT)])),
    ]),
    max: 1,
};

const SPREAD_LEVEL: crate::shape::Shape = OneOf(&["host", "rack"]);

const OUTPOST_CONFIG: &[Member] = &[
    required("outpostArns", TEXTS),
    required("controlPlaneInstanceType", TEXT),
    optional(
        "controlPlanePlacement",
        Object(&[
            optional("groupName", TEXT),
            optional("spreadLevel", SPREAD_LEVEL),
        ]),
    ),
    optional("etcdInstanceType", TEXT),
    optional(
        "etcdPlacement",
        Object(&[optional("spreadLevel", SPREAD_LEVEL)]),
    ),
];

const AUTHENTICATION_MODE: crate::shape::Shape =
    OneOf(&["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"]);

const REMOTE_NETWORKS: crate::shape::Shape = List {
    of: &Object(&[optional("cidrs", TEXTS)]),
    max: 1,
};

const SCORING_STRATEGY: &[Member] = &[
    optional("type", OneOf(&["LeastAllocated", "MostAllocated"])),
    optional(
        "resources",
        List {
            of: &Object(&[
                optional("name", Text { min: 1, max: 253 }),
                optional("weight", Number { min: 1, max: 100 }),
            ]),
            max: 100,
        },
    ),
];

const PORT: crate::shape::Shape = Number {
    min: i32::MIN as i64,
    max: i32::MAX as i64,
};

/// Members that both CreateCluster and UpdateClusterConfig take.
macro_rules! shared_members {
    ($($more:expr),* $(,)?) => {
        &[
            $($more,)*
            optional("resourcesVpcConfig", Object(VPC_CONFIG)),
            optional("kubernetesNetworkConfig", Object(NETWORK_CONFIG)),
            optional("logging", Object(LOGGING)),
            optional("clientRequestToken", TEXT),
            optional(
                "upgradePolicy",
                Object(&[optional("supportType", OneOf(&["STANDARD", "EXTENDED"]))]),
            ),
            optional("zonalShiftConfig", Object(&[optional("enabled", Flag)])),
            optional(
                "remoteNetworkConfig",
                Object(&[
                    optional("remoteNodeNetworks", REMOTE_NETWORKS),
                    optional("remotePodNetworks", REMOTE_NETWORKS),
                ]),
            ),
            optional(
                "computeConfig",
                Object(&[
                    optional("enabled", Flag),
                    optional("nodePools", TEXTS),
                    optional("nodeRoleArn", TEXT),
                ]),
            ),
            optional(
                "storageConfig",
                Object(&[optional("blockStorage", Object(&[optional("enabled", Flag)]))]),
            ),
            optional("deletionProtection", Flag),
            optional(
                "controlPlaneScalingConfig",
                Object(&[optional(
                    "tier",
                    OneOf(&["standard", "tier-xl", "tier-2xl", "tier-4xl", "tier-8xl"]),
                )]),
            ),
            optional(
                "kubeApiServerConfig",
                Object(&[
                    optional("eventTtl", TEXT),
                    optional(
                        "serviceNodePortRange",
                        Object(&[optional("minPort", PORT), optional("maxPort", PORT)]),
                    ),
                ]),
            ),
            optional(
                "kubeSchedulerConfig",
                Object(&[optional(
                    "nodeResourcesFit",
                    Object(&[optional("scoringStrategy", Object(SCORING_STRATEGY))]),
                )]),
            ),
            optional(
                "kubeControllerManagerConfig",
                Object(&[
                    optional(
                        "podGcControllerConfig",
                        Object(&[optional(
                            "terminatedPodGcThreshold",
                            Number { min: 1, max: 1_000_000 },
                        )]),
                    ),
                    optional(
                        "horizontalPodAutoscalerControllerConfig",
                        Object(&[optional("horizontalPodAutoscalerSyncPeriod", TEXT)]),
                    ),
                ]),
            ),
        ]
    };
}

pub(super) const CREATE_CLUSTER: &[Member] = shared_members![
    required("name", Name { max: 100 }),
    optional("version", TEXT),
    required("roleArn", TEXT),
    required("resourcesVpcConfig", Object(VPC_CONFIG)),
    optional("tags", TAGS),
    optional("encryptionConfig", ENCRYPTION_CONFIG),
    optional("outpostConfig", Object(OUTPOST_CONFIG)),
    optional(
        "accessConfig",
        Object(&[
            optional("bootstrapClusterCreatorAdminPermissions", Flag),
            optional("authenticationMode", AUTHENTICATION_MODE),
        ]),
    ),
    optional("bootstrapSelfManagedAddons", Flag),
];

pub(super) const UPDATE_CLUSTER_CONFIG: &[Member] = shared_members![optional(
    "accessConfig",
    Object(&[optional("authenticationMode", AUTHENTICATION_MODE)]),
)];

pub(super) const UPDATE_CLUSTER_VERSION: &[Member] = &[
    required("version", TEXT),
    optional("clientRequestToken", TEXT),
    optional("force", Flag),
    optional(
        "rollbackConfig",
        Object(&[optional(
            "timeoutMinutes",
            Number {
                min: 120,
                max: 10080,
            },
        )]),
    ),
];

pub(super) const ASSOCIATE_ENCRYPTION_CONFIG: &[Member] = &[
    required("encryptionConfig", ENCRYPTION_CONFIG),
    optional("clientRequestToken", TEXT),
];
