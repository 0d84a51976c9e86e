//! Velero with its plugin for AWS: keeps backups in buckets and takes snapshots of EBS volumes.
//!
//! Velero copies the tags of a volume to what it makes of it and has none of its own that a condition could name.

use super::parameter::{BUCKETS, KEYS};
use super::{Optional, Parameters, Place, Policy, Required, Workload, allow, volume_keys};

pub(super) const WORKLOAD: Workload = Workload {
    name: "velero",
    what: "Keeps backups in S3 buckets and takes snapshots of EBS volumes.",
    source: "https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero",
    limits: "Can delete any EBS snapshot of the account: Velero sets no tag of its own that a condition could name.",
    parameters: &[
        (&BUCKETS, Required),
        (
            &KEYS,
            Optional("buckets and volumes encrypted with AWS's keys only"),
        ),
    ],
    any_of: &[],
    // As `velero install` calls it; and as its Helm chart does in a release named velero.
    service_accounts: &[("velero", "velero"), ("velero", "velero-server")],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let buckets = given.all(&BUCKETS);
    let objects = buckets.iter().map(|bucket| format!("{bucket}/*"));
    let mut statements = vec![
        allow(&["ec2:DescribeSnapshots", "ec2:DescribeVolumes"]).on_all(),
        allow(&[
            "ec2:CreateSnapshot",
            "ec2:CreateTags",
            "ec2:CreateVolume",
            "ec2:DeleteSnapshot",
        ])
        .on([place.arn("ec2", "snapshot/*"), place.arn("ec2", "volume/*")]),
        allow(&["s3:ListBucket"]).on(buckets),
        allow(&[
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
            "s3:PutObjectTagging",
        ])
        .on(objects),
    ];
    let keys = given.all(&KEYS);
    if !keys.is_empty() {
        // Of the objects in buckets.
        statements.push(allow(&["kms:GenerateDataKey"]).on(keys));
    }
    statements.extend(volume_keys::of(keys));
    vec![Policy::inline(statements)]
}
