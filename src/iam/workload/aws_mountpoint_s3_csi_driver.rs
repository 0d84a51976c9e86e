//! The Mountpoint for Amazon S3 CSI driver: reads and writes objects of buckets.
//!
//! The role of the driver itself; pods with roles of their own need the same for their buckets.

use super::parameter::{BUCKETS, DIRECTORY_BUCKETS, KEYS};
use super::{Optional, Parameters, Place, Policy, Statement, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-mountpoint-s3-csi-driver",
    what: "Reads and writes the objects of S3 buckets that are mounted as volumes.",
    source: "https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions",
    limits: "Whole buckets: no access points, and no permissions for a prefix only.",
    parameters: &[
        (&BUCKETS, Optional("no such buckets")),
        (&DIRECTORY_BUCKETS, Optional("no directory buckets")),
        (
            &KEYS,
            Optional("objects can be encrypted with keys of S3 only"),
        ),
    ],
    any_of: &[&BUCKETS, &DIRECTORY_BUCKETS],
    service_accounts: &[("kube-system", "s3-csi-driver-sa")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    let mut statements = general(given.all(&BUCKETS));
    let directory_buckets = given.all(&DIRECTORY_BUCKETS);
    if !directory_buckets.is_empty() {
        // The session allows the rest; there are no actions of s3 on directory buckets.
        statements.push(allow(&["s3express:CreateSession"]).on(directory_buckets));
    }
    let keys = given.all(&KEYS);
    if !keys.is_empty() {
        statements.push(allow(&["kms:Decrypt", "kms:GenerateDataKey"]).on(keys));
    }
    vec![Policy::inline(statements)]
}

/// General purpose buckets.
fn general(buckets: &[String]) -> Vec<Statement> {
    if buckets.is_empty() {
        return Vec::new();
    }
    let objects = buckets.iter().map(|bucket| format!("{bucket}/*"));
    vec![
        allow(&["s3:ListBucket"]).on(buckets),
        allow(&[
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:PutObject",
        ])
        .on(objects),
    ]
}
