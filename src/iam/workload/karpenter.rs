//! Karpenter: starts and ends instances of one cluster in one region, and makes instance profiles for them.
//!
//! The policies of Karpenter's CloudFormation template in one document. Everything that is started carries the tags of
//! the cluster, and nothing else can be ended.

use super::parameter::{CLUSTER, NODE_ROLES, QUEUES};
use super::{Optional, Parameters, Place, Policy, Required, Statement, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "karpenter",
    what: "Starts and ends instances as the pods of the cluster need them.",
    source: "https://karpenter.sh/docs/reference/cloudformation/",
    limits: "Nothing about KMS: a key of your own for the volumes of nodes has to allow it in the key's policy.",
    parameters: &[
        (&CLUSTER, Required),
        (&NODE_ROLES, Required),
        (&QUEUES, Optional("it is not told of interruptions")),
    ],
    any_of: &[],
    service_accounts: &[("kube-system", "karpenter")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let karpenter = Karpenter {
        cluster: given.one(&CLUSTER).unwrap_or_default(),
        place,
    };
    let mut statements = karpenter.starting();
    statements.extend(karpenter.changing());
    statements.extend(karpenter.instance_profiles(given.all(&NODE_ROLES)));
    statements.extend(karpenter.looking());
    let queues = given.all(&QUEUES);
    if !queues.is_empty() {
        statements.push(
            allow(&["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"]).on(queues),
        );
    }
    vec![Policy::inline(statements)]
}

struct Karpenter<'a> {
    cluster: &'a str,
    place: &'a Place<'a>,
}

/// Only Karpenter writes it, on instances and what belongs to them.
const NODE_POOL: &str = "karpenter.sh/nodepool";
/// The same on instance profiles.
const NODE_CLASS: &str = "karpenter.k8s.aws/ec2nodeclass";
const CLUSTER_TAG: &str = "eks:eks-cluster-name";
const REGION_TAG: &str = "topology.kubernetes.io/region";

