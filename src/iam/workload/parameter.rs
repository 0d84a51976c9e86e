//! What a workload's policies depend on, and whether it was given rightly.
//!
//! A parameter means the same to every workload that has it.

use std::collections::BTreeMap;
use std::fmt;

use super::Place;
use crate::aws::arn::Arn;

/// Something that a policy depends on.
#[derive(Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As users write it.
    pub name: &'static str,
    /// What it is, as a noun: it goes into a table and into documentation of attributes.
    pub what: &'static str,
    /// What its values look like.
    pub kind: Kind,
}

/// What the values of a parameter look like.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// One name of a cluster.
    ClusterName,
    /// ARNs of one service, whose resource begins like this. `*` stands for any characters.
    Arns {
        /// As in the ARN: `route53`.
        service: &'static str,
        /// `hostedzone/`; may be empty.
        resource: &'static str,
    },
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `true` or `false`.
    Switch,
}

impl Kind {
    /// Whether there may be several values.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Arns { .. })
    }
}

/// Whether a workload can do without.
#[derive(Debug, PartialEq, Eq)]
pub enum Need {
    /// It cannot.
    Required,
    /// It can, and this is so then: the end of "When absent, …".
    Optional(&'static str),
}

macro_rules! parameters {
    ($($(#[doc = $what:literal])+ $constant:ident = $name:literal: $kind:expr;)*) => {
        $($(#[doc = $what])+ pub(super) const $constant: Parameter = Parameter {
            name: $name,
            what: concat!($($what),+).trim_ascii(),
            kind: $kind,
        };)*

        /// All parameters, each once.
        pub const ALL: &[&Parameter] = &[$(&$constant),*];
    };
}

const fn arns(service: &'static str, resource: &'static str) -> Kind {
    Kind::Arns { service, resource }
}

parameters! {
    /// Private certificate authorities.
    AUTHORITIES = "certificate_authority_arns": arns("acm-pca", "certificate-authority/");
    /// S3 buckets.
    BUCKETS = "bucket_arns": arns("s3", "");
    /// Name of the cluster the workload runs on.
    CLUSTER = "cluster_name": Kind::ClusterName;
    /// RDS instances and Aurora clusters.
    DATABASES = "database_arns": arns("rds", "");
    /// S3 directory buckets (S3 Express One Zone).
    DIRECTORY_BUCKETS = "directory_bucket_arns": arns("s3express", "bucket/");
    /// EFS file systems.
    FILE_SYSTEMS = "file_system_arns": arns("elasticfilesystem", "file-system/");
    /// Route 53 hosted zones.
    ZONES = "hosted_zone_arns": arns("route53", "hostedzone/");
    /// Addresses of pods.
    IP_FAMILY = "ip_family": Kind::OneOf(&["ipv4", "ipv6"]);
    /// KMS keys.
    KEYS = "kms_key_arns": arns("kms", "key/");
    /// Whether the network policy agent writes its log to CloudWatch.
    POLICY_LOG = "network_policy_log": Kind::Switch;
    /// IAM roles of the nodes.
    NODE_ROLES = "node_role_arns": arns("iam", "role/");
    /// Parameters in the Parameter Store of Systems Manager.
    STORED_PARAMETERS = "parameter_arns": arns("ssm", "parameter/");
    /// SQS queues with events about instances.
    QUEUES = "queue_arns": arns("sqs", "");
    /// Secrets in Secrets Manager.
    SECRETS = "secret_arns": arns("secretsmanager", "secret:");
    /// Target groups of load balancers.
    TARGET_GROUPS = "target_group_arns": arns("elasticloadbalancing", "targetgroup/");
    /// Prometheus workspaces.
    WORKSPACES = "workspace_arns": arns("aps", "workspace/");
    /// Whether secrets and parameters may be written, too.
    WRITES = "allow_write": Kind::Switch;
}

/// The parameter with this name.
pub fn find(name: &str) -> Option<&'static Parameter> {
    ALL.iter().copied().find(|parameter| parameter.name == name)
}

/// What was given: values by the name of the parameter. No value is as if it was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, Vec<String>>);

impl Parameters {
    /// These, too.
    #[must_use]
    pub fn with<T: Into<String>>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values: Vec<_> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.0.insert(name.to_owned(), values);
        }
        self
    }

