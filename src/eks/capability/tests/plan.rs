//! What is refused at plan, and what needs another capability.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Diagnostics, Path, Value};

use super::*;
use crate::eks::capability::check;
use crate::testing::texts;

fn refuses(config: &Json, path: &str, text: &str) {
    let said = with(&Script::default()).validate(config);
    let fits = |said: &String| said.starts_with(&format!("{path}: ")) && said.contains(text);
    assert!(said.len() == 1 && fits(&said[0]), "{config}: {said:?}");
}

#[test]
fn the_schema_is_one_that_terraform_takes() {
    assert_eq!(with(&Script::default()).schema_violations(), NONE);
}

#[test]
fn good_configurations_are_taken() {
    let harness = with(&Script::default());
    let twice =
        json!({"rbac_role_mapping": [mapping("ADMIN", &["ann"]), mapping("VIEWER", &["ann"])]});
    for (kind, settings) in [
        ("KRO", json!({})),
        ("KRO", json!({"configuration": [{}]})),
        ("ACK", json!({})),
        ("ACK", ack(json!({}))),
        (
            "ACK",
            ack(json!({"disabled_services": ["s3", "apigatewayv2"]})),
        ),
        ("ARGOCD", argo_cd(json!({}))),
        ("ARGOCD", argo_cd(twice)),
    ] {
        let config = config_of(kind, settings);
        assert_eq!(harness.validate(&config), NONE, "{config}");
    }
}

#[test]
fn single_values_are_refused_on_their_attribute() {
    for (more, path) in [
        (json!({"capability_name": "a b"}), "capability_name"),
        (json!({"cluster_name": "-"}), "cluster_name"),
        (json!({"role_arn": "gitops"}), "role_arn"),
        (json!({"type": "FLUX"}), "type"),
        (
            json!({"delete_propagation_policy": "DELETE"}),
            "delete_propagation_policy",
        ),
    ] {
        refuses(&config_of("KRO", more), path, "");
    }
    let inside = "configuration[0].argo_cd[0]";
    for (more, path) in [
        (json!({"namespace": "Argo"}), "namespace"),
        (json!({"endpoint_prefix": "-shop"}), "endpoint_prefix"),
        (
            json!({"endpoint_prefix": "a".repeat(51)}),
            "endpoint_prefix",
        ),
        (
            json!({"aws_idc": [{"idc_instance_arn": "x"}]}),
            "aws_idc[0].idc_instance_arn",
        ),
        (
            json!({"aws_idc": [{"idc_instance_arn": INSTANCE, "idc_region": "Ireland"}]}),
            "aws_idc[0].idc_region",
        ),
        (
            json!({"network_access": [{"vpce_ids": ["vpc-0a"]}]}),
            "network_access[0].vpce_ids",
        ),
    ] {
        refuses(
            &config_of("ARGOCD", argo_cd(more)),
            &format!("{inside}.{path}"),
            "",
        );
    }
    let services = ack(json!({"disabled_services": ["S3"]}));
    refuses(
        &config_of("ACK", services),
        "configuration[0].ack[0].disabled_services",
        "\"S3\"",
    );
}

