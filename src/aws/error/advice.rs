//! What to do about an error, by its kind.

use super::{Error, Issue, Kind};

/// The advice, where there is any beyond AWS's own words.
pub(super) fn of(error: &Error) -> Option<String> {
    let advice = match error.kind() {
        Kind::AlreadyExists => {
            "If it is yours, take it over with an import block; if not, choose another name."
        }
        Kind::InUse => {
            "Remove what still uses it first. If Terraform manages that too, a reference or depends_on \
                        puts the two in order."
        }
        Kind::UpdateInProgress { .. } => {
            "EKS makes one change at a time. Run Terraform again when the change in progress has ended."
        }
        Kind::NotActive => "Run Terraform again when it is ACTIVE.",
        Kind::NoAccessEntry => {
            "Policies are associated with access entries. Make one for the principal with eks_access_entry, and refer to \
             its principal_arn, so that Terraform makes it first."
        }
        Kind::AuthenticationMode => {
            "Access entries need access_config { authentication_mode = \"API_AND_CONFIG_MAP\" } on the cluster, or \
             \"API\". AWS changes the mode in place, and never back."
        }
        Kind::UpgradeBlocked => {
            "Look at the upgrade insights of the cluster (aws eks list-insights) and mend what they name. \
             force_update_version = true upgrades regardless."
        }
        Kind::LimitExceeded => {
            "Ask for a higher quota in the Service Quotas console, or remove what is no longer used."
        }
        Kind::AccessDenied => return Some(allow(error)),
        Kind::ExpiredCredentials => {
            "The credentials have expired. Get new ones (for example aws sso login) and run Terraform again; \
             what exists is in the state."
        }
        Kind::NoCredentials => {
            "Give the provider valid credentials: environment variables (AWS_ACCESS_KEY_ID, AWS_PROFILE, …), \
             the profile argument, assume_role, or an instance or pod role."
        }
        Kind::IamPropagation => {
            "IAM takes a while to make new roles known, so this was tried again for some time. If it persists, check \
             that the role exists, that the service may assume it, and that its policies are attached; depends_on \
             makes Terraform attach them first."
        }
        Kind::Throttled => {
            "AWS limits the rate of requests. Run Terraform again, with a lower -parallelism or a higher max_retries."
        }
        Kind::Unavailable => "This is a problem on the side of AWS. Run Terraform again later.",
        Kind::ConnectionLost => {
            "The connection broke before AWS answered, so it may have done what was asked. Run Terraform again: the \
             next plan shows what is there."
        }
        Kind::Unreachable => {
            "No connection came about. Check the region, the endpoints and proxy settings of the provider, and the \
             network."
        }
        Kind::NoFreeCapacity => {
            "Choose other instance types, zones or larger subnets, or try again later."
        }
        Kind::TimedOut => {
            "It may still finish on its own. To wait longer, raise the time in the timeouts block of the resource, \
             such as timeouts { create = \"2h\" }."
        }
        Kind::Interrupted => "AWS goes on with what it has begun.",
        Kind::Failed => return of_issues(error.issues()),
        _ => return None,
    };
    Some(advice.to_owned())
}

/// What to do about what AWS says is wrong with an object, where that is beyond AWS's own words.
fn of_issues(issues: &[Issue]) -> Option<String> {
    let conflicts = issues.iter().any(|it| it.code == "ConfigurationConflict");
    conflicts.then(|| {
        "The cluster has objects of the add-on that something else has installed or changed. To let EKS take them over, set \
         resolve_conflicts_on_create (for a new add-on) or resolve_conflicts_on_update = \"OVERWRITE\"."
            .to_owned()
    })
}

fn allow(error: &Error) -> String {
    format!(
        "The credentials in use may not do this. Allow the action of {} in an IAM policy of the caller, and look for \
         service control policies and permission boundaries that deny it.",
        error.0.operation
    )
}
