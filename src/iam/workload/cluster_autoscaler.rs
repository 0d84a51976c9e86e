//! The Kubernetes cluster autoscaler with auto-discovery: changes the size of the Auto Scaling groups of one cluster.
//!
//! The groups are known by the tag `kubernetes.io/cluster/<name> = owned`, which EKS sets on those of node groups.

use super::parameter::CLUSTER;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "cluster-autoscaler",
    what: "Changes the size of the cluster's Auto Scaling groups.",
    source: "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#iam-policy",
    limits: "Changes only Auto Scaling groups with the tag `kubernetes.io/cluster/<cluster_name> = owned`, which EKS sets on those of node groups; set it on groups of your own, too. The tags of auto-discovery, `k8s.io/cluster-autoscaler/…`, do not count here.",
    parameters: &[(&CLUSTER, Required)],
    any_of: &[],
    // As in the project's manifests; and as its Helm chart calls it in a release named cluster-autoscaler.
    service_accounts: &[
        ("kube-system", "cluster-autoscaler"),
        ("kube-system", "cluster-autoscaler-aws-cluster-autoscaler"),
    ],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let cluster = given.one(&CLUSTER).unwrap_or_default();
    vec![Policy::inline(vec![
        allow(&[
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "autoscaling:DescribeTags",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
        ])
        .on_all(),
        allow(&["eks:DescribeNodegroup"])
            .on([place.arn_here("eks", &format!("nodegroup/{cluster}/*"))]),
        allow(&[
            "autoscaling:SetDesiredCapacity",
            "autoscaling:TerminateInstanceInAutoScalingGroup",
        ])
        .on([place.arn("autoscaling", "autoScalingGroup:*")])
        .when(
            "StringEquals",
            format!("aws:ResourceTag/kubernetes.io/cluster/{cluster}"),
            ["owned"],
        ),
    ])]
}
