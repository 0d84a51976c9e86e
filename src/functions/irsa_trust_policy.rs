//! `irsa_trust_policy`: lets a Kubernetes service account take an IAM role by the cluster's OIDC provider.

use tfplugin_rs::tf::{Attribute, Field, Function, Type, Value};

use super::{Called, text};
use crate::iam::trust::{self, OidcProvider, ServiceAccount, TrustError};

pub struct IrsaTrustPolicy;

impl Function for IrsaTrustPolicy {
    const NAME: &'static str = "irsa_trust_policy";
    const SUMMARY: &'static str =
        "The trust policy of an IAM role for a Kubernetes service account (IRSA), in JSON.";
    const DESCRIPTION: &'static str = "For `assume_role_policy` of `aws_iam_role`. Tests the namespace and the name, and \
        names the audience and the subject in the form that STS compares, for every partition. With `*` in the namespace \
        or in the name the policy is for all service accounts that match.";

    fn parameters() -> Vec<Attribute> {
        vec![
            String::attribute(
                "oidc_provider_arn",
                "ARN of the IAM OIDC provider of the cluster.",
            ),
            String::attribute("namespace", "Namespace of the service account."),
            String::attribute("service_account", "Name of the service account."),
        ]
    }

    fn returns() -> Type {
        Type::String
    }

    fn call(arguments: &[Value]) -> Called {
        let (namespace, name) = (text(arguments, 1), text(arguments, 2));
        let provider = OidcProvider::of_arn(text(arguments, 0)).map_err(blame(0))?;
        trust::check_namespace(namespace).map_err(blame(1))?;
        let account = ServiceAccount::new(namespace, name).map_err(blame(2))?;
        let policy = trust::irsa(&[provider], &[account]);
        let policy = policy.map_err(|error| (sentence(&error), None))?;
        Ok(policy.json().into())
    }
}

fn blame(argument: i64) -> impl Fn(TrustError) -> (String, Option<i64>) {
    move |error| (sentence(&error), Some(argument))
}

fn sentence(error: &TrustError) -> String {
    format!("{error}.")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    const PROVIDER: &str =
        "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A";

    fn call(arguments: [&str; 3]) -> Called {
        IrsaTrustPolicy::call(&arguments.map(Value::from))
    }

    #[test]
    fn trusts_the_service_account() {
        let policy = call([PROVIDER, "kube-system", "ebs-csi-controller-sa"]).unwrap();
        let policy: Json = serde_json::from_str(policy.as_str().unwrap()).unwrap();
        let statement = &policy["Statement"][0];
        assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
        assert_eq!(statement["Principal"], json!({"Federated": PROVIDER}));
        let subject =
            &statement["Condition"]["StringEquals"]["oidc.eks.eu-west-1.amazonaws.com/id/A:sub"];
        assert_eq!(
            subject,
            "system:serviceaccount:kube-system:ebs-csi-controller-sa"
        );
    }

    #[test]
    fn blames_the_wrong_argument() {
        for (arguments, place, text) in [
            (
                ["oidc.eks.eu-west-1.amazonaws.com", "default", "a"],
                0,
                "OIDC provider",
            ),
            ([PROVIDER, "Kube_System", "a"], 1, "namespace must be"),
            ([PROVIDER, "default", ""], 2, "name must be"),
        ] {
            let (found, argument) = call(arguments).unwrap_err();
            assert!(found.contains(text), "{found}");
            assert_eq!(argument, Some(place));
        }
    }
}
