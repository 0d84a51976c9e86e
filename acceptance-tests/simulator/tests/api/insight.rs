//! Insights, through HTTP.

use eks_simulator::{Ending, Kind, Target, UpdateError, insights};
use serde_json::{Value, json};

use crate::client::Client;

const INSIGHTS: &str = "/clusters/demo/insights";
const REFRESH: &str = "/clusters/demo/insights-refresh";

fn list(client: &Client, body: Value) -> Vec<Value> {
    let answer = client.post(INSIGHTS, body).ok();
    answer["insights"].as_array().cloned().unwrap_or_default()
}

fn target(id: &str) -> Target {
    Target::object(Kind::Insight, "demo", id)
}

/// Makes the kubelets of a cluster too old.
fn fail_kubelets(client: &Client) {
    let patch = json!({
        "insightStatus": {"status": "ERROR", "reason": "too old"},
        "resources": [{"insightStatus": {"status": "ERROR"}, "kubernetesResourceUri": "/x"}],
    });
    let kubelets = target(insights::KUBELET_SKEW);
    assert!(client.simulator.modify(&kubelets, &patch));
}

#[test]
fn every_cluster_passes_them_for_the_next_version() {
    let client = Client::with_cluster_of("1.34");
    let listed = list(&client, json!({}));
    assert_eq!(listed.len(), 5);
    for insight in &listed {
        assert_eq!(insight["insightStatus"]["status"], "PASSING");
        assert_eq!(insight["category"], "UPGRADE_READINESS");
        assert_eq!(insight["kubernetesVersion"], "1.35");
    }
    assert_eq!(
        listed[0]["name"],
        "Deprecated APIs removed in Kubernetes v1.35"
    );
    assert_eq!(listed[0]["id"], insights::DEPRECATED_APIS);
    let path = format!("{INSIGHTS}/{}", insights::KUBELET_SKEW);
    let insight = client.get(&path).ok()["insight"].clone();
    assert_eq!(insight["name"], "Kubelet version skew");
    assert_eq!(insight["resources"], json!([]));
    let details = json!({"deprecationDetails": [], "addonCompatibilityDetails": []});
    assert_eq!(insight["categorySpecificSummary"], details);
    assert_eq!(
        client.get(&format!("{INSIGHTS}/nix")).refusal(),
        "404 ResourceNotFoundException: No insight found for ID: nix"
    );
}

#[test]
fn tests_can_make_them_fail_and_make_new_ones() {
    let client = Client::with_cluster_of("1.34");
    fail_kubelets(&client);
    let path = format!("{INSIGHTS}/{}", insights::KUBELET_SKEW);
    let insight = client.get(&path).ok()["insight"].clone();
    let status = json!({"status": "ERROR", "reason": "too old"});
    assert_eq!(insight["insightStatus"], status);
    assert_eq!(insight["resources"][0]["kubernetesResourceUri"], "/x");

    let patch = json!({"category": "MISCONFIGURATION", "kubernetesVersion": "1.36"});
    assert!(client.simulator.modify(&target("hybrid"), &patch));
    let path = format!("{INSIGHTS}/hybrid");
    let insight = client.get(&path).ok()["insight"].clone();
    assert_eq!(insight["category"], "MISCONFIGURATION");
    assert_eq!(insight["kubernetesVersion"], "1.36");
    assert!(client.simulator.remove(&target("hybrid")));
    assert_eq!(client.get(&path).status, 404);
}

#[test]
fn filters_narrow_the_list() {
    let client = Client::with_cluster_of("1.34");
    fail_kubelets(&client);
    let count = |filter: Value| list(&client, json!({"filter": filter})).len();
    assert_eq!(count(json!({"statuses": ["ERROR", "WARNING"]})), 1);
    assert_eq!(count(json!({"statuses": ["PASSING"]})), 4);
    assert_eq!(count(json!({"categories": ["MISCONFIGURATION"]})), 0);
    assert_eq!(
        count(json!({"kubernetesVersions": ["1.35"], "statuses": ["ERROR"]})),
        1
    );
    assert_eq!(count(json!({"kubernetesVersions": ["1.36"]})), 0);
    let wrong = client.post(INSIGHTS, json!({"filter": {"statuses": ["BAD"]}}));
    assert!(wrong.refusal().contains("enum value set"));
}

#[test]
fn pages_are_asked_for_in_the_body() {
    let client = Client::with_cluster_of("1.34");
    let first = client.post(INSIGHTS, json!({"maxResults": 3})).ok();
    assert_eq!(first["insights"].as_array().map(Vec::len), Some(3));
    let next = json!({"maxResults": 3, "nextToken": first["nextToken"]});
    let second = client.post(INSIGHTS, next).ok();
    assert_eq!(second["insights"].as_array().map(Vec::len), Some(2));
    assert_eq!(second["nextToken"], Value::Null);
}

#[test]
fn a_refresh_takes_its_time() {
    let client = Client::with_cluster_of("1.34");
    assert_eq!(client.get(REFRESH).status, 404);
    let started = client.post(REFRESH, json!({})).ok();
    assert_eq!(started["status"], "IN_PROGRESS");
    let running = client.get(REFRESH).ok();
    assert_eq!(running["status"], "IN_PROGRESS");
    assert_eq!(running["endedAt"], Value::Null);
    client.settle();
    let done = client.get(REFRESH).ok();
    assert_eq!(done["status"], "COMPLETED");
    assert!(done["endedAt"].is_f64());
    assert_eq!(
        list(&client, json!({}))[0]["lastRefreshTime"],
        done["endedAt"]
    );
}

#[test]
fn a_refresh_can_fail() {
    let client = Client::with_cluster_of("1.34");
    let errors = vec![UpdateError {
        error_code: "Unknown".to_owned(),
        error_message: "not today".to_owned(),
        resource_ids: vec![],
    }];
    client
        .simulator
        .plan_ending(target(""), Ending::Update { errors });
    client.post(REFRESH, json!({})).ok();
    client.settle();
    let failed = client.get(REFRESH).ok();
    assert_eq!(failed["status"], "FAILED");
    assert_eq!(failed["message"], "not today");
}
