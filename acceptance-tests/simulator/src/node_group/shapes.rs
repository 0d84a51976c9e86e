//! The request shapes of the node group operations, from the service model of 2026-10.

use crate::shape::Shape::{self, Flag, List, Map, Number, Object, OneOf, Text};
use crate::shape::{Member, TAGS, TEXT, TEXTS, optional, required};

const MAX: i64 = i32::MAX as i64;

const SCALING_CONFIG: &[Member] = &[
    optional("minSize", Number { min: 0, max: MAX }),
    optional("maxSize", Number { min: 1, max: MAX }),
    optional("desiredSize", Number { min: 0, max: MAX }),
];

const UPDATE_CONFIG: &[Member] = &[
    optional("maxUnavailable", Number { min: 1, max: MAX }),
    optional("maxUnavailablePercentage", Number { min: 1, max: 100 }),
    optional("updateStrategy", OneOf(&["DEFAULT", "MINIMAL"])),
];

const REPAIR_CONFIG: &[Member] = &[
    optional("enabled", Flag),
    optional(
        "maxUnhealthyNodeThresholdCount",
        Number { min: 1, max: MAX },
    ),
    optional(
        "maxUnhealthyNodeThresholdPercentage",
        Number { min: 1, max: 100 },
    ),
    optional("maxParallelNodesRepairedCount", Number { min: 1, max: MAX }),
    optional(
        "maxParallelNodesRepairedPercentage",
        Number { min: 1, max: 100 },
    ),
    optional(
        "nodeRepairConfigOverrides",
        List {
            of: &Object(&[
                optional("nodeMonitoringCondition", TEXT),
                optional("nodeUnhealthyReason", TEXT),
                optional("minRepairWaitTimeMins", Number { min: 1, max: MAX }),
                optional("repairAction", OneOf(&["Replace", "Reboot", "NoAction"])),
            ]),
            max: usize::MAX,
        },
    ),
];

const WARM_POOL_CONFIG: &[Member] = &[
    optional("enabled", Flag),
    optional("minSize", Number { min: 0, max: MAX }),
    optional("maxGroupPreparedCapacity", Number { min: -1, max: MAX }),
    optional("poolState", OneOf(&["STOPPED", "RUNNING", "HIBERNATED"])),
    optional("reuseOnScaleIn", Flag),
];

const LAUNCH_TEMPLATE: &[Member] = &[
    optional("name", TEXT),
    optional("version", TEXT),
    optional("id", TEXT),
];

const LABELS: Shape = Map {
    key_max: 63,
    value: &Text { min: 1, max: 63 },
    max: usize::MAX,
};

const TAINTS: Shape = List {
    of: &Object(&[
        optional("key", Text { min: 1, max: 63 }),
        optional("value", Text { min: 0, max: 63 }),
        optional(
            "effect",
            OneOf(&["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]),
        ),
    ]),
    max: 50,
};

const AMI_TYPES: &[&str] = &[
    "AL2_x86_64",
    "AL2_x86_64_GPU",
    "AL2_ARM_64",
    "CUSTOM",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64_FIPS",
    "BOTTLEROCKET_x86_64_FIPS",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "BOTTLEROCKET_ARM_64_NVIDIA_FIPS",
    "BOTTLEROCKET_x86_64_NVIDIA_FIPS",
    "WINDOWS_CORE_2019_x86_64",
    "WINDOWS_FULL_2019_x86_64",
    "WINDOWS_CORE_2022_x86_64",
    "WINDOWS_FULL_2022_x86_64",
    "WINDOWS_CORE_2025_x86_64",
    "WINDOWS_FULL_2025_x86_64",
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NEURON",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
];

pub(super) const CREATE: &[Member] = &[
    required("nodegroupName", Shape::Name { max: 63 }),
    optional("scalingConfig", Object(SCALING_CONFIG)),
    optional("diskSize", Number { min: 1, max: MAX }),
    required("subnets", TEXTS),
    optional("instanceTypes", TEXTS),
    optional("amiType", OneOf(AMI_TYPES)),
    optional(
        "remoteAccess",
        Object(&[
            optional("ec2SshKey", TEXT),
            optional("sourceSecurityGroups", TEXTS),
        ]),
    ),
    required("nodeRole", TEXT),
    optional("labels", LABELS),
    optional("taints", TAINTS),
    optional("tags", TAGS),
    optional("clientRequestToken", TEXT),
    optional("launchTemplate", Object(LAUNCH_TEMPLATE)),
    optional("updateConfig", Object(UPDATE_CONFIG)),
    optional("nodeRepairConfig", Object(REPAIR_CONFIG)),
    optional(
        "capacityType",
        OneOf(&["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
    ),
    optional("version", TEXT),
    optional("releaseVersion", TEXT),
    optional("warmPoolConfig", Object(WARM_POOL_CONFIG)),
];

pub(super) const UPDATE_CONFIG_REQUEST: &[Member] = &[
    optional(
        "labels",
        Object(&[
            optional("addOrUpdateLabels", LABELS),
            optional("removeLabels", TEXTS),
        ]),
    ),
    optional(
        "taints",
        Object(&[
            optional("addOrUpdateTaints", TAINTS),
            optional("removeTaints", TAINTS),
        ]),
    ),
    optional("scalingConfig", Object(SCALING_CONFIG)),
    optional("updateConfig", Object(UPDATE_CONFIG)),
    optional("nodeRepairConfig", Object(REPAIR_CONFIG)),
    optional("warmPoolConfig", Object(WARM_POOL_CONFIG)),
    optional("clientRequestToken", TEXT),
];

pub(super) const UPDATE_VERSION: &[Member] = &[
    optional("version", TEXT),
    optional("releaseVersion", TEXT),
    optional("launchTemplate", Object(LAUNCH_TEMPLATE)),
    optional("force", Flag),
    optional("clientRequestToken", TEXT),
];
