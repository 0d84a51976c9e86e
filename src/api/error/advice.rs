//! What to do about an error, by its kind. What is particular to a service, or to all of AWS, comes with the error.

use super::{Error, ErrorKind};

/// The advice, where there is any beyond the service's own words.
pub(super) fn of(error: &Error) -> Option<String> {
    if let Some(advice) = &error.0.advice {
        return Some(advice.to_string());
    }
    let of_issues = error.issues().iter().find_map(|issue| issue.advice);
    let advice = match error.kind() {
        ErrorKind::Failed => of_issues,
        kind => by_kind(kind),
    };
    advice.map(ToOwned::to_owned)
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
        ErrorKind::Unavailable => {
            "The service has a problem of its own. Run Terraform again later."
        }
        ErrorKind::ConnectionLost => {
            "The connection broke before the answer, so the request may have been carried out. Run Terraform again: the \
             next plan shows what is there."
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
        ErrorKind::Interrupted => "What has been begun goes on.",
        _ => return None,
    })
}
