//! The IAM principal of an access entry, the types of entries it can have, and the names EKS gives
//! it in Kubernetes.
//!
//! It does not know which principals exist: IAM is not simulated.

use crate::error::ApiError;
use crate::state::Scope;

pub(super) const STANDARD: &str = "STANDARD";
/// The nodes of Auto Mode.
pub(super) const EC2: &str = "EC2";

const TYPES: &[&str] = &[
    STANDARD,
    "FARGATE_LINUX",
    "EC2_LINUX",
    "EC2_WINDOWS",
    EC2,
    "HYBRID_LINUX",
    "HYPERPOD_LINUX",
];

/// An IAM role or user.
pub(super) struct Principal {
    pub(super) arn: String,
    partition: String,
    account: String,
    is_role: bool,
    /// Its name, without the path.
    name: String,
}

impl Principal {
    /// Known texts, though that for what is not the ARN of a role or user is only known from roles
    /// that do not exist.
    pub(super) fn parse(arn: &str) -> Result<Self, ApiError> {
        let invalid = || {
            ApiError::invalid_parameter("The specified principalArn is invalid: invalid principal.")
        };
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return Err(invalid());
        };
        let (kind, path) = resource.split_once('/').ok_or_else(invalid)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        if !matches!(kind, "role" | "user") || name.is_empty() {
            return Err(invalid());
        }
        if path.starts_with("aws-service-role/") {
            return Err(ApiError::invalid_parameter(
                "The caller is not allowed to modify access entries with a principalArn value of \
                 a Service Linked Role",
            ));
        }
        Ok(Principal {
            arn: arn.to_owned(),
            partition: partition.to_owned(),
            account: account.to_owned(),
            is_role: kind == "role",
            name: name.to_owned(),
        })
    }

    /// Whoever creates clusters in an account.
    pub(super) fn creator(scope: &Scope) -> Self {
        let (partition, account, name) = (scope.partition(), &scope.account, "creator");
        Principal {
            arn: format!("arn:{partition}:iam::{account}:user/{name}"),
            partition: partition.to_owned(),
            account: account.clone(),
            is_role: false,
            name: name.to_owned(),
        }
    }

    /// Whether an entry of this type can be the principal's. The rules are documented, the words are
    /// guesses.
    pub(super) fn check_kind(&self, kind: &str, scope: &Scope) -> Result<(), ApiError> {
        if !TYPES.contains(&kind) {
            let message = format!("The specified type is invalid: {kind}");
            return Err(ApiError::invalid_parameter(message));
        }
        if kind == STANDARD || (self.is_role && self.account == scope.account) {
            return Ok(());
        }
        Err(ApiError::invalid_parameter(format!(
            "The specified principalArn is invalid: access entries of type {kind} need an IAM role \
             in the account of the cluster"
        )))
    }

    /// The part of the entry's ARN that names the principal, as in
    /// "access-entry/beta4-cluster/role/768213081445/karpenter-node-beta4-cluster/02ca1157-…".
    pub(super) fn tail(&self) -> String {
        let kind = if self.is_role { "role" } else { "user" };
        format!("{kind}/{}/{}", self.account, self.name)
    }

    /// The user name when none is given. The user guide tells it for all types but EC2 and
    /// HYPERPOD_LINUX.
    pub(super) fn username(&self, kind: &str) -> String {
        let (partition, account, name) = (&self.partition, &self.account, &self.name);
        match kind {
            STANDARD if self.is_role => {
                format!("arn:{partition}:sts::{account}:assumed-role/{name}/{{{{SessionName}}}}")
            }
            STANDARD => self.arn.clone(),
            "EC2_LINUX" | "EC2_WINDOWS" => "system:node:{{EC2PrivateDNSName}}".to_owned(),
            _ => "system:node:{{SessionName}}".to_owned(),
        }
    }
}

/// The groups of an entry when none are given. Known for EC2_LINUX, from the examples of the AWS
/// CLI; the others are what nodes of the type have in the `aws-auth` ConfigMap, or a guess.
pub(super) fn groups(kind: &str) -> &'static [&'static str] {
    match kind {
        STANDARD => &[],
        "EC2_WINDOWS" => &["eks:kube-proxy-windows", "system:nodes"],
        "FARGATE_LINUX" => &[
            "system:bootstrappers",
            "system:node-proxier",
            "system:nodes",
        ],
        _ => &["system:nodes"],
    }
}

/// The rules are those of the user guide; only the text about `system:` is known.
pub(super) fn check_username(username: &str) -> Result<(), ApiError> {
    const RESERVED: [&str; 5] = ["system:", "eks:", "aws:", "amazon:", "iam:"];
    if let Some(prefix) = RESERVED
        .iter()
        .find(|prefix| username.starts_with(**prefix))
    {
        let message = format!("The username must not begin with {prefix}");
        return Err(ApiError::invalid_parameter(message));
    }
    match username.find("{{SessionName") {
        Some(index) if !username[..index].contains(':') => Err(ApiError::invalid_parameter(
            "The username must have a colon before {{SessionName}}",
        )),
        _ => Ok(()),
    }
}