impl Karpenter<'_> {
    fn owner_tag(&self) -> String {
        format!("kubernetes.io/cluster/{}", self.cluster)
    }

    /// Something of EC2 in the region, in any account: `owner` is `*`, or empty for what AWS owns.
    fn ec2(&self, owner: &str, resource: &str) -> String {
        let Place {
            partition, region, ..
        } = self.place;
        format!("arn:{partition}:ec2:{region}:{owner}:{resource}/*")
    }

    /// What belongs to the cluster and carries a tag of Karpenter's.
    fn made(&self, statement: Statement, tag: &str) -> Statement {
        let owner = format!("aws:ResourceTag/{}", self.owner_tag());
        statement.when("StringEquals", owner, ["owned"]).when(
            "StringLike",
            format!("aws:ResourceTag/{tag}"),
            ["*"],
        )
    }

    /// What is to belong to the cluster and gets a tag of Karpenter's.
    fn making(&self, statement: Statement, tag: &str) -> Statement {
        let owner = format!("aws:RequestTag/{}", self.owner_tag());
        statement
            .when("StringEquals", owner, ["owned"])
            .when(
                "StringEquals",
                format!("aws:RequestTag/{CLUSTER_TAG}"),
                [self.cluster],
            )
            .when("StringLike", format!("aws:RequestTag/{tag}"), ["*"])
    }

    fn starting(&self) -> Vec<Statement> {
        let used = [
            self.ec2("*", "capacity-reservation"),
            self.ec2("", "image"),
            self.ec2("*", "placement-group"),
            self.ec2("*", "security-group"),
            self.ec2("", "snapshot"),
            self.ec2("*", "subnet"),
        ];
        let made = || {
            [
                "fleet",
                "instance",
                "launch-template",
                "network-interface",
                "spot-instances-request",
                "volume",
            ]
            .map(|resource| self.ec2("*", resource))
        };
        let start = ["ec2:CreateFleet", "ec2:RunInstances"];
        let create = [
            "ec2:CreateFleet",
            "ec2:CreateLaunchTemplate",
            "ec2:RunInstances",
        ];
        vec![
            allow(&start).on(used),
            self.made(
                allow(&start).on([self.ec2("*", "launch-template")]),
                NODE_POOL,
            ),
            self.making(allow(&create).on(made()), NODE_POOL),
            self.making(allow(&["ec2:CreateTags"]).on(made()), NODE_POOL)
                .when(
                    "StringEquals",
                    "ec2:CreateAction",
                    ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
                ),
        ]
    }

    fn changing(&self) -> Vec<Statement> {
        let instances = self.ec2("*", "instance");
        let templates = self.ec2("*", "launch-template");
        let tags = self
            .made(allow(&["ec2:CreateTags"]).on([&instances]), NODE_POOL)
            .when(
                "StringEqualsIfExists",
                format!("aws:RequestTag/{CLUSTER_TAG}"),
                [self.cluster],
            )
            .when(
                "ForAllValues:StringEquals",
                "aws:TagKeys",
                ["Name", CLUSTER_TAG, "karpenter.sh/nodeclaim"],
            );
        let end = ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"];
        vec![
            tags,
            self.made(allow(&end).on([&instances, &templates]), NODE_POOL),
        ]
    }

    fn instance_profiles(&self, roles: &[String]) -> Vec<Statement> {
        let Place {
            partition,
            account_id,
            region,
        } = self.place;
        let profiles = [format!(
            "arn:{partition}:iam::{account_id}:instance-profile/*"
        )];
        let made_here = |statement: Statement| {
            self.made(statement, NODE_CLASS).when(
                "StringEquals",
                format!("aws:ResourceTag/{REGION_TAG}"),
                [*region],
            )
        };
        let making_here = |statement: Statement| {
            self.making(statement, NODE_CLASS).when(
                "StringEquals",
                format!("aws:RequestTag/{REGION_TAG}"),
                [*region],
            )
        };
        let change = [
            "iam:AddRoleToInstanceProfile",
            "iam:DeleteInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile",
        ];
        vec![
            making_here(allow(&["iam:CreateInstanceProfile"]).on(&profiles)),
            making_here(made_here(allow(&["iam:TagInstanceProfile"]).on(&profiles))),
            made_here(allow(&change).on(&profiles)),
            allow(&["iam:GetInstanceProfile"]).on(&profiles),
            allow(&["iam:ListInstanceProfiles"]).on_all(),
            allow(&["iam:PassRole"]).on(roles).when(
                "StringEquals",
                "iam:PassedToService",
                self.ec2_services().iter().copied(),
            ),
        ]
    }

    /// In China EC2 is called either way.
    fn ec2_services(&self) -> &'static [&'static str] {
        match self.place.partition {
            "aws-cn" => &["ec2.amazonaws.com", "ec2.amazonaws.com.cn"],
            _ => &["ec2.amazonaws.com"],
        }
    }

    fn looking(&self) -> Vec<Statement> {
        let Place {
            partition, region, ..
        } = self.place;
        let cluster = self
            .place
            .arn_here("eks", &format!("cluster/{}", self.cluster));
        let parameters = format!("arn:{partition}:ssm:{region}::parameter/aws/service/*");
        vec![
            allow(&LOOKS)
                .on_all()
                .when("StringEquals", "aws:RequestedRegion", [*region]),
            allow(&["pricing:GetProducts"]).on_all(),
            allow(&["ssm:GetParameter"]).on([parameters]),
            allow(&["arc-zonal-shift:GetManagedResource"])
                .on_all()
                .when(
                    "StringEquals",
                    "arc-zonal-shift:ResourceIdentifier",
                    [&cluster],
                ),
            allow(&["eks:DescribeCluster"]).on([&cluster]),
        ]
    }
}

const LOOKS: [&str; 11] = [
    "ec2:DescribeCapacityReservations",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribePlacementGroups",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeSubnets",
];
