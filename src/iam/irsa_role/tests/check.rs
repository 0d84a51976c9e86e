//! What is refused before anything is asked.

use serde_json::json;

use super::{NONE, PROVIDER, config, with};
use crate::testing::Script;

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    assert_eq!(harness.validate(&config(json!({}))), NONE);
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(10_240));
    for (more, path) in [
        (json!({"cluster_name": "production"}), "oidc_provider_arns"),
        (json!({"oidc_provider_arns": null}), "cluster_name"),
        (json!({"oidc_provider_arns": []}), "oidc_provider_arns"),
        (json!({"oidc_provider_arns": ["x"]}), "oidc_provider_arns"),
        (json!({"service_accounts": null}), "service_accounts"),
        (json!({"service_accounts": []}), "service_accounts"),
        (
            json!({"service_accounts": null, "workload": {"name": "appmesh-envoy"}}),
            "service_accounts",
        ),
        (json!({"name": "a b"}), "name"),
        (json!({"name_prefix": "a-"}), "name_prefix"),
        (json!({"path": "eks"}), "path"),
        (json!({"max_session_duration": 60}), "max_session_duration"),
        (json!({"permissions_boundary": "x"}), "permissions_boundary"),
        (json!({"policy_arns": ["x"]}), "policy_arns"),
        (json!({"inline_policies": {"a": "{"}}), "inline_policies"),
        (json!({"inline_policies": {"a": "[]"}}), "inline_policies"),
        (json!({"inline_policies": {"a b": "{}"}}), "inline_policies"),
        (json!({"inline_policies": {"a": long}}), "inline_policies"),
        (
            json!({"inline_policies": {"vpc-cni": "{}"}, "workload": {"name": "vpc-cni"}}),
            "inline_policies",
        ),
        (json!({"workload": {"name": "nginx"}}), "workload"),
        (
            json!({"workload": {"name": "nginx"}, "service_accounts": null}),
            "workload",
        ),
        (
            json!({"workload": {"name": "vpc-cni", "ip_family": "v4"}}),
            "workload",
        ),
    ] {
        let said = harness.validate(&config(more.clone()));
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("{path}: ")),
            "{more}: {said:?}"
        );
    }
}

#[test]
fn a_workload_that_nobody_knows_is_called_by_its_own_path() {
    let wrong = json!({"workload": {"name": "nginx"}});
    let said = with(&Script::default()).validate(&config(wrong)).join("");
    let expected = "workload: Invalid workload.name: workload.name must be one of amazon-";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn a_policy_that_is_no_json_is_told_where() {
    let harness = with(&Script::default());
    let said = |policy: &str| {
        let config = config(json!({"inline_policies": {"a": policy}}));
        harness.validate(&config).join("")
    };
    let path = "inline_policies: Invalid inline_policies: inline_policies";
    for (policy, expected) in [
        (
            "{\"a\": 1",
            "must be valid JSON: EOF while parsing an object at line 1 column 7 (in \"a\").",
        ),
        (
            "Version: 1",
            "must be valid JSON: expected value at line 1 column 1; YAML becomes JSON with \
             jsonencode(yamldecode(…)) (in \"a\").",
        ),
        ("[]", "must have JSON objects, got another value for \"a\"."),
    ] {
        assert_eq!(said(policy), format!("{path} {expected}"));
    }
}

#[test]
fn names_of_service_accounts_are_those_of_kubernetes() {
    let harness = with(&Script::default());
    let validate = |namespace: &str, name: &str| {
        let accounts = json!([{"namespace": namespace, "name": name}]);
        harness.validate(&config(json!({"service_accounts": accounts})))
    };
    assert_eq!(validate("team-*", "*"), NONE);
    for (namespace, name) in [("Team", "a"), ("a.b", "a"), ("a", "a_b"), ("", "a")] {
        assert_eq!(validate(namespace, name).len(), 1, "{namespace}/{name}");
    }
}

#[test]
fn a_workload_with_a_usual_service_account_needs_no_other() {
    let harness = with(&Script::default());
    let workload = json!({"service_accounts": null, "workload": {"name": "vpc-cni"}});
    assert_eq!(harness.validate(&config(workload)), NONE);
    let two = json!({"oidc_provider_arns": [PROVIDER, format!("{PROVIDER}D")]});
    assert_eq!(harness.validate(&config(two)), NONE);
}
