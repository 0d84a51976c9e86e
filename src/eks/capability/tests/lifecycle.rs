//! Coming and going: creation, failure, adoption of what a lost answer made, deletion, imports.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::*;
use crate::testing::{now, refused, texts};

fn gone() -> Answer {
    refused("ResourceNotFoundException", "No capability found")
}

#[tokio::test]
async fn waits_until_argo_cd_is_there_and_plans_nothing_more() {
    let making = json!({"status": "CREATING"});
    let made = described_argo_cd(json!({}));
    let script = Script::default()
        .on(CREATE, [described_of("ARGOCD", making.clone())])
        .on(
            DESCRIBE,
            [described_of("ARGOCD", making), described_of("ARGOCD", made)],
        );
    let config = config_of("ARGOCD", argo_cd(json!({})));
    let answer = with(&script).apply(&Json::Null, &config).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = json!({
        "capabilityName": "gitops",
        "type": "ARGOCD",
        "roleArn": ROLE,
        "deletePropagationPolicy": "RETAIN",
        "configuration": {"argoCd": {"awsIdc": {"idcInstanceArn": INSTANCE}}},
    });
    assert_eq!(sent(&script, CREATE), [expected]);
    let state = to_json(&answer.state);
    let known = state_of("ARGOCD", known_argo_cd(json!({})));
    assert_eq!(state, to_json(&with(&script).value(&known)));
    let after = with(&script).plan(&state, &config).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn sends_every_setting_of_argo_cd() {
    let all = argo_cd(json!({
        "namespace": "gitops",
        "endpoint_prefix": "shop",
        "aws_idc": [{"idc_instance_arn": INSTANCE, "idc_region": "us-east-1"}],
        "network_access": [{"vpce_ids": ["vpce-0a"]}],
        "rbac_role_mapping": [mapping("ADMIN", &["ann"])],
    }));
    let sent_argo_cd = json!({
        "namespace": "gitops",
        "endpointPrefix": "shop",
        "awsIdc": {"idcInstanceArn": INSTANCE, "idcRegion": "us-east-1"},
        "networkAccess": {"vpceIds": ["vpce-0a"]},
        "rbacRoleMappings": [described_mapping("ADMIN", &["ann"])],
    });
    let described = described_of("ARGOCD", described_argo_cd(sent_argo_cd.clone()));
    let script = Script::default()
        .on(CREATE, [described.clone()])
        .on(DESCRIBE, [described]);
    let config = config_of("ARGOCD", merged(all, json!({"tags": {"a": "b"}})));
    with(&script).apply(&Json::Null, &config).await;
    let sent = sent(&script, CREATE);
    assert_eq!(sent[0]["configuration"], json!({"argoCd": sent_argo_cd}));
    assert_eq!(sent[0]["tags"], json!({"a": "b"}));
}

#[tokio::test]
async fn sends_the_settings_of_ack() {
    let described = described_of("ACK", described_ack(true, &["s3", "ec2"]));
    let script = Script::default()
        .on(CREATE, [described.clone()])
        .on(DESCRIBE, [described]);
    let settings = json!({"enable_cross_namespace": true, "disabled_services": ["ec2", "s3"]});
    let config = config_of("ACK", ack(settings));
    let answer = with(&script).apply(&Json::Null, &config).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected =
        json!({"ack": {"enableCrossNamespace": true, "disabledServices": ["ec2", "s3"]}});
    assert_eq!(sent(&script, CREATE)[0]["configuration"], expected);
    let state = to_json(&answer.state);
    let after = with(&script).plan(&state, &config).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn a_role_that_iam_has_not_made_known_yet_is_tried_again() {
    let lag = "Role provided in the request does not exist.";
    let lag = refused("InvalidParameterException", lag);
    let described = described_of("KRO", json!({}));
    let script = Script::default()
        .on(CREATE, [lag, described.clone()])
        .on(DESCRIBE, [described]);
    let config = config_of("KRO", json!({}));
    let answer = with(&script).apply(&Json::Null, &config).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(sent(&script, CREATE).len(), 2);
}

#[tokio::test]
async fn a_failed_creation_tells_every_issue() {
    let issues = json!([
        {"code": "AccessDenied", "message": "The role may not"},
        {"code": "ClusterUnreachable", "message": "No way in"},
    ]);
    let failed = json!({"status": "CREATE_FAILED", "health": {"issues": issues}});
    let script = Script::default()
        .on(CREATE, [described_of("KRO", json!({"status": "CREATING"}))])
        .on(DESCRIBE, [described_of("KRO", failed)]);
    let config = config_of("KRO", json!({}));
    let answer = with(&script).apply(&Json::Null, &config).await;
    let said = texts(answer.diagnostics).concat();
    for issue in [
        "AccessDenied: The role may not",
        "ClusterUnreachable: No way in",
    ] {
        assert!(said.contains(issue), "{said}");
    }
    let state = to_json(&answer.state);
    assert_eq!(state["health"][1]["code"], json!("ClusterUnreachable"));
    let next = with(&script).plan(&state, &config).await;
    let replaced: Vec<_> = next.replace.iter().map(ToString::to_string).collect();
    assert_eq!(replaced, ["status"]);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let exists = "Capability already exists with name gitops in cluster production";
    let made = described_of("KRO", json!({"createdAt": now()}));
    let script = Script::default()
        .on(
            CREATE,
            [Answer::Lost, refused("ResourceInUseException", exists)],
        )
        .on(DESCRIBE, [made]);
    let config = config_of("KRO", json!({}));
    let answer = with(&script).apply(&Json::Null, &config).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("arn").as_str(), Some(ARN));
}

#[tokio::test]
async fn one_that_is_there_is_an_error_with_the_way_out() {
    let exists = "Capability already exists with name gitops in cluster production";
    let script = Script::default()
        .on(CREATE, [refused("ResourceInUseException", exists)])
        .on(DESCRIBE, [described_of("KRO", json!({}))]);
    let config = config_of("KRO", json!({}));
    let answer = with(&script).apply(&Json::Null, &config).await;
    let said = texts(answer.diagnostics).concat();
    assert!(said.starts_with("capability_name: "), "{said}");
    assert!(said.contains("id = \"production,gitops\""), "{said}");
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn deletes_after_an_update_and_waits_until_it_is_gone() {
    let leaving = described_of("KRO", json!({"status": "DELETING"}));
    let busy = refused("ResourceInUseException", "The capability is being updated");
    let script = Script::default()
        .on(DELETE, [busy, leaving.clone()])
        .on(DESCRIBE, [described_of("KRO", json!({})), leaving, gone()]);
    let state = state_of("KRO", json!({}));
    let answer = with(&script).apply(&state, &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert!(answer.state.is_null());
    assert_eq!(
        script.requests(),
        [DELETE, DELETE, DESCRIBE, DESCRIBE, DESCRIBE]
    );
}

#[tokio::test]
async fn a_failed_deletion_says_why() {
    let issue = json!({"code": "ClusterUnreachable", "message": "No way in"});
    let failed = json!({"status": "DELETE_FAILED", "health": {"issues": [issue]}});
    let script = Script::default()
        .on(DELETE, [described_of("KRO", json!({"status": "DELETING"}))])
        .on(DESCRIBE, [described_of("KRO", failed)]);
    let answer = with(&script)
        .apply(&state_of("KRO", json!({})), &Json::Null)
        .await;
    let said = texts(answer.diagnostics).concat();
    assert!(said.contains("ClusterUnreachable: No way in"), "{said}");
}

/// What an import puts into the state.
async fn imported(kind: &str, described: Json) -> Json {
    let stub = json!({"cluster_name": "production", "capability_name": "gitops"});
    let script = Script::default().on(DESCRIBE, [described_of(kind, described)]);
    let answer = with(&script).read(&stub).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    to_json(&answer.state)["configuration"].clone()
}

#[tokio::test]
async fn an_import_reads_the_settings_that_somebody_made() {
    let mapped = json!({"rbacRoleMappings": [described_mapping("VIEWER", &["ann"])]});
    let configuration = imported("ARGOCD", described_argo_cd(mapped)).await;
    let argo_cd = &configuration[0]["argo_cd"][0];
    assert_eq!(argo_cd["server_url"], json!(URL));
    assert_eq!(argo_cd["network_access"], json!([]));
    assert_eq!(
        argo_cd["rbac_role_mapping"],
        json!([mapping("VIEWER", &["ann"])])
    );
    assert_eq!(imported("KRO", json!({})).await, json!([]));
    assert_eq!(imported("ACK", described_ack(false, &[])).await, json!([]));
    let on = imported("ACK", described_ack(true, &[])).await;
    assert_eq!(on[0]["ack"][0]["enable_cross_namespace"], json!(true));
}
