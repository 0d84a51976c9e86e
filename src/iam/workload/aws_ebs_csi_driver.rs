//! The Amazon EBS CSI driver: makes, attaches, grows, copies and deletes volumes and snapshots.
//!
//! Written after AmazonEBSCSIDriverPolicyV2: only what carries the driver's tag can be changed, and what the plugin made
//! that was part of Kubernetes before. Not that policy itself: it names no keys, and its ARN is not the same in the
//! driver's documentation and in AWS's list of policies.

use super::parameter::KEYS;
use super::{Optional, Parameters, Place, Policy, Statement, Workload, allow, volume_keys};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-ebs-csi-driver",
    what: "Makes, attaches and deletes EBS volumes and snapshots.",
    source: "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/AmazonEBSCSIDriverPolicyV2.json",
    limits: "Attaches, detaches, changes and deletes only volumes, and restores only snapshots, with the tag `ebs.csi.aws.com/cluster = true`, which the driver sets on all it makes; and volumes that Kubernetes made before there was a driver. Set the tag on volumes and snapshots that others made (static provisioning) before you move here from `AmazonEBSCSIDriverPolicy`.",
    parameters: &[(
        &KEYS,
        Optional("volumes can be encrypted with AWS's key of EBS only"),
    )],
    any_of: &[],
    service_accounts: &[("kube-system", "ebs-csi-controller-sa")],
    policies,
};

/// What the driver writes on all it makes.
const TAG: &str = "ebs.csi.aws.com/cluster";
/// What the former plugin wrote.
const FORMER_TAG: &str = "kubernetes.io/created-for/pvc/name";

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let volumes = place.arn("ec2", "volume/*");
    let snapshots = place.arn("ec2", "snapshot/*");
    let mut statements = vec![
        allow(&[
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeInstances",
            "ec2:DescribeSnapshots",
            "ec2:DescribeVolumeStatus",
            "ec2:DescribeVolumes",
            "ec2:DescribeVolumesModifications",
        ])
        .on_all(),
        making(&["ec2:CopyVolumes", "ec2:CreateVolume"], &volumes),
        making(&["ec2:CreateSnapshot"], &snapshots),
        made(&["ec2:CreateSnapshot"], &volumes),
        made(
            &["ec2:CreateVolume", "ec2:EnableFastSnapshotRestores"],
            &snapshots,
        ),
        made(&["ec2:DeleteSnapshot", "ec2:LockSnapshot"], &snapshots),
        made(&CHANGES, &volumes),
        allow(&CHANGES).on([&volumes]).when(
            "StringLike",
            format!("ec2:ResourceTag/{FORMER_TAG}"),
            ["*"],
        ),
        allow(&["ec2:AttachVolume", "ec2:DetachVolume"]).on([place.arn("ec2", "instance/*")]),
        allow(&["ec2:CreateTags"]).on([&volumes, &snapshots]).when(
            "StringEquals",
            "ec2:CreateAction",
            ["CopyVolumes", "CreateSnapshot", "CreateVolume"],
        ),
        changing_tags(&volumes),
    ];
    statements.extend(volume_keys::of(given.all(&KEYS)));
    vec![Policy::inline(statements)]
}

const CHANGES: [&str; 5] = [
    "ec2:AttachVolume",
    "ec2:CopyVolumes",
    "ec2:DeleteVolume",
    "ec2:DetachVolume",
    "ec2:ModifyVolume",
];

/// Something new, which gets the driver's tag.
fn making(actions: &[&str], resource: &str) -> Statement {
    allow(actions)
        .on([resource])
        .when("StringEquals", format!("aws:RequestTag/{TAG}"), ["true"])
}

/// Something that has the driver's tag.
fn made(actions: &[&str], resource: &str) -> Statement {
    allow(actions)
        .on([resource])
        .when("StringEquals", format!("ec2:ResourceTag/{TAG}"), ["true"])
}

/// Other tags than those that the conditions here look at.
fn changing_tags(volumes: &str) -> Statement {
    made(&["ec2:CreateTags", "ec2:DeleteTags"], volumes)
        .when("Null", "aws:TagKeys", ["false"])
        .when(
            "ForAllValues:StringNotEquals",
            "aws:TagKeys",
            [TAG, "ebs.csi.aws.com/cluster-name", FORMER_TAG],
        )
}
