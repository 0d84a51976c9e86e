//! `pod_identity_trust_policy`: lets EKS Pod Identity take an IAM role for pods.

use tfplugin_rs::tf::{Attribute, Function, Type, Value};

use super::Called;
use crate::iam::trust;

pub struct PodIdentityTrustPolicy;

impl Function for PodIdentityTrustPolicy {
    const NAME: &'static str = "pod_identity_trust_policy";
    const SUMMARY: &'static str = "The trust policy of an IAM role for EKS Pod Identity, in JSON.";
    const DESCRIPTION: &'static str = "For `assume_role_policy` of `aws_iam_role`. The policy is the same for every \
        cluster: which service accounts get the role is said by pod identity associations, and who may make those by \
        `iam:PassRole`.";

    fn parameters() -> Vec<Attribute> {
        Vec::new()
    }

    fn returns() -> Type {
        Type::String
    }

    fn call(_: &[Value]) -> Called {
        Ok(trust::pod_identity().json().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn trusts_the_service_that_hands_out_roles() {
        let policy = PodIdentityTrustPolicy::call(&[]).unwrap();
        let policy: Json = serde_json::from_str(policy.as_str().unwrap()).unwrap();
        let statement = &policy["Statement"][0];
        assert_eq!(
            statement["Principal"],
            json!({"Service": "pods.eks.amazonaws.com"})
        );
        assert_eq!(
            statement["Action"],
            json!(["sts:AssumeRole", "sts:TagSession"])
        );
    }
}
