//! The AWS Load Balancer Controller: makes and changes load balancers, their target groups and security groups.
//!
//! As in the controller's own policy, changes and deletions need the tag that it writes on all it makes. With
//! `cluster_name` it has to be the tag of this cluster, where the project's policy takes that of any.

use super::parameter::CLUSTER;
use super::{Optional, Parameters, Place, Policy, Statement, Workload, allow, service_linked_role};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-load-balancer-controller",
    what: "Makes load balancers for services, ingresses and gateways.",
    source: "https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json",
    limits: "",
    parameters: &[(
        &CLUSTER,
        Optional("what the controllers of other clusters made can be changed, too"),
    )],
    any_of: &[],
    service_accounts: &[("kube-system", "aws-load-balancer-controller")],
    policies,
};

/// What the controller writes on all it makes; the value is the name of the cluster.
const TAG: &str = "elbv2.k8s.aws/cluster";

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let tag = Tag(given.one(&CLUSTER));
    let mut statements = vec![
        service_linked_role::of(place, "elasticloadbalancing.amazonaws.com"),
        allow(&LOOKS).on_all(),
        // SetWebAcl is what WAF needs of the caller. The Service Authorization Reference has no resource for it, so that
        // load balancers by name might never match.
        allow(&[
            "elasticloadbalancing:SetWebAcl",
            "shield:CreateProtection",
            "shield:DeleteProtection",
            "waf-regional:AssociateWebACL",
            "waf-regional:DisassociateWebACL",
            "wafv2:AssociateWebACL",
            "wafv2:DisassociateWebACL",
        ])
        .on_all_because("annotations of ingresses say which web ACLs and protections these are"),
    ];
    statements.extend(security_groups(&tag, place));
    statements.extend(load_balancers(&tag, place));
    vec![Policy::inline(statements)]
}

/// The controller's tag: of one cluster, or of any.
struct Tag<'a>(Option<&'a str>);

impl Tag<'_> {
    /// Something new that gets the tag.
    fn making(&self, statement: Statement) -> Statement {
        self.is(statement, "RequestTag")
    }

    /// Something that has the tag.
    fn made(&self, statement: Statement) -> Statement {
        self.is(statement, "ResourceTag")
    }

    /// Other tags of something that has the tag.
    fn retagging(&self, statement: Statement) -> Statement {
        self.made(statement)
            .when("Null", format!("aws:RequestTag/{TAG}"), ["true"])
    }

    fn is(&self, statement: Statement, which: &str) -> Statement {
        let key = format!("aws:{which}/{TAG}");
        match self.0 {
            Some(cluster) => statement.when("StringEquals", key, [cluster]),
            None => statement.when("Null", key, ["false"]),
        }
    }
}

fn security_groups(tag: &Tag, place: &Place) -> Vec<Statement> {
    let groups = place.arn("ec2", "security-group/*");
    vec![
        // Also those of nodes and pods, which others make.
        allow(&[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress",
        ])
        .on([&groups, &place.arn("ec2", "security-group-rule/*")]),
        allow(&["ec2:CreateSecurityGroup"]).on([&groups, &place.arn("ec2", "vpc/*")]),
        tag.making(allow(&["ec2:CreateTags"]).on([&groups])).when(
            "StringEquals",
            "ec2:CreateAction",
            ["CreateSecurityGroup"],
        ),
        tag.retagging(allow(&["ec2:CreateTags", "ec2:DeleteTags"]).on([&groups])),
        tag.made(allow(&["ec2:DeleteSecurityGroup"]).on([&groups])),
    ]
}

fn load_balancers(tag: &Tag, place: &Place) -> Vec<Statement> {
    let arn = |resource: &str| place.arn("elasticloadbalancing", resource);
    let balancers = [arn("loadbalancer/app/*"), arn("loadbalancer/net/*")];
    let listeners = [arn("listener/app/*"), arn("listener/net/*")];
    let rules = [arn("listener-rule/app/*"), arn("listener-rule/net/*")];
    let listening = || rules.iter().chain(&listeners);
    let groups = arn("targetgroup/*");
    let all = || balancers.iter().chain([&groups]);
    vec![
        tag.making(
            allow(&[
                "elasticloadbalancing:CreateLoadBalancer",
                "elasticloadbalancing:CreateTargetGroup",
            ])
            .on(all()),
        ),
        tag.making(allow(&["elasticloadbalancing:AddTags"]).on(all()))
            .when(
                "StringEquals",
                "elasticloadbalancing:CreateAction",
                ["CreateLoadBalancer", "CreateTargetGroup"],
            ),
        tag.retagging(allow(&TAGGING).on(all())),
        tag.made(allow(&CHANGES).on(all())),
        // Takes listeners only, so it cannot stand among the changes above.
        tag.made(allow(&["elasticloadbalancing:ModifyListenerAttributes"]).on(&listeners)),
        allow(&TAGGING).on(listening()),
        // What listens carries no tag of the cluster before version 2.2 of the controller.
        allow(&LISTENING).on(balancers.iter().chain(listening())),
        // Also in target groups that others make, for TargetGroupBinding.
        allow(&[
            "elasticloadbalancing:DeregisterTargets",
            "elasticloadbalancing:RegisterTargets",
        ])
        .on([&groups]),
    ]
}

const TAGGING: [&str; 2] = [
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:RemoveTags",
];

const CHANGES: [&str; 10] = [
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:ModifyCapacityReservation",
    "elasticloadbalancing:ModifyIpPools",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:SetIpAddressType",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
];

const LISTENING: [&str; 9] = [
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:CreateRule",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteRule",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyRule",
    "elasticloadbalancing:RemoveListenerCertificates",
    "elasticloadbalancing:SetRulePriorities",
];

const LOOKS: [&str; 40] = [
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "cognito-idp:DescribeUserPoolClient",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeCoipPools",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeIpamPools",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcs",
    "ec2:GetCoipPoolUsage",
    "ec2:GetSecurityGroupsForVpc",
    "elasticloadbalancing:DescribeCapacityReservation",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeSSLPolicies",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTrustStores",
    "iam:GetServerCertificate",
    "iam:ListServerCertificates",
    "shield:DescribeProtection",
    "shield:GetSubscriptionState",
    "waf-regional:GetWebACL",
    "waf-regional:GetWebACLForResource",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
];
