//! The data sources `eks_capability` and `eks_capabilities`.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::ResourceDataSource;

use super::*;
use crate::eks::capability::Capabilities;
use crate::kind::Managed;
use crate::testing::read;

const LIST: &str = "GET /clusters/production/capabilities";

async fn told(described: Answer) -> Json {
    let script = Script::default().on(DESCRIBE, [described]);
    let config = json!({"cluster_name": "production", "capability_name": "gitops"});
    let (found, messages) = read::<ResourceDataSource<Managed<Capability>>>(&script, &config).await;
    assert_eq!(messages, NONE);
    assert_eq!(script.requests(), [DESCRIBE]);
    found
}

#[tokio::test]
async fn tells_what_argo_cd_is_set_to() {
    let mapped = json!({"rbacRoleMappings": [described_mapping("VIEWER", &["ann"])]});
    let described = merged(described_argo_cd(mapped), json!({"tags": {"team": "a"}}));
    let found = told(described_of("ARGOCD", described)).await;
    assert_eq!(found["type"], "ARGOCD");
    assert_eq!(found["tags"], json!({"team": "a"}));
    let argo_cd = &found["configuration"][0]["argo_cd"][0];
    assert_eq!(argo_cd["server_url"], URL);
    let mappings = json!([mapping("VIEWER", &["ann"])]);
    assert_eq!(argo_cd["rbac_role_mapping"], mappings);
}

#[tokio::test]
async fn tells_defaults_too() {
    let found = told(described_of("ACK", described_ack(false, &[]))).await;
    let ack = &found["configuration"][0]["ack"][0];
    assert_eq!(ack["enable_cross_namespace"], json!(false));
}

#[tokio::test]
async fn one_that_is_not_there_is_an_error() {
    let config = json!({"cluster_name": "production", "capability_name": "gitops"});
    let none = Script::default();
    let (_, messages) = read::<ResourceDataSource<Managed<Capability>>>(&none, &config).await;
    let expected = "capability_name: Unable to read EKS capability: There is no EKS capability \"production/gitops\".";
    assert_eq!(messages, [expected]);
}

#[tokio::test]
async fn lists_every_page_by_name() {
    let capability = |name: &str, kind: &str| json!({"capabilityName": name, "type": kind, "status": "ACTIVE", "version": "1.0.0", "createdAt": 0, "arn": ARN});
    let pages = [
        json!({"capabilities": [capability("kro", "KRO")], "nextToken": "more"}),
        json!({"capabilities": [capability("ack", "ACK")]}),
    ];
    let script = Script::default().on(LIST, pages.map(Answer::Body));
    let config = json!({"cluster_name": "production"});
    let (found, messages) = read::<Capabilities>(&script, &config).await;
    assert_eq!(messages, NONE);
    assert_eq!(found["names"], json!(["ack", "kro"]));
    assert_eq!(found["capabilities"][0]["type"], "ACK");
    assert_eq!(
        found["capabilities"][1]["created_at"],
        "1970-01-01T00:00:00Z"
    );
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn the_cluster_has_to_be_there() {
    let config = json!({"cluster_name": "production"});
    let (_, messages) = read::<Capabilities>(&Script::default(), &config).await;
    assert!(
        messages[0].contains("ListCapabilities for production"),
        "{messages:?}"
    );
}
