//! The Mountpoint for Amazon S3 CSI driver: reads and writes objects of buckets.
//!
//! The role of the driver itself; pods with roles of their own need the same for their buckets.

use super::parameter::{BUCKETS, KEYS};
use super::{Optional, Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "aws-mountpoint-s3-csi-driver",
    what: "Reads and writes the objects of S3 buckets that are mounted as volumes.",
    source: "https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions",
    parameters: &[
        (&BUCKETS, Required),
        (
            &KEYS,
            Optional("objects can be encrypted with keys of S3 only"),
        ),
    ],
    any_of: &[],
    service_accounts: &[("kube-system", "s3-csi-driver-sa")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    let buckets = given.all(&BUCKETS);
    let objects = buckets.iter().map(|bucket| format!("{bucket}/*"));
    let mut statements = vec![
        allow(&["s3:ListBucket"]).on(buckets),
        allow(&[
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:PutObject",
        ])
        .on(objects),
    ];
    let keys = given.all(&KEYS);
    if !keys.is_empty() {
        statements.push(allow(&["kms:Decrypt", "kms:GenerateDataKey"]).on(keys));
    }
    vec![Policy::inline(statements)]
}
