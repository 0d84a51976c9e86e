//! Amazon Managed Service for Prometheus: writing metrics into workspaces, and reading them for rules and dashboards.

use super::parameter::WORKSPACES;
use super::{Parameters, Place, Policy, Required, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "amazon-managed-prometheus",
    what: "Writes metrics to workspaces of Amazon Managed Service for Prometheus, and queries them.",
    source: "https://docs.aws.amazon.com/prometheus/latest/userguide/set-up-irsa.html",
    limits: "",
    parameters: &[(&WORKSPACES, Required)],
    any_of: &[],
    service_accounts: &[("prometheus", "amp-iamproxy-ingest-service-account")],
    policies,
};

fn policies(given: &Parameters, _: &Place) -> Vec<Policy> {
    let actions = [
        "aps:GetLabels",
        "aps:GetMetricMetadata",
        "aps:GetSeries",
        "aps:QueryMetrics",
        "aps:RemoteWrite",
    ];
    vec![Policy::inline(vec![
        allow(&actions).on(given.all(&WORKSPACES)),
    ])]
}
