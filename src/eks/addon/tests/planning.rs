//! Plans: which version a configuration means, and what is refused.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Value, to_json};

use super::*;
use crate::testing::{refused, texts};

/// The planned version, what was said, and how often AWS was asked for versions.
async fn plan(script: &Script, prior: &Json, config: &Json) -> (Value, Vec<String>, usize) {
    let answer = with(script).plan(prior, config).await;
    let asked = script.requests();
    let asked = asked.iter().filter(|request| *request == VERSIONS).count();
    (
        answer.planned.get("addon_version").clone(),
        texts(answer.diagnostics),
        asked,
    )
}

fn version(version: &str) -> Value {
    Value::from(version)
}

#[tokio::test]
async fn a_new_one_gets_what_is_asked_for() {
    for (more, expected) in [
        (json!({}), "v1.12.4-eksbuild.9"),
        (json!({"version_policy": "default"}), "v1.12.4-eksbuild.9"),
        (json!({"version_policy": "latest"}), "v1.12.4-eksbuild.10"),
        (
            json!({"addon_version": "v1.9.3-eksbuild.40"}),
            "v1.9.3-eksbuild.40",
        ),
    ] {
        let (planned, said, asked) = plan(&aws(), &Json::Null, &config(more)).await;
        assert_eq!((planned, said, asked), (version(expected), vec![], 1));
    }
}

