//! The AWS Gateway API controller: keeps VPC Lattice services as the Gateway API objects of a cluster say.
//!
//! The project allows `vpc-lattice:*`; here stands what the controller's own client has (`pkg/aws/services/vpclattice.go`
//! of version 2). For an access log, Lattice changes the policy of its bucket with the rights of the caller; without
//! `bucket_arns` logs go to CloudWatch and Firehose only.

use super::parameter::BUCKETS;
use super::{Optional, Parameters, Place, Policy, Workload, allow, service_linked_role};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-gateway-controller",
    what: "Keeps VPC Lattice services, listeners and target groups as Gateway API objects say.",
    source: "https://github.com/aws/aws-application-networking-k8s/blob/main/files/controller-installation/recommended-inline-policy.json",
    limits: "",
    parameters: &[(&BUCKETS, Optional("access logs cannot go to buckets"))],
    any_of: &[],
    service_accounts: &[(
        "aws-application-networking-system",
        "gateway-api-controller",
    )],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let mut statements = vec![
        allow(&LOOKS).on_all(),
        allow(&LATTICE).on([place.arn("vpc-lattice", "*")]),
        allow(&LOG_DELIVERY).on_all_because("log deliveries and their policies have no ARNs"),
        allow(&["tag:TagResources", "tag:UntagResources"])
            .on_all_because("the tagging API has no ARNs; what counts is vpc-lattice:TagResource"),
        service_linked_role::of(place, "vpc-lattice.amazonaws.com"),
        service_linked_role::of(place, "delivery.logs.amazonaws.com"),
    ];
    let buckets = given.all(&BUCKETS);
    if !buckets.is_empty() {
        statements.push(allow(&["s3:GetBucketPolicy", "s3:PutBucketPolicy"]).on(buckets));
    }
    vec![Policy::inline(statements)]
}

const LOOKS: [&str; 16] = [
    "acm:ListCertificates",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcs",
    "tag:GetResources",
    "vpc-lattice:ListAccessLogSubscriptions",
    "vpc-lattice:ListListeners",
    "vpc-lattice:ListRules",
    "vpc-lattice:ListServiceNetworkServiceAssociations",
    "vpc-lattice:ListServiceNetworkVpcAssociations",
    "vpc-lattice:ListServiceNetworks",
    "vpc-lattice:ListServices",
    "vpc-lattice:ListTagsForResource",
    "vpc-lattice:ListTargetGroups",
    "vpc-lattice:ListTargets",
];

const LATTICE: [&str; 39] = [
    "vpc-lattice:BatchUpdateRule",
    "vpc-lattice:CreateAccessLogSubscription",
    "vpc-lattice:CreateListener",
    "vpc-lattice:CreateRule",
    "vpc-lattice:CreateService",
    "vpc-lattice:CreateServiceNetwork",
    "vpc-lattice:CreateServiceNetworkServiceAssociation",
    "vpc-lattice:CreateServiceNetworkVpcAssociation",
    "vpc-lattice:CreateTargetGroup",
    "vpc-lattice:DeleteAccessLogSubscription",
    "vpc-lattice:DeleteAuthPolicy",
    "vpc-lattice:DeleteListener",
    "vpc-lattice:DeleteRule",
    "vpc-lattice:DeleteService",
    "vpc-lattice:DeleteServiceNetwork",
    "vpc-lattice:DeleteServiceNetworkServiceAssociation",
    "vpc-lattice:DeleteServiceNetworkVpcAssociation",
    "vpc-lattice:DeleteTargetGroup",
    "vpc-lattice:DeregisterTargets",
    "vpc-lattice:GetAccessLogSubscription",
    "vpc-lattice:GetAuthPolicy",
    "vpc-lattice:GetListener",
    "vpc-lattice:GetRule",
    "vpc-lattice:GetService",
    "vpc-lattice:GetServiceNetwork",
    "vpc-lattice:GetServiceNetworkServiceAssociation",
    "vpc-lattice:GetServiceNetworkVpcAssociation",
    "vpc-lattice:GetTargetGroup",
    "vpc-lattice:PutAuthPolicy",
    "vpc-lattice:RegisterTargets",
    "vpc-lattice:TagResource",
    "vpc-lattice:UntagResource",
    "vpc-lattice:UpdateAccessLogSubscription",
    "vpc-lattice:UpdateListener",
    "vpc-lattice:UpdateRule",
    "vpc-lattice:UpdateService",
    "vpc-lattice:UpdateServiceNetwork",
    "vpc-lattice:UpdateServiceNetworkVpcAssociation",
    "vpc-lattice:UpdateTargetGroup",
];

/// What Lattice does with the rights of the caller to deliver access logs.
const LOG_DELIVERY: [&str; 9] = [
    "firehose:TagDeliveryStream",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];
