//! The Amazon EFS CSI driver: makes an access point for each volume, and deletes it.
//!
//! For EFS only; the driver's own policy allows the same for S3 Files.

use super::parameter::FILE_SYSTEMS;
use super::{Optional, Parameters, Place, Policy, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-efs-csi-driver",
    what: "Makes and deletes access points of EFS file systems.",
    source: "https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/iam-policy-example.json",
    limits: "EFS only: no S3 Files, and nothing for the driver's pods on the nodes (`efs-csi-node-sa`).",
    parameters: &[(&FILE_SYSTEMS, Optional("access points of any file system"))],
    any_of: &[],
    service_accounts: &[("kube-system", "efs-csi-controller-sa")],
    policies,
};

/// What the driver writes on all it makes.
const TAG: &str = "efs.csi.aws.com/cluster";

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let file_systems = match given.all(&FILE_SYSTEMS) {
        [] => vec![place.arn("elasticfilesystem", "file-system/*")],
        given => given.to_vec(),
    };
    let access_points = place.arn("elasticfilesystem", "access-point/*");
    let requested = format!("aws:RequestTag/{TAG}");
    vec![Policy::inline(vec![
        allow(&[
            "ec2:DescribeAvailabilityZones",
            "elasticfilesystem:DescribeAccessPoints",
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeMountTargets",
        ])
        .on_all(),
        allow(&["elasticfilesystem:CreateAccessPoint"])
            .on(&file_systems)
            .when("StringEquals", &requested, ["true"]),
        // AWS's own policy takes any resource here; on which of the two the first tags are checked is not documented.
        allow(&["elasticfilesystem:TagResource"])
            .on(file_systems.iter().chain([&access_points]))
            .when("StringEquals", &requested, ["true"])
            .when(
                "StringEquals",
                "elasticfilesystem:CreateAction",
                ["CreateAccessPoint"],
            ),
        allow(&["elasticfilesystem:DeleteAccessPoint"])
            .on([&access_points])
            .when("StringEquals", format!("aws:ResourceTag/{TAG}"), ["true"]),
    ])]
}
