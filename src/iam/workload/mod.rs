//! What well-known workloads need to do with AWS, and no more: least-privilege policies by name.
//!
//! Each workload is one file that says what it needs and where that is documented. A workload is called as its EKS
//! add-on, or else as its Helm chart. Resources are narrowed down by parameters where a project's own policy names all;
//! where that cannot be, the file says why.
//!
//! Pure: nothing here asks AWS or has heard of unknown values.

mod amazon_cloudwatch_observability;
mod amazon_managed_prometheus;
mod appmesh_controller;
mod appmesh_envoy;
mod aws_ebs_csi_driver;
mod aws_efs_csi_driver;
mod aws_fsx_csi_driver;
mod aws_fsx_openzfs_csi_driver;
mod aws_gateway_controller;
mod aws_load_balancer_controller;
mod aws_mountpoint_s3_csi_driver;
mod aws_node_termination_handler;
mod aws_privateca_issuer;
mod cert_manager;
mod cluster_autoscaler;
mod external_dns;
mod external_secrets;
mod karpenter;
pub mod parameter;
mod pganalyze;
mod service_linked_role;
mod target_group_bindings;
#[cfg(test)]
mod tests;
mod velero;
mod volume_keys;
mod vpc_cni;

use super::document::{Document, Statement, allow};
use parameter::Need::{Optional, Required};
use parameter::{Need, Parameter};
pub use parameter::{ParameterError, Parameters};

/// All workloads, in the order of their names.
pub const ALL: &[&Workload] = &[
    &amazon_cloudwatch_observability::WORKLOAD,
    &amazon_managed_prometheus::WORKLOAD,
    &appmesh_controller::WORKLOAD,
    &appmesh_envoy::WORKLOAD,
    &aws_ebs_csi_driver::WORKLOAD,
    &aws_efs_csi_driver::WORKLOAD,
    &aws_fsx_csi_driver::WORKLOAD,
    &aws_fsx_openzfs_csi_driver::WORKLOAD,
    &aws_gateway_controller::WORKLOAD,
    &aws_load_balancer_controller::WORKLOAD,
    &target_group_bindings::WORKLOAD,
    &aws_mountpoint_s3_csi_driver::WORKLOAD,
    &aws_node_termination_handler::WORKLOAD,
    &aws_privateca_issuer::WORKLOAD,
    &cert_manager::WORKLOAD,
    &cluster_autoscaler::WORKLOAD,
    &external_dns::WORKLOAD,
    &external_secrets::WORKLOAD,
    &karpenter::WORKLOAD,
    &pganalyze::WORKLOAD,
    &velero::WORKLOAD,
    &vpc_cni::WORKLOAD,
];

/// Something that runs on clusters and needs to do something with AWS.
#[derive(Debug)]
pub struct Workload {
    /// As users write it.
    pub name: &'static str,
    /// What it does with AWS, for a table: one sentence.
    pub what: &'static str,
    /// Where its permissions are documented.
    pub source: &'static str,
    /// What its policies leave out, or allow beyond expectation, where that may surprise: sentences. They are published.
    pub limits: &'static str,
    /// What its policies depend on. Anything else is refused.
    pub parameters: &'static [(&'static Parameter, Need)],
    /// Of these parameters at least one has to be given.
    pub any_of: &'static [&'static Parameter],
    /// Namespace and name of the service accounts it usually runs as.
    pub service_accounts: &'static [(&'static str, &'static str)],
    /// The policies for parameters that were checked.
    policies: fn(&Parameters, &Place) -> Vec<Policy>,
}

/// Where a role is, and the cluster whose pods take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    pub account_id: &'a str,
    pub region: &'a str,
}

/// Something to give to a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A policy of AWS, by its ARN.
    Managed(String),
    /// A policy inside of the role, called as the workload.
    Inline(Document),
}

/// The workload with this name.
pub fn find(name: &str) -> Option<&'static Workload> {
    ALL.iter().copied().find(|workload| workload.name == name)
}

/// The names of all workloads.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|workload| workload.name)
}

impl Workload {
    /// Its policies: at most one inline.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the parameters.
    pub fn policies(
        &self,
        given: &Parameters,
        place: &Place,
    ) -> Result<Vec<Policy>, Vec<ParameterError>> {
        let errors = self.check(given, place);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok((self.policies)(given, place))
    }