#[tokio::test]
async fn addons_of_one_run_ask_once_for_the_same_versions() {
    let script = aws();
    let harness = with(&script).in_one_process();
    for policy in ["default", "latest"] {
        let wanted = config(json!({"version_policy": policy}));
        let answer = harness.plan(&Json::Null, &wanted).await;
        assert_eq!(texts(answer.diagnostics), NONE);
    }
    let asked = script.requests();
    let asked = asked.iter().filter(|request| *request == VERSIONS);
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn an_old_one_stays_and_nobody_is_asked() {
    let pinned = json!({"addon_version": "v1.12.4-eksbuild.9"});
    let values = json!({"configuration_values": "{\"replicaCount\":3}"});
    for (more, config) in [
        (json!({}), config(json!({}))),
        // One that AWS does not offer any more.
        (
            json!({"addon_version": "v1.8.0-eksbuild.1"}),
            config(json!({})),
        ),
        (json!({}), config(pinned.clone())),
        (pinned, config(json!({"tags": {"team": "a"}}))),
        (values.clone(), config(values)),
    ] {
        let script = aws();
        let prior = state(more);
        let (planned, said, _) = plan(&script, &prior, &config).await;
        assert_eq!(planned.as_str(), prior["addon_version"].as_str());
        assert_eq!(said, NONE);
        assert_eq!(script.requests(), NONE);
    }
}

#[tokio::test]
async fn a_policy_moves_the_version_when_its_own_moves() {
    let policy = json!({"version_policy": "latest"});
    let prior = state(policy.clone());
    let (planned, said, asked) = plan(&aws(), &prior, &config(policy.clone())).await;
    assert_eq!(
        (planned, said, asked),
        (version("v1.12.4-eksbuild.10"), vec![], 1)
    );
    let there = merged(prior, json!({"addon_version": "v1.12.4-eksbuild.10"}));
    let answer = with(&aws()).plan(&there, &config(policy)).await;
    assert_eq!(
        to_json(&answer.planned),
        to_json(&with(&aws()).value(&there))
    );
}

#[tokio::test]
async fn what_is_not_known_yet_is_decided_later() {
    let missing = || Answer::Error(404, "ResourceNotFoundException", "No cluster found".into());
    let pinned = json!({"addon_version": "v1.9.3-eksbuild.40"});
    for more in [json!({}), json!({"version_policy": "latest"})] {
        let script = aws().on(CLUSTER, [missing()]);
        let (planned, said, asked) = plan(&script, &Json::Null, &config(more)).await;
        assert_eq!((planned, said, asked), (Value::unknown(), vec![], 0));
    }
    // A version that AWS has for no cluster at all is wrong without one, too.
    let script = aws().on(CLUSTER, [missing()]);
    let (planned, said, asked) = plan(&script, &Json::Null, &config(pinned)).await;
    assert_eq!(
        (planned, said, asked),
        (version("v1.9.3-eksbuild.40"), vec![], 1)
    );
}

#[tokio::test]
async fn versions_that_cannot_be_had_are_refused_with_those_that_can() {
    let wrong = config(json!({"addon_version": "v1.13.2-eksbuild.3"}));
    for prior in [Json::Null, state(json!({}))] {
        let (_, said, _) = plan(&aws(), &prior, &wrong).await;
        let expected = "addon_version: Invalid addon_version: The add-on \"coredns\" has no version \
                        \"v1.13.2-eksbuild.3\" for Kubernetes 1.33. It has: v1.12.4-eksbuild.10, v1.12.4-eksbuild.9, \
                        v1.11.4-eksbuild.28, v1.9.3-eksbuild.40.";
        assert_eq!(said, [expected]);
    }
}

#[tokio::test]
async fn add_ons_that_there_are_not_are_refused() {
    let none = Answer::Body(json!({"addons": []}));
    let unknown = refused(
        "InvalidParameterException",
        "Addon specified is not supported",
    );
    for answer in [none, unknown] {
        for more in [
            json!({}),
            json!({"version_policy": "latest"}),
            json!({"addon_version": "v1.0.0"}),
        ] {
            let script = aws().on(VERSIONS, [answer.clone()]);
            let (_, said, _) = plan(&script, &Json::Null, &config(more)).await;
            let expected = "addon_name: Invalid addon_name: AWS has no add-on \"coredns\" for Kubernetes 1.33.";
            assert!(said.len() == 1 && said[0].starts_with(expected), "{said:?}");
        }
    }
}

#[tokio::test]
async fn an_unknown_add_on_is_refused_with_those_that_there_are() {
    let unknown = refused(
        "InvalidParameterException",
        "Addon specified is not supported",
    );
    let addons = json!([{"addonName": "vpc-cni"}, {"addonName": "coredns"}]);
    let all = Answer::Body(json!({"addons": addons}));
    let script = aws().on(VERSIONS, [unknown, all]);
    let wrong = config(json!({"addon_name": "core-dns"}));
    let (_, said, asked) = plan(&script, &Json::Null, &wrong).await;
    let expected = "AWS and the community have for Kubernetes 1.33: coredns, vpc-cni.";
    assert!(said[0].contains(expected), "{said:?}");
    assert_eq!(asked, 2);
    let parameters = &script.parameters(VERSIONS)[1];
    let filters = "kubernetesVersion=1.33&owners=aws&owners=community";
    assert_eq!(parameters, filters);
}

#[tokio::test]
async fn only_a_policy_needs_an_answer() {
    let script = || aws().on(VERSIONS, [refused("AccessDeniedException", "no")]);
    let pinned = config(json!({"addon_version": "v1.9.3-eksbuild.40"}));
    for config in [config(json!({})), pinned] {
        let (_, said, _) = plan(&script(), &Json::Null, &config).await;
        assert_eq!(said, NONE);
    }
    let latest = config(json!({"version_policy": "latest"}));
    let (_, said, _) = plan(&script(), &Json::Null, &latest).await;
    assert!(
        said.len() == 1 && said[0].starts_with("version_policy: "),
        "{said:?}"
    );
    assert!(said[0].contains("DescribeAddonVersions"), "{said:?}");
}

#[tokio::test]
async fn values_are_held_against_the_schema_when_they_or_the_version_change() {
    let values = |values: &str| json!({"configuration_values": values});
    let wrong = values("{\"replicaCount\": \"two\"}");
    let (_, said, _) = plan(&aws(), &Json::Null, &config(wrong.clone())).await;
    let expected = "configuration_values: Invalid configuration_values: The values do not fit coredns v1.12.4-eksbuild.9:\
                    \n\nreplicaCount: want integer, but got string";
    assert!(said.len() == 1 && said[0].starts_with(expected), "{said:?}");
    // Values that are there already are asked about for another version only.
    let other = json!({"addon_version": "v1.11.4-eksbuild.28"});
    for (more, expected) in [(json!({}), 0), (other, 1)] {
        let script = aws();
        let config = config(merged(wrong.clone(), more));
        let (_, said, _) = plan(&script, &state(wrong.clone()), &config).await;
        assert_eq!(said.len(), expected, "{said:?}");
    }
    // Without an answer AWS judges at apply.
    let script = aws().on(SCHEMA, [refused("AccessDeniedException", "no")]);
    let (_, said, _) = plan(&script, &Json::Null, &config(wrong)).await;
    assert_eq!(said, NONE);
}

#[tokio::test]
async fn what_means_the_same_is_no_difference() {
    let prior = state(json!({"configuration_values": "{\"replicaCount\":3}"}));
    let same = config(json!({
        "configuration_values": "{ \"replicaCount\": 3 }",
        // What counts at creation.
        "resolve_conflicts_on_create": "OVERWRITE",
        "wait_for": "submitted",
    }));
    let answer = with(&aws()).plan(&prior, &same).await;
    assert_eq!(
        to_json(&answer.planned),
        to_json(&with(&aws()).value(&prior))
    );
}

#[tokio::test]
async fn another_place_is_another_add_on() {
    for (more, path) in [
        (json!({"cluster_name": "test"}), "cluster_name"),
        (json!({"addon_name": "kube-proxy"}), "addon_name"),
        (
            json!({"namespace_config": [{"namespace": "dns"}]}),
            "namespace_config",
        ),
    ] {
        let answer = with(&aws()).plan(&state(json!({})), &config(more)).await;
        let replaced: Vec<_> = answer.replace.iter().map(ToString::to_string).collect();
        assert!(replaced[0].starts_with(path), "{replaced:?}");
    }
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    assert_eq!(harness.validate(&config(json!({}))), NONE);
    let both = json!({"addon_version": "v1.9.3-eksbuild.40", "version_policy": "latest"});
    for (more, path) in [
        (both, "version_policy"),
        (json!({"cluster_name": "-"}), "cluster_name"),
        (json!({"addon_name": ""}), "addon_name"),
        (json!({"addon_version": "1.9.3"}), "addon_version"),
        (json!({"version_policy": "newest"}), "version_policy"),
        // AWS takes YAML, too.
        (
            json!({"configuration_values": "replicaCount: 3"}),
            "configuration_values",
        ),
        (
            json!({"service_account_role_arn": "dns"}),
            "service_account_role_arn",
        ),
        (
            json!({"resolve_conflicts_on_create": "PRESERVE"}),
            "resolve_conflicts_on_create",
        ),
        (
            json!({"resolve_conflicts_on_update": "preserve"}),
            "resolve_conflicts_on_update",
        ),
        (json!({"wait_for": "healthy"}), "wait_for"),
        (
            json!({"namespace_config": [{"namespace": "Dns"}]}),
            "namespace_config",
        ),
        (
            json!({"pod_identity_association": [{"role_arn": "x", "service_account": "dns"}]}),
            "pod_identity_association",
        ),
    ] {
        let said = harness.validate(&config(more.clone()));
        assert!(
            said.len() == 1 && said[0].starts_with(path),
            "{more}: {said:?}"
        );
    }
}
