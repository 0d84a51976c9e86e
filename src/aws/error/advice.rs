//! What to do about errors that mean the same in all of AWS.

use std::borrow::Cow;

use crate::api::ErrorKind;

/// The advice for an error of that kind, to a request of that operation.
pub(super) fn of(kind: &ErrorKind, operation: &str) -> Option<Cow<'static, str>> {
    let advice = match kind {
        ErrorKind::AccessDenied => return Some(allow(operation).into()),
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
        _ => return None,
    };
    Some(advice.into())
}

fn allow(operation: &str) -> String {
    format!(
        "The credentials in use may not do this. Allow the action of {operation} in an IAM policy of the caller, and look \
         for service control policies and permission boundaries that deny it."
    )
}
