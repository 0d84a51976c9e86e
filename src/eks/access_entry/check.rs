//! Rules over the configuration of an access entry. Unknown means "cannot say yet".
//!
//! AWS is not asked here.

use std::collections::BTreeSet;

use tfplugin_rs::tf::{Diagnostics, Value};

use super::STANDARD;
use crate::eks::shared::access_policy::check_scope;

/// The types of the EKS service model, as of November 2026. AWS adds some, so that another one is no error.
const TYPES: [&str; 7] = [
    STANDARD,
    "EC2",
    "EC2_LINUX",
    "EC2_WINDOWS",
    "FARGATE_LINUX",
    "HYBRID_LINUX",
    "HYPERPOD_LINUX",
];

/// The types to which EKS grants all that they need, and that take no policies. Source: EKS user guide, "Associate access
/// policies with access entries"; policies for `EC2` are in its chapter on Auto Mode.
const WITHOUT_POLICIES: [&str; 4] = ["EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"];

/// The beginnings of user names that AWS reserves. Source: EKS user guide, "Set a custom username for EKS access entries".
const RESERVED: [&str; 5] = ["system:", "eks:", "aws:", "amazon:", "iam:"];

pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    check_policies(config, found);
    let kind = match config.get("type") {
        Value::Null => STANDARD,
        kind => match kind.as_str() {
            Some(kind) => kind,
            None => return,
        },
    };
    if !TYPES.contains(&kind) && is_word(kind) {
        let detail = format!(
            "This version of the provider does not know the type {kind:?}, and leaves it to AWS to judge. It knows {}.",
            TYPES.join(", ")
        );
        found.warning("type", "Unknown type of access entry", detail);
    }
    if kind != STANDARD {
        check_node(config, kind, found);
    }
}

/// AWS: "This operation can only be performed on Access Entries with a type of "STANDARD"".
fn check_node(config: &Value, kind: &str, found: &mut Diagnostics) {
    for name in ["kubernetes_groups", "user_name"] {
        let given = config.get(name);
        if !given.is_null() && !given.is_unknown() {
            let detail = format!(
                "Only entries of the type \"STANDARD\" take {name}; those of the type {kind:?} get it from EKS. Remove it."
            );
            found.error(name, format!("Invalid {name}"), detail);
        }
    }
    let mut policies = config.get("access_policies").elements();
    if WITHOUT_POLICIES.contains(&kind) && policies.next().is_some() {
        let detail = format!(
            "EKS grants entries of the type {kind:?} all that they need, and takes no policies for them. Remove them."
        );
        found.error("access_policies", "Invalid access_policies", detail);
    }
    let principal = config.get("principal_arn").as_str();
    if principal.is_some_and(|arn| arn.contains(":user/")) {
        let detail = format!("An entry of the type {kind:?} is for nodes, which have an IAM role.");
        found.error("principal_arn", "Invalid principal_arn", detail);
    }
}

/// Elements of a set have no path of their own, so the message says which one it is about.
fn check_policies(config: &Value, found: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for policy in config.get("access_policies").elements() {
        check_scope(policy.get("access_scope"), "access_policies", found);
        let Some(arn) = policy.get("policy_arn").as_str() else {
            continue;
        };
        if !seen.insert(arn) {
            let detail = format!(
                "There are two of {arn}, and an entry takes a policy once. Name all namespaces in one access_scope."
            );
            found.error("access_policies", "Access policy given twice", detail);
        }
    }
}

/// A type as AWS writes them. That there is such a one is not said.
pub(super) fn kind(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(kind) if !is_word(kind) => Err(format!("must be one of {}", TYPES.join(", "))),
        _ => Ok(()),
    }
}

fn is_word(kind: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    !kind.is_empty() && kind.chars().all(is_letter)
}

/// AWS: "The kubernetes group name system:masters is invalid, it cannot start with system:".
pub(super) fn group(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(group) if group.starts_with("system:") => {
            Err("must not begin with \"system:\"; for administrators there is AmazonEKSClusterAdminPolicy".to_owned())
        }
        _ => Ok(()),
    }
}

pub(super) fn user_name(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else {
        return Ok(());
    };
    if let Some(reserved) = RESERVED.iter().find(|it| name.starts_with(**it)) {
        return Err(format!(
            "must not begin with {reserved:?}, which AWS reserves"
        ));
    }
    match name.find("{{SessionName") {
        Some(place) if !name[..place].contains(':') => Err(
            "must have a colon somewhere before {{SessionName}}, such as \"team:{{SessionName}}\""
                .to_owned(),
        ),
        _ => Ok(()),
    }
}
