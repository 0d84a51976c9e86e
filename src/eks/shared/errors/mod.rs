//! What EKS's error codes and texts mean. The only place that reads them.

#[cfg(test)]
mod tests;

use crate::api::ErrorKind;
use crate::aws::error::{Meaning, Refusal};

crate::aws::answers! {
    /// Answers of EKS.
    aws_sdk_eks, classify
}

/// Texts with which EKS refuses a role or principal that has just been made. It uses the same code for roles that are
/// wrong for good, so these are retried for a while only.
const NOT_PROPAGATED: &[&str] = &[
    "Error in role params",
    "Role could not be assumed because the trusted entity is not correct",
    "The provided role doesn't have the Amazon EKS Managed Policies associated with it",
    "IAM role's policy must include",
    "Misconfigured PodExecutionRole Trust Policy",
    "The specified principalArn is invalid: invalid principal",
    // CreatePodIdentityAssociation and UpdatePodIdentityAssociation.
    "Role provided in the request does not exist",
];

/// Texts with which EKS refuses an update that would change nothing.
const NOTHING_TO_CHANGE: &[&str] = &[
    "No changes needed for the",
    "already at the desired configuration",
    // The answer to switching off: a request to switch on never gets it.
    "Auto Mode is not enabled on this cluster",
];

/// Texts about a change of the object, or of its cluster, that is under way; in ResourceInUseException only.
const IN_PROGRESS: &[&str] = &[
    // Fargate profiles: EKS takes one creation or deletion at a time per cluster.
    "in status CREATING",
    "in status DELETING",
    // UpdateAddon: "Addon coredns cannot be updated as it is currently in UPDATING state".
    "currently in UPDATING state",
    "currently in CREATING state",
];

const NO_ACCESS_ENTRY: &str = "Policies are associated with access entries. Make one for the principal with \
                               eks_access_entry, and refer to its principal_arn, so that Terraform makes it first.";

const LOST_ACCESS_ENTRY: &str = "The access entry is no longer there, or has only just been made. Run Terraform again: the \
                                 next plan shows what is there.";

const AUTHENTICATION_MODE: &str = "Access entries need access_config { authentication_mode = \"API_AND_CONFIG_MAP\" } \
                                   on the cluster, or \"API\". AWS changes the mode in place, and never back.";

const UPGRADE_BLOCKED: &str = "Look at the upgrade insights of the cluster (aws eks list-insights) and fix what they name. \
                               force_update_version = true upgrades regardless.";

/// What a refusal of EKS means; `None` where it means what it means to all services.
fn classify(refusal: &Refusal<'_>) -> Option<Meaning> {
    match refusal.code {
        "ResourceInUseException" => Some(in_use(refusal).into()),
        "InvalidRequestException" => invalid_request(refusal),
        "InvalidParameterException" => invalid_parameter(refusal).map(Meaning::from),
        "ResourceNotFoundException" => not_found(refusal),
        "InvalidStateException" => Some(Meaning::with_advice(
            ErrorKind::InvalidRequest,
            UPGRADE_BLOCKED,
        )),
        "ClientException" if refusal.says("No cluster found for name:") => {
            Some(ErrorKind::NotFound.into())
        }
        "ClientException" => Some(ErrorKind::InvalidRequest.into()),
        "ResourcePropagationDelayException" => Some(ErrorKind::NotPropagated.into()),
        "UnsupportedAvailabilityZoneException" => Some(ErrorKind::Unsupported.into()),
        _ => None,
    }
}

fn in_use(refusal: &Refusal<'_>) -> ErrorKind {
    let is_changing = IN_PROGRESS.iter().any(|words| refusal.says(words));
    match busy(refusal) {
        Some(kind) => kind,
        None if is_changing => ErrorKind::UpdateInProgress { update_id: None },
        None => ErrorKind::InUse,
    }
}

/// What two codes say with the same words: that there is one already, or that a change is under way.
fn busy(refusal: &Refusal<'_>) -> Option<ErrorKind> {
    if refusal.says("already exists") || refusal.says("already in use on this cluster") {
        return Some(ErrorKind::AlreadyExists);
    }
    if refusal.says("in progress") {
        let update_id = update_id(refusal.message);
        return Some(ErrorKind::UpdateInProgress { update_id });
    }
    let is_not_active = refusal.says("not in ACTIVE st") || refusal.says("not in Active State");
    is_not_active.then_some(ErrorKind::NotActive)
}

fn invalid_request(refusal: &Refusal<'_>) -> Option<Meaning> {
    if let Some(kind) = busy(refusal) {
        return Some(kind.into());
    }
    if refusal.says("authentication mode must be set to one of") {
        let kind = ErrorKind::InvalidRequest;
        return Some(Meaning::with_advice(kind, AUTHENTICATION_MODE));
    }
    // Identity provider configs, of which a cluster has one. The first text is known from hashicorp/aws, the second a
    // guess after it.
    if refusal.says("is not associated with cluster") {
        return Some(ErrorKind::NotFound.into());
    }
    if refusal.says("is already associated with cluster") {
        return Some(ErrorKind::AlreadyExists.into());
    }
    changes_nothing(refusal).then(|| ErrorKind::NothingToChange.into())
}

fn invalid_parameter(refusal: &Refusal<'_>) -> Option<ErrorKind> {
    if changes_nothing(refusal) {
        return Some(ErrorKind::NothingToChange);
    }
    if NOT_PROPAGATED.iter().any(|words| refusal.says(words)) || misses_role(refusal.message) {
        return Some(ErrorKind::NotPropagated);
    }
    let is_full = refusal.says("enough free IP addresses");
    is_full.then_some(ErrorKind::NoFreeCapacity)
}

/// The same words stand for an access entry that is looked for and is not there, and for one that a request refers to. The
/// latter may have been made a moment ago.
fn not_found(refusal: &Refusal<'_>) -> Option<Meaning> {
    if !refusal.says("The specified principalArn could not be found") {
        return None;
    }
    let advice = match refusal.operation {
        "AssociateAccessPolicy" | "ListAssociatedAccessPolicies" => NO_ACCESS_ENTRY,
        "UpdateAccessEntry" => LOST_ACCESS_ENTRY,
        _ => return None,
    };
    Some(Meaning::with_advice(ErrorKind::NotPropagated, advice))
}

fn changes_nothing(refusal: &Refusal<'_>) -> bool {
    let mut words = NOTHING_TO_CHANGE.iter();
    words.any(|words| refusal.says(words)) || goes_nowhere(refusal.message)
}

/// "Unsupported Kubernetes minor version update from 1.34 to 1.34": the update has been made already.
fn goes_nowhere(message: &str) -> bool {
    let Some((_, steps)) = message.split_once(" update from ") else {
        return false;
    };
    let step = |step: &str| step.trim_end_matches('.').to_owned();
    matches!(
        steps.split_whitespace().map(step).collect::<Vec<_>>().as_slice(),
        [from, to, goal] if to == "to" && from == goal
    )
}

/// Something "does not exist", and it is a role: subnets and security groups that are missing stay missing.
fn misses_role(message: &str) -> bool {
    let is_role = |word: &str| word.to_ascii_lowercase().ends_with("role") || word == "iam";
    let names_role = message
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| is_role(word.strip_suffix("Arn").unwrap_or(word)));
    message.contains("does not exist") && names_role
}

/// The update named in "Cannot … because cluster c currently has update 408c0738-… in progress".
fn update_id(message: &str) -> Option<String> {
    let (_, after) = message.split_once("currently has update ")?;
    let id = after.split_whitespace().next()?;
    (id != "in").then(|| id.to_owned())
}
