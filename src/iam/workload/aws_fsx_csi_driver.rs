//! The Amazon FSx for Lustre CSI driver: makes a file system for each volume, and deletes it.
//!
//! A file system that is filled from a bucket needs a service-linked role of its own, whose policies FSx writes with the
//! rights of the caller; without `bucket_arns` there is none.

use super::parameter::BUCKETS;
use super::{Optional, Parameters, Place, Policy, Workload, allow, service_linked_role};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-fsx-csi-driver",
    what: "Makes, grows and deletes FSx for Lustre file systems.",
    source: "https://github.com/kubernetes-sigs/aws-fsx-csi-driver/blob/master/docs/install.md",
    limits: "No final backups.",
    parameters: &[(&BUCKETS, Optional("file systems are not linked to buckets"))],
    any_of: &[],
    service_accounts: &[("kube-system", "fsx-csi-controller-sa")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let mut statements = vec![
        service_linked_role::of(place, "fsx.amazonaws.com"),
        allow(&["fsx:DescribeFileSystems"]).on_all(),
        allow(&[
            "fsx:CreateFileSystem",
            "fsx:TagResource",
            "fsx:UpdateFileSystem",
        ])
        .on([place.arn("fsx", "file-system/*")]),
        // Its automatic backups go with a file system.
        allow(&["fsx:DeleteFileSystem"]).on([
            place.arn("fsx", "backup/*"),
            place.arn("fsx", "file-system/*"),
        ]),
    ];
    let buckets = given.all(&BUCKETS);
    if !buckets.is_empty() {
        let role = "role/aws-service-role/s3.data-source.lustre.fsx.amazonaws.com/*";
        statements.push(allow(&["s3:ListBucket"]).on(buckets));
        statements.push(
            allow(&[
                "iam:AttachRolePolicy",
                "iam:CreateServiceLinkedRole",
                "iam:PutRolePolicy",
            ])
            .on([place.global_arn("iam", "*", role)]),
        );
    }
    vec![Policy::inline(statements)]
}