    /// Everything that is wrong with the parameters.
    fn check(&self, given: &Parameters, place: &Place) -> Vec<ParameterError> {
        let mut errors = Vec::new();
        let is_ours = |name: &&str| self.parameters.iter().any(|(ours, _)| ours.name == *name);
        errors.extend(
            given
                .names()
                .filter(|name| !is_ours(name))
                .map(|name| self.refuse(name)),
        );
        for (parameter, need) in self.parameters {
            let values = given.all(parameter);
            if values.is_empty() && *need == Required {
                let reason = format!("must be set for the workload {}", self.name);
                errors.push(ParameterError::new(parameter.name, reason));
            }
            let wrong = parameter::check(parameter, values, place);
            errors.extend(wrong.map(|reason| ParameterError::new(parameter.name, reason)));
        }
        if let [first, others @ ..] = self.any_of
            && self.any_of.iter().all(|one| given.all(one).is_empty())
        {
            let others: Vec<_> = others.iter().map(|other| other.name).collect();
            let reason = format!(
                "or {} must be set for the workload {}",
                others.join(" or "),
                self.name
            );
            errors.push(ParameterError::new(first.name, reason));
        }
        errors
    }

    /// Whether its policies depend on the cluster it runs on.
    pub fn knows_clusters(&self) -> bool {
        let is_cluster = |(parameter, _): &(&Parameter, Need)| **parameter == parameter::CLUSTER;
        self.parameters.iter().any(is_cluster)
    }

    fn refuse(&self, name: &str) -> ParameterError {
        let ours: Vec<_> = self.parameters.iter().map(|(ours, _)| ours.name).collect();
        let has = match ours.is_empty() {
            true => "which has none".to_owned(),
            false => format!("which has {}", ours.join(", ")),
        };
        let reason = format!("is no parameter of the workload {}, {has}", self.name);
        ParameterError::new(name, reason)
    }
}

impl Place<'_> {
    /// The ARN of something in any region and account.
    ///
    /// A role can do something in another account only if that one allows it.
    fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:*:*:{resource}", self.partition)
    }

    /// The ARN of something in the region of the cluster and the account of the role.
    fn arn_here(&self, service: &str, resource: &str) -> String {
        let Self {
            partition,
            account_id,
            region,
        } = self;
        format!("arn:{partition}:{service}:{region}:{account_id}:{resource}")
    }

    /// The ARN of something of a service without regions, in any account.
    fn global_arn(&self, service: &str, account_id: &str, resource: &str) -> String {
        format!("arn:{}:{service}::{account_id}:{resource}", self.partition)
    }
}

impl Policy {
    /// AWS's policy of this name and path.
    fn managed(place: &Place, path: &str) -> Self {
        Self::Managed(place.global_arn("iam", "aws", &format!("policy/{path}")))
    }

    fn inline(statements: Vec<Statement>) -> Self {
        Self::Inline(Document::new(statements))
    }
}

/// The workloads as a table in Markdown, for the documentation.
pub fn table() -> String {
    let rows = ALL.iter().map(|workload| {
        let Workload {
            name, what, source, ..
        } = workload;
        format!(
            "| [`{name}`]({source}) | {what} | {} | {} |\n",
            workload.parameters_in_words(),
            workload.service_accounts_in_words()
        )
    });
    let head = "| workload | what for | parameters | usual service account |\n|---|---|---|---|\n";
    head.to_owned() + &rows.collect::<String>()
}

/// What the policies of workloads leave out or allow beyond expectation, as a list in Markdown, for the documentation.
pub fn limits() -> String {
    let limited = ALL.iter().filter(|workload| !workload.limits.is_empty());
    limited
        .map(|workload| format!("- `{}`: {}\n", workload.name, workload.limits))
        .collect()
}

impl Workload {
    fn parameters_in_words(&self) -> String {
        let words = self.parameters.iter().map(|(parameter, need)| {
            let one_of_them = self.any_of.contains(parameter);
            match need {
                Required => format!("`{}` (required)", parameter.name),
                Optional(_) if one_of_them => format!("`{}` (any of them)", parameter.name),
                Optional(without) => format!("`{}` (when absent, {without})", parameter.name),
            }
        });
        match self.parameters {
            [] => "none".to_owned(),
            _ => words.collect::<Vec<_>>().join("<br>"),
        }
    }

    fn service_accounts_in_words(&self) -> String {
        let words = self
            .service_accounts
            .iter()
            .map(|(namespace, name)| format!("`{namespace}/{name}`"));
        match self.service_accounts {
            [] => "that of the pods".to_owned(),
            _ => words.collect::<Vec<_>>().join("<br>"),
        }
    }
}
