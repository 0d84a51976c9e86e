//! The pganalyze collector: reads logs, settings and metrics of PostgreSQL databases on RDS and Aurora.

use super::parameter::DATABASES;
use super::{Optional, Parameters, Place, Policy, Workload, allow};

pub(super) const WORKLOAD: Workload = Workload {
    name: "pganalyze-collector",
    what: "Reads logs, settings and metrics of PostgreSQL databases on RDS and Aurora.",
    source: "https://pganalyze.com/docs/install/amazon_rds/iam_policy",
    limits: "With `database_arns` the collector cannot search an instance by its address, and has to be told its identifier. For Aurora, name the cluster and its instances. No IAM authentication to databases.",
    parameters: &[(
        &DATABASES,
        Optional("all of the account in the region of the cluster"),
    )],
    any_of: &[],
    // As its Helm chart calls it in a release of the same name; and as its documentation does.
    service_accounts: &[
        ("default", "pganalyze-collector"),
        ("default", "pganalyze-service-account"),
    ],
    policies,
};

fn policies(given: &Parameters, place: &Place) -> Vec<Policy> {
    let databases = match given.all(&DATABASES) {
        [] => vec![
            place.arn_here("rds", "cluster:*"),
            place.arn_here("rds", "db:*"),
        ],
        given => given.to_vec(),
    };
    vec![Policy::inline(vec![
        allow(&["cloudwatch:GetMetricStatistics"]).on_all(),
        allow(&["logs:GetLogEvents"])
            .on([place.arn_here("logs", "log-group:RDSOSMetrics:log-stream:*")]),
        allow(&["rds:DescribeDBParameters"]).on([place.arn_here("rds", "pg:*")]),
        allow(&[
            "rds:DescribeDBClusters",
            "rds:DescribeDBInstances",
            "rds:DescribeDBLogFiles",
            "rds:DownloadDBLogFilePortion",
        ])
        .on(databases),
    ])]
}
