//! Letting a workload make the service-linked role of an AWS service that it uses first in an account.
//!
//! IAM makes the role as the service wants it; the caller decides nothing but which service.

use super::{Place, Statement, allow};

/// Allows to make the service-linked role of `service`, such as `fsx.amazonaws.com`. The names of services are the same
/// in aws, aws-cn and aws-us-gov.
pub(super) fn of(place: &Place, service: &str) -> Statement {
    let role = format!("role/aws-service-role/{service}/*");
    allow(&["iam:CreateServiceLinkedRole"])
        .on([place.global_arn("iam", "*", &role)])
        .when("StringEquals", "iam:AWSServiceName", [service])
}
