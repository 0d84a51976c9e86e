//! STS, which has no kinds, and no error codes that other services lack.

crate::aws::answers! {
    /// Answers of STS.
    aws_sdk_sts, |_| None
}
