//! `service_account_annotations`: how a Kubernetes service account says which IAM role its pods have.

use tfplugin_rs::tf::{Attribute, Field, Function, Type, Value};

use super::{Called, text};
use crate::aws::arn;

/// The annotation that EKS's pod identity webhook reads. Source: EKS user guide, "Assign IAM roles to Kubernetes
/// service accounts".
const ROLE: &str = "eks.amazonaws.com/role-arn";

pub struct ServiceAccountAnnotations;

impl Function for ServiceAccountAnnotations {
    const NAME: &'static str = "service_account_annotations";
    const SUMMARY: &'static str =
        "The annotations of a Kubernetes service account whose pods assume an IAM role (IRSA).";
    const DESCRIPTION: &'static str = "For `metadata.annotations` of a service account, or the values of a Helm chart. Pods \
        get the role when they are started: those that run already have to be started again.";

    fn parameters() -> Vec<Attribute> {
        vec![String::attribute(
            "role_arn",
            "ARN of the IAM role. The role has to trust the service account: see `irsa_trust_policy`.",
        )]
    }

    fn returns() -> Type {
        Type::map(Type::String)
    }

    fn call(arguments: &[Value]) -> Called {
        let role = text(arguments, 0);
        arn::check_role(&role.into()).map_err(|expected| {
            let text = format!("role_arn {expected}, got {role:?}.");
            (text, Some(0))
        })?;
        Ok(Value::map([(ROLE, role)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_role() {
        let role = "arn:aws-cn:iam::123456789012:role/apps/s3";
        let result = ServiceAccountAnnotations::call(&[role.into()]).unwrap();
        assert_eq!(result, Value::map([("eks.amazonaws.com/role-arn", role)]));
    }

    #[test]
    fn refuses_what_is_no_role() {
        for wrong in ["s3", "arn:aws:iam::123456789012:user/s3", ""] {
            let (text, argument) = ServiceAccountAnnotations::call(&[wrong.into()]).unwrap_err();
            assert!(
                text.contains("ARN of an IAM role") && text.contains(wrong),
                "{text}"
            );
            assert_eq!(argument, Some(0));
        }
    }
}
