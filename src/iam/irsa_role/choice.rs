//! The workload that a role is for, as practitioners choose it. What workloads there are is [`crate::iam::workload`]'s.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::Value;

use crate::eks::shared::checks::cluster_name;
use crate::iam::workload::{self, Parameters, Workload};

model! {
    /// A workload that this provider knows.
    pub struct Choice {
        /// Name of the workload, such as `external-dns`. For all names, and what each needs, see [Workloads](../guides/workloads.md).
        pub name: String => check(is_known),
        /// Whether secrets and parameters may be written, too. Default `false`.
        pub allow_write: Option<bool>,
        /// ARNs of S3 buckets.
        pub bucket_arns: Option<BTreeSet<String>>,
        /// ARNs of private certificate authorities.
        pub certificate_authority_arns: Option<BTreeSet<String>>,
        /// Name of the cluster that the workload runs on. Default is `cluster_name` of the role, for workloads that know clusters.
        pub cluster_name: Option<String> => check(cluster_name),
        /// ARNs of RDS instances (`db`) and Aurora clusters (`cluster`).
        pub database_arns: Option<BTreeSet<String>>,
        /// ARNs of S3 directory buckets (S3 Express One Zone).
        pub directory_bucket_arns: Option<BTreeSet<String>>,
        /// ARNs of EFS file systems.
        pub file_system_arns: Option<BTreeSet<String>>,
        /// ARNs of Route 53 hosted zones.
        pub hosted_zone_arns: Option<BTreeSet<String>>,
        /// Addresses of pods: `ipv4` or `ipv6`. Default `ipv4`.
        pub ip_family: Option<String> => one_of(["ipv4", "ipv6"]),
        /// ARNs of KMS keys.
        pub kms_key_arns: Option<BTreeSet<String>>,
        /// Whether the network policy agent writes its log to CloudWatch. Default `false`.
        pub network_policy_log: Option<bool>,
        /// ARNs of the IAM roles of nodes. Names may contain `*`, such as `role/karpenter-*`, but not be one.
        pub node_role_arns: Option<BTreeSet<String>>,
        /// ARNs of parameters in the Parameter Store of Systems Manager.
        pub parameter_arns: Option<BTreeSet<String>>,
        /// ARNs of SQS queues with events about instances.
        pub queue_arns: Option<BTreeSet<String>>,
        /// ARNs of secrets in Secrets Manager.
        pub secret_arns: Option<BTreeSet<String>>,
        /// ARNs of target groups of load balancers.
        pub target_group_arns: Option<BTreeSet<String>>,
        /// ARNs of Prometheus workspaces.
        pub workspace_arns: Option<BTreeSet<String>>,
    }
}

impl Choice {
    pub(super) fn workload(&self) -> Option<&'static Workload> {
        workload::find(&self.name)
    }

    /// What its policies depend on; `cluster` is that of the role.
    pub(super) fn parameters(&self, cluster: Option<&str>) -> Parameters {
        let Self {
            name: _,
            allow_write,
            bucket_arns,
            certificate_authority_arns,
            cluster_name,
            database_arns,
            directory_bucket_arns,
            file_system_arns,
            hosted_zone_arns,
            ip_family,
            kms_key_arns,
            network_policy_log,
            node_role_arns,
            parameter_arns,
            queue_arns,
            secret_arns,
            target_group_arns,
            workspace_arns,
        } = self;
        let knows_clusters = self.workload().is_some_and(Workload::knows_clusters);
        let cluster = cluster.filter(|_| knows_clusters);
        let lists = [
            ("bucket_arns", bucket_arns),
            ("certificate_authority_arns", certificate_authority_arns),
            ("database_arns", database_arns),
            ("directory_bucket_arns", directory_bucket_arns),
            ("file_system_arns", file_system_arns),
            ("hosted_zone_arns", hosted_zone_arns),
            ("kms_key_arns", kms_key_arns),
            ("node_role_arns", node_role_arns),
            ("parameter_arns", parameter_arns),
            ("queue_arns", queue_arns),
            ("secret_arns", secret_arns),
            ("target_group_arns", target_group_arns),
            ("workspace_arns", workspace_arns),
        ];
        let given = Parameters::default()
            .with("allow_write", allow_write.map(|yes| yes.to_string()))
            .with("cluster_name", cluster_name.as_deref().or(cluster))
            .with("ip_family", ip_family.as_deref())
            .with(
                "network_policy_log",
                network_policy_log.map(|yes| yes.to_string()),
            );
        lists.into_iter().fold(given, |given, (name, values)| {
            given.with(name, values.iter().flatten())
        })
    }
}

fn is_known(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(name) if workload::find(name).is_none() => {
            let names: Vec<_> = workload::names().collect();
            Err(format!("must be one of {}", names.join(", ")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use tfplugin_rs::tf::{Model, Type};

    use super::*;
    use crate::iam::workload::parameter::{self, Kind};

    /// The attributes are written down a second time here; this keeps the two together.
    #[test]
    fn has_an_attribute_for_every_parameter() {
        let attributes = Choice::attributes();
        let mut names: Vec<_> = attributes.iter().map(|it| it.name.as_str()).collect();
        names.retain(|name| *name != "name");
        let mut known: Vec<_> = parameter::ALL.iter().map(|it| it.name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
        for parameter in parameter::ALL {
            let attribute = attributes.iter().find(|it| it.name == parameter.name);
            let ty = match parameter.kind {
                Kind::Arns { .. } => Type::set(Type::String),
                Kind::Switch => Type::Bool,
                Kind::ClusterName | Kind::OneOf(_) => Type::String,
            };
            assert_eq!(attribute.unwrap().shape.ty(), ty, "{}", parameter.name);
        }
    }
}
