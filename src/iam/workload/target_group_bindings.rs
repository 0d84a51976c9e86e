//! The AWS Load Balancer Controller where it only registers pods in target groups that others make.
//!
//! It opens the security groups of nodes and pods for the load balancers, and cannot be told beforehand which those are.

use super::parameter::TARGET_GROUPS;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-load-balancer-controller-target-groups",
    what: "Registers pods in target groups that others make (`TargetGroupBinding`), and nothing else.",
    source: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/",
    limits: "",
    parameters: &[(&TARGET_GROUPS, Required)],
    any_of: &[],
    service_accounts: &[("kube-system", "aws-load-balancer-controller")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        allow(&[
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        ])
        .on_all(),
        allow(&[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress",
        ])
        .on([
            place.arn("ec2", "security-group-rule/*"),
            place.arn("ec2", "security-group/*"),
        ]),
        allow(&[
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:RegisterTargets",
        ])
        .on(given.all(&TARGET_GROUPS)),
    ])]
}
