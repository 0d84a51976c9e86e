//! The Amazon CloudWatch Observability add-on: the CloudWatch agent and Fluent Bit.
//!
//! AWS's own policies, as the add-on's documentation says: they grow with the agent, which sends what it finds to log
//! groups that it names itself.

use super::{Parameters, Place, Policy, Workload};

pub(super) const WORKLOAD: Workload = Workload {
    name: "amazon-cloudwatch-observability",
    what: "Sends metrics, logs and traces to CloudWatch and X-Ray.",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html",
    limits: "",
    parameters: &[],
    any_of: &[],
    service_accounts: &[("amazon-cloudwatch", "cloudwatch-agent")],
    policies,
};

fn policies(_: &Parameters, place: &Place) -> Vec<Policy> {
    vec![
        Policy::managed(place, "CloudWatchAgentServerPolicy"),
        Policy::managed(place, "AWSXrayWriteOnlyAccess"),
    ]
}
