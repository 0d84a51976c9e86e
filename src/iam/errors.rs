//! What IAM's error codes and texts mean. The only place that reads them.

use crate::api::ErrorKind;
use crate::aws::error::{Meaning, Refusal};

crate::aws::answers! {
    /// Answers of IAM.
    aws_sdk_iam, classify
}

fn classify(refusal: &Refusal<'_>) -> Option<Meaning> {
    let kind = match refusal.code {
        "NoSuchEntity" | "NoSuchEntityException" => ErrorKind::NotFound,
        "EntityAlreadyExists" | "EntityAlreadyExistsException" => ErrorKind::AlreadyExists,
        "DeleteConflict" | "DeleteConflictException" => ErrorKind::InUse,
        // Somebody else changes the same object at this moment.
        "ConcurrentModification" | "ConcurrentModificationException" => {
            ErrorKind::UpdateInProgress { update_id: None }
        }
        // A principal in a trust policy that was made a moment ago.
        "MalformedPolicyDocument" if refusal.says("Invalid principal in policy") => {
            ErrorKind::NotPropagated
        }
        "MalformedPolicyDocument" => ErrorKind::InvalidParameter,
        _ => return None,
    };
    Some(kind.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str, message: &str) -> Option<ErrorKind> {
        let refusal = Refusal {
            operation: "UpdateAssumeRolePolicy",
            code,
            message,
        };
        classify(&refusal).map(|meaning| meaning.kind)
    }

    #[test]
    fn reads_what_iam_is_not_through_with() {
        let message = "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/new\"";
        let found = kind("MalformedPolicyDocument", message);
        assert_eq!(found, Some(ErrorKind::NotPropagated));
        let found = kind("MalformedPolicyDocument", "Syntax errors in policy.");
        assert_eq!(found, Some(ErrorKind::InvalidParameter));
        let found = kind("ConcurrentModification", "…");
        assert_eq!(found, Some(ErrorKind::UpdateInProgress { update_id: None }));
    }

    #[test]
    fn reads_codes() {
        for (code, expected) in [
            ("NoSuchEntity", ErrorKind::NotFound),
            ("EntityAlreadyExists", ErrorKind::AlreadyExists),
            ("DeleteConflict", ErrorKind::InUse),
        ] {
            assert_eq!(kind(code, "…"), Some(expected), "{code}");
        }
        assert_eq!(kind("LimitExceeded", "…"), None);
    }
}