    /// The names of what was given.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All values of a parameter.
    pub(super) fn all(&self, parameter: &Parameter) -> &[String] {
        self.0
            .get(parameter.name)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The value of a parameter that has one.
    pub(super) fn one(&self, parameter: &Parameter) -> Option<&str> {
        self.all(parameter).first().map(String::as_str)
    }

    /// Whether a parameter is given, and not as "no".
    pub(super) fn has(&self, parameter: &Parameter) -> bool {
        self.one(parameter).is_some_and(|value| value != "false")
    }
}

/// A parameter that was not given rightly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterError {
    /// Its name.
    pub parameter: String,
    /// What is wrong with it: a sentence without its subject and its end.
    pub reason: String,
}

impl ParameterError {
    pub(super) fn new(parameter: &str, reason: impl Into<String>) -> Self {
        Self {
            parameter: parameter.to_owned(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.parameter, self.reason)
    }
}

/// What is wrong with the values of a parameter.
pub(super) fn check(parameter: &Parameter, values: &[String], place: &Place) -> Option<String> {
    let wrong = |value: &&String| !is_of(&parameter.kind, value, place);
    let wrong = values.iter().find(wrong);
    match (wrong, values) {
        (Some(wrong), _) => Some(format!(
            "must be {}, got {wrong:?}",
            expected(&parameter.kind, place)
        )),
        (None, [_, _, ..]) if !parameter.kind.is_list() => Some("must be one value".to_owned()),
        _ => None,
    }
}

fn is_of(kind: &Kind, value: &str, place: &Place) -> bool {
    match kind {
        Kind::ClusterName => is_cluster_name(value),
        Kind::Arns { service, resource } => {
            let is_ours = |arn: &Arn| {
                arn.partition == place.partition
                    && arn.service == *service
                    && arn.resource.starts_with(resource)
                    && arn.resource.len() > resource.len()
            };
            value
                .parse::<Arn>()
                .is_ok_and(|arn| is_ours(&arn) && is_narrow_enough(&arn))
        }
        Kind::OneOf(words) => words.contains(&value),
        Kind::Switch => matches!(value, "true" | "false"),
    }
}

/// Whether it names no more than is meant.
fn is_narrow_enough(arn: &Arn) -> bool {
    match arn.service.as_str() {
        // A bucket, and not what is in it, which the policies add themselves.
        "s3" => !arn.resource.contains('/'),
        // Who may pass any role to EC2 can become every role that trusts EC2, such as an administrator's.
        "iam" => {
            let name = arn.resource.strip_prefix("role/");
            name.is_some_and(|name| name.contains(|c| !matches!(c, '*' | '?' | '/')))
        }
        _ => true,
    }
}

/// As EKS takes them. It goes into tags that policies compare, so a `*` would be dangerous.
fn is_cluster_name(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let begins_well = text
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphanumeric());
    begins_well && text.len() <= 100 && text.bytes().all(allowed)
}

fn expected(kind: &Kind, place: &Place) -> String {
    match kind {
        Kind::ClusterName => "the name of a cluster".to_owned(),
        Kind::Arns { service, resource } => {
            let example = example(service, resource, place);
            let rule = match *service {
                "iam" => ", of roles that are named at least in part",
                _ => "",
            };
            format!("ARNs such as {example:?}{rule}")
        }
        Kind::OneOf(words) => format!("one of {}", words.join(", ")),
        Kind::Switch => "true or false".to_owned(),
    }
}

/// What an ARN of a service looks like.
pub(super) fn example(service: &str, resource: &str, place: &Place) -> String {
    let Place {
        partition,
        account_id,
        region,
    } = place;
    let (region, account_id) = match service {
        "s3" | "route53" => ("", ""),
        "iam" => ("", *account_id),
        _ => (*region, *account_id),
    };
    let rest = match service {
        "rds" => "db:example",
        _ => "example",
    };
    format!("arn:{partition}:{service}:{region}:{account_id}:{resource}{rest}")
}