#[test]
fn settings_belong_to_their_type() {
    let wrong = [
        (
            "KRO",
            argo_cd(json!({})),
            "configuration[0].argo_cd",
            "type \"ARGOCD\"",
        ),
        (
            "KRO",
            ack(json!({})),
            "configuration[0].ack",
            "type \"ACK\"",
        ),
        (
            "ACK",
            argo_cd(json!({})),
            "configuration[0].argo_cd",
            "type \"ARGOCD\"",
        ),
        ("ARGOCD", json!({}), "type", "idc_instance_arn"),
        (
            "ARGOCD",
            json!({"configuration": [{}]}),
            "type",
            "idc_instance_arn",
        ),
    ];
    for (kind, settings, path, text) in wrong {
        refuses(&config_of(kind, settings), path, text);
    }
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let harness = with(&Script::default());
    let unknown = Value::unknown;
    let judged = |kind: Value, settings: Value| {
        let mut config = harness.value(&config_of("KRO", argo_cd(json!({}))));
        *config.at_path_mut(&Path::parse("type")).unwrap() = kind;
        *config.at_path_mut(&Path::parse("configuration")).unwrap() = settings;
        let mut found = Diagnostics::new();
        check::check(&config, &mut found);
        texts(found)
    };
    assert_eq!(judged("ARGOCD".into(), unknown()), NONE);
    assert_eq!(judged("KRO".into(), unknown()), NONE);
    let half_known = Value::block([("argo_cd", unknown()), ("ack", unknown())]);
    assert_eq!(judged("ARGOCD".into(), half_known.clone()), NONE);
    assert_eq!(judged("KRO".into(), half_known), NONE);
    let argo_cd = harness.value(&config_of("ARGOCD", argo_cd(json!({}))));
    let argo_cd = argo_cd.get("configuration").clone();
    assert_eq!(judged(unknown(), argo_cd.clone()), NONE);
    assert_eq!(judged("KRO".into(), argo_cd).len(), 1);
}

#[test]
fn a_role_is_mapped_once() {
    let twice =
        json!({"rbac_role_mapping": [mapping("ADMIN", &["ann"]), mapping("ADMIN", &["bob"])]});
    let path = "configuration[0].argo_cd[0].rbac_role_mapping";
    refuses(&config_of("ARGOCD", argo_cd(twice)), path, "\"ADMIN\"");
    let nobody = json!({"rbac_role_mapping": [mapping("ADMIN", &[])]});
    let said = with(&Script::default()).validate(&config_of("ARGOCD", argo_cd(nobody)));
    assert!(said.len() == 1 && said[0].starts_with(path), "{said:?}");
}

/// The paths that need another capability.
async fn replaced(prior: Json, config: Json) -> Vec<String> {
    let plan = with(&Script::default()).plan(&prior, &config).await;
    assert_eq!(texts(plan.diagnostics), NONE);
    plan.replace.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn what_aws_cannot_change_needs_another_capability() {
    let prior = || state_of("ARGOCD", known_argo_cd(json!({"endpoint_prefix": "shop"})));
    let idc = |more: Json| {
        let idc = merged(json!({"idc_instance_arn": INSTANCE}), more);
        argo_cd(json!({"aws_idc": [idc]}))
    };
    let argo_cd_path = "configuration[0].argo_cd[0]";
    for (settings, path) in [
        (argo_cd(json!({"namespace": "other"})), "namespace"),
        (
            argo_cd(json!({"endpoint_prefix": "other"})),
            "endpoint_prefix",
        ),
        (
            idc(json!({"idc_region": "us-east-1"})),
            "aws_idc[0].idc_region",
        ),
        (
            idc(json!({"idc_instance_arn": ARN})),
            "aws_idc[0].idc_instance_arn",
        ),
    ] {
        let found = replaced(prior(), config_of("ARGOCD", settings)).await;
        assert_eq!(found, [format!("{argo_cd_path}.{path}")]);
    }
    for (name, value) in [("capability_name", "other"), ("cluster_name", "other")] {
        let config = config_of("ARGOCD", merged(argo_cd(json!({})), json!({name: value})));
        assert_eq!(replaced(prior(), config).await, [name]);
    }
    let found = replaced(prior(), config_of("KRO", json!({}))).await;
    assert!(found.contains(&"type".to_owned()), "{found:?}");
}

#[tokio::test]
async fn what_is_left_to_aws_stays() {
    let prior = state_of("ARGOCD", known_argo_cd(json!({"endpoint_prefix": "shop"})));
    let config = config_of("ARGOCD", argo_cd(json!({})));
    let plan = with(&Script::default()).plan(&prior, &config).await;
    assert_eq!(plan.planned, with(&Script::default()).value(&prior));
}

/// Without the block AWS would not be asked to do anything.
#[tokio::test]
async fn argo_cd_settings_that_come_need_another_capability() {
    let config = config_of("ARGOCD", argo_cd(json!({})));
    let found = replaced(state_of("ARGOCD", json!({})), config).await;
    assert!(!found.is_empty());
}
