//! The add-ons there are: their versions, where those run, and what they can be configured with.
//!
//! Names, types, publishers, service accounts and recommended policies are AWS's. Versions and
//! their compatibilities are invented, but look like AWS's and come in an order like AWS's: newest
//! first, except that a rebuild of an older version may stand before a newer one. The schemas are
//! excerpts in the manner of AWS's.

/// An add-on of the catalogue.
pub(super) struct Addon {
    pub(super) name: &'static str,
    /// What it is for: networking, storage, observability, security.
    pub(super) kind: &'static str,
    pub(super) publisher: &'static str,
    pub(super) owner: &'static str,
    pub(super) namespace: &'static str,
    pub(super) compute_types: &'static [&'static str],
    /// Whether it is a Deployment, whose replicas need nodes. A DaemonSet is well without any.
    pub(super) needs_nodes: bool,
    pub(super) needs_iam: bool,
    pub(super) service_accounts: &'static [ServiceAccount],
    /// In the order in which AWS lists them.
    pub(super) versions: &'static [Version],
}

/// A Kubernetes service account of an add-on, and the AWS managed policies its role should have.
pub(super) struct ServiceAccount {
    pub(super) name: &'static str,
    pub(super) policies: &'static [&'static str],
}

/// A version of an add-on. Kubernetes versions are minor numbers.
pub(super) struct Version {
    pub(super) version: &'static str,
    pub(super) oldest: u32,
    pub(super) newest: u32,
    /// For which Kubernetes versions it is the default.
    pub(super) default_for: &'static [u32],
    /// JSON schema of the configuration values.
    pub(super) schema: &'static str,
}

impl Version {
    pub(super) fn runs_on(&self, minor: u32) -> bool {
        (self.oldest..=self.newest).contains(&minor)
    }
}

impl Addon {
    pub(super) fn version(&self, version: &str) -> Option<&'static Version> {
        self.versions.iter().find(|known| known.version == version)
    }

    /// The version an add-on gets that is created without one.
    pub(super) fn default_version(&self, minor: u32) -> Option<&'static Version> {
        self.versions
            .iter()
            .find(|version| version.default_for.contains(&minor))
    }
}

pub(super) fn find(name: &str) -> Option<&'static Addon> {
    ADDONS.iter().find(|addon| addon.name == name)
}

const fn version(
    version: &'static str,
    (oldest, newest): (u32, u32),
    default_for: &'static [u32],
    schema: &'static str,
) -> Version {
    Version {
        version,
        oldest,
        newest,
        default_for,
        schema,
    }
}

const COREDNS: &str = include_str!("schemas/coredns.json");
/// Before autoscaling came.
const COREDNS_1_10: &str = include_str!("schemas/coredns-1.10.json");
const KUBE_PROXY: &str = include_str!("schemas/kube-proxy.json");
const VPC_CNI: &str = include_str!("schemas/vpc-cni.json");
const EBS: &str = include_str!("schemas/aws-ebs-csi-driver.json");
const EFS: &str = include_str!("schemas/aws-efs-csi-driver.json");
const MOUNTPOINT_S3: &str = include_str!("schemas/aws-mountpoint-s3-csi-driver.json");
const ADOT: &str = include_str!("schemas/adot.json");
const POD_IDENTITY: &str = include_str!("schemas/eks-pod-identity-agent.json");
const METRICS_SERVER: &str = include_str!("schemas/metrics-server.json");
const SNAPSHOT_CONTROLLER: &str = include_str!("schemas/snapshot-controller.json");

const ALL: &[u32] = &[31, 32, 33, 34, 35, 36];

/// What most add-ons of EKS itself have in common.
const OF_EKS: Addon = Addon {
    name: "",
    kind: "",
    publisher: "eks",
    owner: "aws",
    namespace: "kube-system",
    compute_types: &["ec2", "auto", "hybrid"],
    needs_nodes: false,
    needs_iam: false,
    service_accounts: &[],
    versions: &[],
};

