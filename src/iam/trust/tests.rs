//! Trust policies against those of the documentation.

use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E";

fn provider(account_id: &str) -> OidcProvider {
    OidcProvider::of_issuer("aws", account_id, &format!("https://{ISSUER}"))
}

fn trust(providers: &[OidcProvider], accounts: &[(&str, &str)]) -> Value {
    let accounts: Vec<_> = accounts
        .iter()
        .map(|(namespace, name)| ServiceAccount::new(namespace, name).unwrap())
        .collect();
    serde_json::from_str(&irsa(providers, &accounts).unwrap().json()).unwrap()
}

#[test]
fn one_service_account_is_trusted_as_eks_documents_it() {
    let found = trust(&[provider("111122223333")], &[("default", "my-sa")]);
    let expected = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {
                "Federated": format!("arn:aws:iam::111122223333:oidc-provider/{ISSUER}"),
            },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    format!("{ISSUER}:aud"): "sts.amazonaws.com",
                    format!("{ISSUER}:sub"): "system:serviceaccount:default:my-sa",
                },
            },
        }],
    });
    assert_eq!(found, expected);
}

#[test]
fn patterns_are_compared_as_such_and_the_audience_is_not() {
    let accounts = [("apps-*", "reader"), ("default", "my-sa")];
    let found = trust(&[provider("111122223333")], &accounts);
    let condition = &found["Statement"][0]["Condition"];
    let expected = json!({
        "StringEquals": { format!("{ISSUER}:aud"): "sts.amazonaws.com" },
        "StringLike": { format!("{ISSUER}:sub"): [
            "system:serviceaccount:apps-*:reader",
            "system:serviceaccount:default:my-sa",
        ] },
    });
    assert_eq!(condition, &expected);
}

#[test]
fn each_cluster_has_its_statement() {
    let other = OidcProvider::of_arn(
        "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/B",
    );
    let providers = [provider("111122223333"), other.unwrap()];
    let found = trust(&providers, &[("default", "my-sa")]);
    let second = &found["Statement"][1];
    assert_eq!(
        second["Principal"]["Federated"],
        "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/B"
    );
    assert_eq!(
        second["Condition"]["StringEquals"]["oidc.eks.us-east-1.amazonaws.com/id/B:sub"],
        "system:serviceaccount:default:my-sa"
    );
    assert_eq!(found["Statement"].as_array().unwrap().len(), 2);
}

#[test]
fn other_partitions_have_other_arns_and_the_same_audience() {
    for (partition, suffix) in [
        ("aws-cn", "amazonaws.com.cn"),
        ("aws-us-gov", "amazonaws.com"),
    ] {
        let issuer = format!("oidc.eks.region-1.{suffix}/id/A");
        let provider = OidcProvider::of_issuer(partition, "111122223333", &issuer);
        let found = trust(std::slice::from_ref(&provider), &[("default", "my-sa")]);
        let statement = &found["Statement"][0];
        assert_eq!(
            statement["Principal"]["Federated"],
            format!("arn:{partition}:iam::111122223333:oidc-provider/{issuer}")
        );
        assert_eq!(
            statement["Condition"]["StringEquals"][format!("{issuer}:aud")],
            "sts.amazonaws.com"
        );
    }
}

#[test]
fn an_arn_and_an_issuer_are_the_same_provider() {
    let made = OidcProvider::of_issuer("aws", "111122223333", &format!("https://{ISSUER}/"));
    assert_eq!(OidcProvider::of_arn(made.arn()), Ok(made.clone()));
    assert_eq!(made.issuer(), ISSUER);
}

#[test]
fn what_is_no_provider_is_refused() {
    for text in [
        "",
        ISSUER,
        "arn:aws:iam::1:role/a",
        "arn:aws:iam::1:oidc-provider/",
        "arn:aws:eks:eu-west-1:1:oidc-provider/a",
    ] {
        let said = OidcProvider::of_arn(text).unwrap_err().to_string();
        assert!(
            said.contains("is not the ARN of an OIDC provider"),
            "{said}"
        );
    }
}

#[test]
fn names_are_those_of_kubernetes() {
    for (namespace, name) in [("*", "*"), ("a", "a.b-c"), ("team-*", "*-reader")] {
        assert!(
            ServiceAccount::new(namespace, name).is_ok(),
            "{namespace}/{name}"
        );
    }
    let long = "a".repeat(64);
    for namespace in ["", "-a", "a-", "A", "a.b", "a b", "a:b", "a?", &long] {
        let said = ServiceAccount::new(namespace, "a").unwrap_err().to_string();
        assert!(said.starts_with("namespace must be"), "{said}");
    }
    let long = "a".repeat(254);
    for name in ["", "-a", "a..b", ".a", "a/b", "A", "a:b", &long] {
        let said = ServiceAccount::new("a", name).unwrap_err().to_string();
        assert!(said.starts_with("name must be"), "{said}");
    }
}

#[test]
fn a_role_that_nobody_could_take_is_refused() {
    let account = ServiceAccount::new("a", "b").unwrap();
    assert!(irsa(&[], &[account]).is_err());
    assert!(irsa(&[provider("111122223333")], &[]).is_err());
}

#[test]
fn pod_identity_is_trusted_as_eks_documents_it() {
    let found: Value = serde_json::from_str(&pod_identity().json()).unwrap();
    let expected = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    });
    assert_eq!(found, expected);
}

#[test]
fn what_it_was_made_of_can_be_read() {
    let providers = vec![provider("111122223333"), provider("444455556666")];
    for accounts in [vec![("a", "b")], vec![("a-*", "b"), ("c", "d")]] {
        let accounts: Vec<_> = accounts
            .into_iter()
            .map(|(namespace, name)| ServiceAccount::new(namespace, name).unwrap())
            .collect();
        let text = irsa(&providers, &accounts).unwrap().json();
        assert_eq!(read(&text), Some((providers.clone(), accounts)));
    }
}

#[test]
fn what_others_made_is_not_taken_for_ours() {
    let ours = irsa(
        &[provider("111122223333")],
        &[ServiceAccount::new("a", "b").unwrap()],
    );
    let ours = ours.unwrap().json();
    for (from, to) in [
        ("sts.amazonaws.com", "other"),
        ("sts:AssumeRoleWithWebIdentity", "sts:*"),
        ("system:serviceaccount:a:b", "repo:a:b"),
        ("Federated", "Service"),
        ("Statement", "Other"),
    ] {
        assert_eq!(read(&ours.replace(from, to)), None, "{to}");
    }
    assert_eq!(read("nothing"), None);
}
