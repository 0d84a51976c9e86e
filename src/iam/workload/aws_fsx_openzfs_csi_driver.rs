//! The Amazon FSx for OpenZFS CSI driver: makes file systems, volumes and snapshots, and deletes them.

use super::{Parameters, Place, Policy, Workload, allow, service_linked_role};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-fsx-openzfs-csi-driver",
    what: "Makes and deletes FSx for OpenZFS file systems, volumes and snapshots.",
    source: "https://github.com/kubernetes-sigs/aws-fsx-openzfs-csi-driver/blob/main/docs/install.md",
    limits: "No final backups: `SkipFinalBackupOnDeletion` has to be `true`.",
    parameters: &[],
    any_of: &[],
    service_accounts: &[("kube-system", "fsx-openzfs-csi-controller-sa")],
    policies,
};

fn policies(_: &Parameters, place: &Place) -> Vec<Policy> {
    vec![Policy::inline(vec![
        service_linked_role::of(place, "fsx.amazonaws.com"),
        allow(&[
            "fsx:DescribeFileSystems",
            "fsx:DescribeSnapshots",
            "fsx:DescribeVolumes",
            "fsx:ListTagsForResource",
        ])
        .on_all(),
        allow(&[
            "fsx:CreateFileSystem",
            "fsx:CreateSnapshot",
            "fsx:CreateVolume",
            "fsx:DeleteSnapshot",
            "fsx:TagResource",
            "fsx:UpdateFileSystem",
        ])
        .on([
            place.arn("fsx", "file-system/*"),
            place.arn("fsx", "snapshot/*"),
            place.arn("fsx", "volume/*"),
        ]),
        // Automatic backups go with what they are of.
        allow(&["fsx:DeleteFileSystem", "fsx:DeleteVolume"]).on([
            place.arn("fsx", "backup/*"),
            place.arn("fsx", "file-system/*"),
            place.arn("fsx", "volume/*"),
        ]),
    ])]
}
