//! Letting a workload make encrypted EBS volumes and snapshots with KMS keys of the account.
//!
//! EBS itself encrypts and decrypts, with a grant that the caller gives it; what the caller needs for that is in
//! [the EBS guide](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions).

use super::{Statement, allow};

/// Allows to use these keys for volumes and snapshots. Nothing without keys.
pub(super) fn of(keys: &[String]) -> Vec<Statement> {
    if keys.is_empty() {
        return Vec::new();
    }
    vec![
        // A volume that is made of a snapshot with another key is encrypted anew, from that key to its own.
        allow(&[
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ])
        .on(keys),
        allow(&["kms:CreateGrant"])
            .on(keys)
            .when("Bool", "kms:GrantIsForAWSResource", ["true"]),
    ]
}