pub(super) const ADDONS: &[Addon] = &[
    Addon {
        name: "adot",
        kind: "observability",
        namespace: "opentelemetry-operator-system",
        needs_nodes: true,
        needs_iam: true,
        service_accounts: &[
            ServiceAccount {
                name: "adot-col-prom-metrics",
                policies: &["AmazonPrometheusRemoteWriteAccess"],
            },
            ServiceAccount {
                name: "adot-col-otlp-ingest",
                policies: &["AWSXrayWriteOnlyAccess"],
            },
            ServiceAccount {
                name: "adot-col-container-logs",
                policies: &["CloudWatchAgentServerPolicy"],
            },
        ],
        // As users report, it comes late to a new version of Kubernetes: here to 1.36.
        versions: &[
            version("v0.141.0-eksbuild.1", (32, 35), &[], ADOT),
            version("v0.131.0-eksbuild.1", (31, 35), &[31, 32, 33, 34, 35], ADOT),
        ],
        ..OF_EKS
    },
    Addon {
        name: "aws-ebs-csi-driver",
        kind: "storage",
        needs_nodes: true,
        needs_iam: true,
        service_accounts: &[ServiceAccount {
            name: "ebs-csi-controller-sa",
            policies: &["service-role/AmazonEBSCSIDriverPolicy"],
        }],
        versions: &[
            version("v1.54.0-eksbuild.1", (31, 36), &[36], EBS),
            version("v1.53.0-eksbuild.1", (31, 36), &[31, 32, 33, 34, 35], EBS),
            version("v1.48.0-eksbuild.2", (31, 35), &[], EBS),
        ],
        ..OF_EKS
    },
    Addon {
        name: "aws-efs-csi-driver",
        kind: "storage",
        needs_nodes: true,
        needs_iam: true,
        service_accounts: &[
            ServiceAccount {
                name: "efs-csi-controller-sa",
                policies: &["service-role/AmazonEFSCSIDriverPolicy"],
            },
            ServiceAccount {
                name: "efs-csi-node-sa",
                policies: &["service-role/AmazonEFSCSIDriverPolicy"],
            },
        ],
        versions: &[
            version("v2.3.0-eksbuild.1", (31, 36), &[], EFS),
            version("v2.1.9-eksbuild.4", (31, 35), &[], EFS),
            version("v2.1.10-eksbuild.1", (31, 36), ALL, EFS),
        ],
        ..OF_EKS
    },
    // A DaemonSet only. AWS recommends no policy: what it may do depends on the buckets.
    Addon {
        name: "aws-mountpoint-s3-csi-driver",
        kind: "storage",
        compute_types: &["ec2"],
        needs_iam: true,
        service_accounts: &[ServiceAccount {
            name: "s3-csi-driver-sa",
            policies: &[],
        }],
        versions: &[
            version("v2.2.0-eksbuild.1", (31, 36), ALL, MOUNTPOINT_S3),
            version("v1.15.0-eksbuild.1", (31, 34), &[], MOUNTPOINT_S3),
        ],
        ..OF_EKS
    },
    Addon {
        name: "coredns",
        kind: "networking",
        compute_types: &["ec2", "fargate", "auto", "hybrid"],
        needs_nodes: true,
        versions: &[
            version("v1.13.2-eksbuild.3", (34, 36), &[36], COREDNS),
            version("v1.12.4-eksbuild.9", (33, 36), &[33, 34, 35], COREDNS),
            version("v1.12.4-eksbuild.10", (33, 36), &[], COREDNS),
            version("v1.11.4-eksbuild.28", (31, 34), &[31, 32], COREDNS),
            version("v1.9.3-eksbuild.40", (31, 32), &[], COREDNS_1_10),
            version("v1.10.1-eksbuild.38", (31, 32), &[], COREDNS_1_10),
        ],
        ..OF_EKS
    },
    Addon {
        name: "eks-pod-identity-agent",
        kind: "security",
        compute_types: &["ec2", "hybrid"],
        versions: &[
            version("v1.3.9-eksbuild.5", (31, 36), &[], POD_IDENTITY),
            version("v1.3.10-eksbuild.2", (31, 36), ALL, POD_IDENTITY),
            version("v1.3.8-eksbuild.2", (31, 35), &[], POD_IDENTITY),
        ],
        ..OF_EKS
    },
    Addon {
        name: "kube-proxy",
        kind: "networking",
        versions: &[
            version("v1.36.0-eksbuild.2", (36, 36), &[36], KUBE_PROXY),
            version("v1.35.3-eksbuild.2", (35, 36), &[35], KUBE_PROXY),
            version("v1.34.6-eksbuild.2", (34, 36), &[34], KUBE_PROXY),
            version("v1.33.9-eksbuild.12", (33, 36), &[], KUBE_PROXY),
            version("v1.33.10-eksbuild.2", (33, 36), &[33], KUBE_PROXY),
            version("v1.32.11-eksbuild.5", (32, 35), &[32], KUBE_PROXY),
            version("v1.31.14-eksbuild.9", (31, 34), &[31], KUBE_PROXY),
        ],
        ..OF_EKS
    },
    Addon {
        name: "metrics-server",
        kind: "observability",
        publisher: "kubernetes-sigs",
        owner: "community",
        compute_types: &["ec2", "fargate", "auto", "hybrid"],
        needs_nodes: true,
        versions: &[
            version("v0.8.0-eksbuild.6", (31, 36), ALL, METRICS_SERVER),
            version("v0.7.2-eksbuild.8", (31, 35), &[], METRICS_SERVER),
        ],
        ..OF_EKS
    },
    Addon {
        name: "snapshot-controller",
        kind: "storage",
        compute_types: &["ec2", "fargate", "auto", "hybrid"],
        needs_nodes: true,
        versions: &[
            version("v8.3.0-eksbuild.3", (31, 36), ALL, SNAPSHOT_CONTROLLER),
            version("v8.2.0-eksbuild.2", (31, 35), &[], SNAPSHOT_CONTROLLER),
        ],
        ..OF_EKS
    },
    Addon {
        name: "vpc-cni",
        kind: "networking",
        compute_types: &["ec2", "auto"],
        needs_iam: true,
        service_accounts: &[ServiceAccount {
            name: "aws-node",
            policies: &["AmazonEKS_CNI_Policy"],
        }],
        versions: &[
            version("v1.21.1-eksbuild.3", (32, 36), &[35, 36], VPC_CNI),
            version("v1.20.5-eksbuild.1", (31, 36), &[], VPC_CNI),
            version("v1.20.4-eksbuild.2", (31, 36), &[31, 32, 33, 34], VPC_CNI),
            version("v1.19.6-eksbuild.7", (31, 35), &[], VPC_CNI),
        ],
        ..OF_EKS
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_add_on_has_at_most_one_default_that_runs() {
        for addon in ADDONS {
            for minor in 29..=36 {
                let defaults: Vec<&Version> = addon
                    .versions
                    .iter()
                    .filter(|version| version.default_for.contains(&minor))
                    .collect();
                let name = addon.name;
                assert!(defaults.len() <= 1, "{name} on 1.{minor}");
                let runs = addon.versions.iter().any(|version| version.runs_on(minor));
                assert_eq!(runs, defaults.len() == 1, "{name} on 1.{minor}");
                assert!(
                    defaults.iter().all(|version| version.runs_on(minor)),
                    "{name} on 1.{minor}"
                );
            }
        }
    }
}
