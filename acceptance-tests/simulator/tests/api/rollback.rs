//! Rollbacks: one minor version back, within seven days of an upgrade.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Client;

const UPDATES: &str = "/clusters/demo/updates";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A cluster that has just gone from 1.33 to 1.34.
fn upgraded() -> Client {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"version": "1.33"}));
    go_to(&client, "1.34");
    client
}

fn go_to(client: &Client, version: &str) -> Value {
    let update = client.post(UPDATES, json!({"version": version})).ok()["update"].clone();
    client.settle();
    assert_eq!(client.cluster("demo")["version"], version);
    update
}

#[track_caller]
fn refused(client: &Client, request: Value, expected: &str) {
    let refusal = client.post(UPDATES, request).refusal();
    assert!(refusal.contains(expected), "{refusal}");
}

#[test]
fn the_last_upgrade_can_be_rolled_back_once() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"version": "1.32"}));
    go_to(&client, "1.33");
    go_to(&client, "1.34");
    let unsupported = "Unsupported Kubernetes minor version update from";
    refused(&client, json!({"version": "1.32"}), unsupported);
    assert_eq!(go_to(&client, "1.33")["type"], "VersionRollback");
    refused(&client, json!({"version": "1.32"}), unsupported);
    assert_eq!(go_to(&client, "1.34")["type"], "VersionUpdate");
}

#[test]
fn a_cluster_goes_back_within_seven_days_only() {
    let client = upgraded();
    client.simulator.advance(8 * DAY);
    let forced = json!({"version": "1.33", "force": true});
    refused(&client, forced, "more than 7 days ago");
    let client = upgraded();
    client.simulator.advance(6 * DAY);
    go_to(&client, "1.33");
}

#[test]
fn a_version_in_extended_support_needs_the_policy() {
    let client = upgraded();
    let policy = |support: &str| json!({"upgradePolicy": {"supportType": support}});
    client.update_cluster("demo", policy("STANDARD"));
    refused(&client, json!({"version": "1.33"}), "must be EXTENDED");
    client.update_cluster("demo", policy("EXTENDED"));
    go_to(&client, "1.33");
}

#[test]
fn nodes_go_back_first_unless_it_is_forced() {
    let client = upgraded();
    client.active_node_group("demo", "web", json!({}));
    refused(&client, json!({"version": "1.33"}), "nodegroups web");
    let path = "/clusters/demo/node-groups/web/update-version";
    let refusal = client.post(path, json!({"version": "1.32"})).refusal();
    assert!(refusal.contains("more than one minor"), "{refusal}");
    client.post(path, json!({"version": "1.33"})).ok();
    client.settle();
    assert_eq!(client.node_group("demo", "web")["version"], "1.33");
    go_to(&client, "1.33");
    let client = upgraded();
    client.active_node_group("demo", "web", json!({}));
    let forced = json!({"version": "1.33", "force": true});
    let update = client.post(UPDATES, forced).ok()["update"].clone();
    assert_eq!(update["type"], "VersionRollback");
}

#[test]
fn a_rollback_can_be_cancelled() {
    let client = upgraded();
    let rollback = json!({"version": "1.33", "rollbackConfig": {"timeoutMinutes": 120}});
    let update = client.post("/clusters/demo/updates", rollback).ok()["update"].clone();
    assert_eq!(update["type"], "VersionRollback");
    let path = format!(
        "/clusters/demo/updates/{}/cancel-update",
        update["id"].as_str().expect("an id")
    );
    let cancelled = client.post(&path, json!({})).ok()["update"].clone();
    assert_eq!(cancelled["status"], "Cancelled");
    client.settle();
    assert_eq!(client.cluster("demo")["version"], "1.34");
    assert!(
        client
            .post(&path, json!({}))
            .refusal()
            .starts_with("400 InvalidStateException")
    );
    go_to(&client, "1.33");
}
