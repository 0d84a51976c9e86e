//! What to do about an error, by its kind. What is particular to a service comes with the error.

use super::{Error, ErrorKind};

/// The advice, where there is any beyond the service's own words.
pub(super) fn of(error: &Error) -> Option<String> {
    if let Some(advice) = error.0.advice {
        return Some(advice.to_owned());
    }
    match error.kind() {
        ErrorKind::AccessDenied => Some(allow(error)),
        ErrorKind::Failed => {
            let advice = error.issues().iter().find_map(|issue| issue.advice);
            advice.map(ToOwned::to_owned)
        }
        kind => by_kind(kind).map(ToOwned::to_owned),
    }
}

fn by_kind(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::AlreadyExists => {
            "If it is yours, take it over with an import block; if not, choose another name."
        }
        ErrorKind::InUse => {
            "Remove what still uses it first. If Terraform manages that too, a reference or depends_on puts the two in \
             order."
        }
        ErrorKind::UpdateInProgress { .. } => {
            "Another change of the same object is in progress. Run Terraform again when it has ended."
        }
        ErrorKind::NotActive => "Run Terraform again when it is ACTIVE.",
        ErrorKind::LimitExceeded => {
            "Ask for a higher quota in the Service Quotas console, or remove what is no longer used."
        }
        ErrorKind::ExpiredCredentials => {
            "The credentials have expired. Get new ones (for example aws sso login) and run Terraform again; what exists \
             is in the state."
        }
        ErrorKind::NoCredentials => {
            "Give the provider valid credentials: environment variables (AWS_ACCESS_KEY_ID, AWS_PROFILE, …), the profile \
             argument, assume_role, or an instance or pod role."
        }
        ErrorKind::NotPropagated => {
            "IAM takes a while to make new roles known, so this was tried again for some time. If it persists, check \
             that the role exists, that the service may assume it, and that its policies are attached; depends_on makes \
             Terraform attach them first."
        }
        ErrorKind::Throttled => {
            "AWS limits the rate of requests. Run Terraform again, with a lower -parallelism or a higher max_retries."
        }
        ErrorKind::Unavailable => {
            "This is a problem on the side of AWS. Run Terraform again later."
        }
        ErrorKind::ConnectionLost => {
            "The connection broke before AWS answered, so it may have done what was asked. Run Terraform again: the next \
             plan shows what is there."
        }
        ErrorKind::Unreachable => {
            "No connection came about. Check the region, the endpoints and proxy settings of the provider, and the \
             network."
        }
        ErrorKind::NoFreeCapacity => {
            "Choose other instance types, zones or larger subnets, or try again later."
        }
        ErrorKind::TimedOut => {
            "It may still finish on its own. To wait longer, raise the time in the timeouts block of the resource, such \
             as timeouts { create = \"2h\" }."
        }
        ErrorKind::Interrupted => "AWS goes on with what it has begun.",
        _ => return None,
    })
}

fn allow(error: &Error) -> String {
    format!(
        "The credentials in use may not do this. Allow the action of {} in an IAM policy of the caller, and look for \
         service control policies and permission boundaries that deny it.",
        error.0.operation
    )
}
