//! The Amazon VPC CNI plugin: gives pods addresses of the VPC.
//!
//! For IPv4 AWS's own policy, which follows the plugin; there is none for IPv6. Network interfaces cannot be narrowed
//! down: those of the first nodes carry no tag of the cluster.

use super::parameter::{IP_FAMILY, POLICY_LOG};
use super::{Optional, Parameters, Place, Policy, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "vpc-cni",
    what: "Gives pods addresses of the VPC.",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html",
    limits: "",
    parameters: &[
        (&IP_FAMILY, Optional("`ipv4`")),
        (&POLICY_LOG, Optional("`false`")),
    ],
    any_of: &[],
    service_accounts: &[("kube-system", "aws-node")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let mut policies = Vec::new();
    let mut statements = Vec::new();
    match given.one(&IP_FAMILY) {
        Some("ipv6") => statements.extend([
            allow(&[
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
            ])
            .on_all(),
            allow(&["ec2:AssignIpv6Addresses", "ec2:CreateTags"])
                .on([place.arn("ec2", "network-interface/*")]),
        ]),
        _ => policies.push(Policy::managed(place, "AmazonEKS_CNI_Policy")),
    }
    if given.has(&POLICY_LOG) {
        let group = "log-group:/aws/eks/*";
        statements.push(allow(&["logs:DescribeLogGroups"]).on_all());
        statements.push(
            allow(&[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ])
            .on([place.arn_here("logs", group)]),
        );
    }
    if !statements.is_empty() {
        policies.push(Policy::inline(statements));
    }
    policies
}
