//! Updates of add-ons and planned endings, through HTTP.

use eks_simulator::{Ending, Issue, Kind, Target, UpdateError};
use serde_json::{Value, json};

use crate::client::Client;

const VPC_CNI: &str = "/clusters/demo/addons/vpc-cni";
const COREDNS: &str = "/clusters/demo/addons/coredns";
const ROLE: &str = "arn:aws:iam::111122223333:role/cni";

#[test]
fn an_update_is_seen_under_the_name_of_the_add_on_and_changes_what_is_given() {
    let client = Client::with_cluster_of("1.34");
    let values = r#"{ "env": {"WARM_IP_TARGET": "2"} }"#;
    let members = json!({"serviceAccountRoleArn": ROLE, "configurationValues": values});
    client.created_addon("demo", "vpc-cni", members);
    let change = json!({
        "addonVersion": "v1.20.5-eksbuild.1", "resolveConflicts": "OVERWRITE",
        "serviceAccountRoleArn": ROLE,
    });
    let path = format!("{VPC_CNI}/update");
    let started = client.post(&path, change.clone()).ok()["update"].clone();
    assert_eq!(started["type"], "AddonUpdate");
    assert_eq!(started["status"], "InProgress");
    let params = json!([
        {"type": "AddonVersion", "value": "v1.20.5-eksbuild.1"},
        {"type": "ServiceAccountRoleArn", "value": ROLE},
        {"type": "ResolveConflicts", "value": "OVERWRITE"},
    ]);
    assert_eq!(started["params"], params);
    assert_eq!(client.addon("demo", "vpc-cni")["status"], "UPDATING");
    assert_eq!(
        client.post(&path, change).refusal(),
        "409 ResourceInUseException: Addon vpc-cni cannot be updated as it is currently in \
         UPDATING state"
    );
    client.settle();

    let after = client.addon("demo", "vpc-cni");
    assert_eq!(after["status"], "ACTIVE");
    assert_eq!(after["addonVersion"], "v1.20.5-eksbuild.1");
    assert_eq!(after["serviceAccountRoleArn"], ROLE);
    assert_eq!(after["configurationValues"], values);
    let id = started["id"].as_str().expect("an id");
    let list = |query: &str| client.get(&format!("/clusters/demo/updates{query}")).ok();
    assert_eq!(list("?addonName=vpc-cni")["updateIds"], json!([id]));
    assert_eq!(list("")["updateIds"], json!([]));
    let describe = |query: &str| client.get(&format!("/clusters/demo/updates/{id}{query}"));
    assert_eq!(
        describe("?addonName=vpc-cni").ok()["update"]["status"],
        "Successful"
    );
    assert_eq!(describe("").status, 404);
    // The cluster itself has not been updated.
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
}

#[test]
fn an_update_without_role_takes_it_away_and_without_values_leaves_them() {
    let client = Client::with_cluster_of("1.34");
    let members = json!({"serviceAccountRoleArn": ROLE, "configurationValues": "{}"});
    client.created_addon("demo", "vpc-cni", members);
    client.updated_addon("demo", "vpc-cni", json!({}));
    let after = client.addon("demo", "vpc-cni");
    assert_eq!(after["serviceAccountRoleArn"], Value::Null);
    assert_eq!(after["configurationValues"], "{}");
    client.updated_addon("demo", "vpc-cni", json!({"configurationValues": ""}));
    assert_eq!(
        client.addon("demo", "vpc-cni")["configurationValues"],
        Value::Null
    );
}

#[test]
fn a_version_that_the_cluster_has_outgrown_can_be_kept_but_not_chosen() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"version": "1.32"}));
    let old = json!({"addonVersion": "v1.10.1-eksbuild.38"});
    client.created_addon("demo", "coredns", old.clone());
    client
        .simulator
        .modify(&Target::cluster("demo"), &json!({"version": "1.33"}));
    client.updated_addon("demo", "coredns", json!({"configurationValues": "{}"}));
    let path = format!("{COREDNS}/update");
    let refusal = client.post(&path, old).refusal();
    assert!(
        refusal.contains("Addon version specified is not supported"),
        "{refusal}"
    );
    client.updated_addon(
        "demo",
        "coredns",
        json!({"addonVersion": "v1.12.4-eksbuild.9"}),
    );
    assert_eq!(
        client.addon("demo", "coredns")["addonVersion"],
        "v1.12.4-eksbuild.9"
    );
}

fn conflict() -> (Vec<Issue>, Vec<UpdateError>) {
    let (code, message) = (
        "ConfigurationConflict",
        "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode.",
    );
    let issue = Issue {
        code: code.to_owned(),
        message: message.to_owned(),
        resource_ids: vec![],
    };
    let error = UpdateError {
        error_code: code.to_owned(),
        error_message: message.to_owned(),
        resource_ids: vec![],
    };
    (vec![issue], vec![error])
}

#[test]
fn ends_as_planned() {
    let client = Client::with_cluster_of("1.34");
    let (issues, errors) = conflict();
    let plan = |ending: Ending| {
        let target = Target::object(Kind::Addon, "demo", "vpc-cni");
        client.simulator.plan_ending(target, ending);
    };
    plan(Ending::Create {
        degraded: false,
        issues: issues.clone(),
    });
    let failed = client.created_addon("demo", "vpc-cni", json!({}));
    assert_eq!(failed["status"], "CREATE_FAILED");
    assert_eq!(failed["health"]["issues"], json!(issues));
    assert_eq!(
        client.updated_addon("demo", "vpc-cni", json!({}))["status"],
        "Successful"
    );
    assert_eq!(client.addon("demo", "vpc-cni")["status"], "ACTIVE");

    plan(Ending::Update {
        errors: errors.clone(),
    });
    let version = json!({"addonVersion": "v1.20.5-eksbuild.1"});
    let update = client.updated_addon("demo", "vpc-cni", version.clone());
    assert_eq!(update["status"], "Failed");
    assert_eq!(update["errors"], json!(errors));
    let failed = client.addon("demo", "vpc-cni");
    assert_eq!(failed["status"], "UPDATE_FAILED");
    assert_eq!(failed["health"]["issues"], json!(issues));
    assert_eq!(failed["addonVersion"], "v1.20.4-eksbuild.2");

    plan(Ending::Delete {
        issues: issues.clone(),
    });
    client.delete(VPC_CNI).ok();
    client.settle();
    assert_eq!(client.addon("demo", "vpc-cni")["status"], "DELETE_FAILED");
}

#[test]
fn planned_conflicts_go_when_a_request_resolves_them() {
    let client = Client::with_cluster_of("1.34");
    let (issues, errors) = conflict();
    let plan = |ending: Ending| {
        let target = Target::object(Kind::Addon, "demo", "vpc-cni");
        client.simulator.plan_ending(target, ending);
    };
    let creation = Ending::Create {
        degraded: false,
        issues,
    };
    plan(creation.clone());
    let overwrite = json!({"resolveConflicts": "OVERWRITE"});
    assert_eq!(
        client.created_addon("demo", "vpc-cni", overwrite)["status"],
        "ACTIVE"
    );
    // Those of others stay.
    client
        .simulator
        .plan_ending(Target::object(Kind::Addon, "demo", "kube-proxy"), creation);
    for (mode, expected) in [("PRESERVE", "Successful"), ("NONE", "Failed")] {
        plan(Ending::Update {
            errors: errors.clone(),
        });
        let change = json!({"resolveConflicts": mode});
        let update = client.updated_addon("demo", "vpc-cni", change);
        assert_eq!(update["status"], expected, "{mode}");
    }
    let refused = client.created_addon("demo", "kube-proxy", json!({}));
    assert_eq!(refused["status"], "CREATE_FAILED");
}

#[test]
fn somebody_elses_update_is_in_the_way_until_it_is_done() {
    let client = Client::with_cluster_of("1.34");
    let target = Target::object(Kind::Addon, "demo", "vpc-cni");
    let patch = json!({"addonVersion": "v1.21.1-eksbuild.3"});
    assert_eq!(client.simulator.start_update(&target, patch.clone()), None);
    client.created_addon("demo", "vpc-cni", json!({}));
    let id = client.simulator.start_update(&target, patch);
    let refusal = client
        .post(&format!("{VPC_CNI}/update"), json!({}))
        .refusal();
    assert!(refusal.contains("currently in UPDATING state"), "{refusal}");
    client.settle();
    let after = client.addon("demo", "vpc-cni");
    assert_eq!(after["addonVersion"], "v1.21.1-eksbuild.3");
    let listed = client.get("/clusters/demo/updates?addonName=vpc-cni").ok();
    assert_eq!(listed["updateIds"], json!([id]));
}

#[test]
fn a_late_update_fails_and_is_made_all_the_same() {
    let client = Client::with_cluster_of("1.34");
    client.created_addon("demo", "vpc-cni", json!({}));
    let ending = Ending::LateUpdate {
        errors: conflict().1,
    };
    client.simulator.plan_ending(Target::any(), ending);
    // A cluster has no such ending, so it leaves it to the add-on.
    client.update_cluster("demo", json!({"deletionProtection": true}));
    let version = json!({"addonVersion": "v1.20.5-eksbuild.1"});
    let update = client.post(&format!("{VPC_CNI}/update"), version).ok();
    let millis = client.simulator.timings().object_update;
    client
        .simulator
        .advance(std::time::Duration::from_millis(millis));
    let id = update["update"]["id"].as_str().expect("an id");
    let path = format!("/clusters/demo/updates/{id}?addonName=vpc-cni");
    assert_eq!(client.get(&path).ok()["update"]["status"], "Failed");
    let degraded = client.addon("demo", "vpc-cni");
    assert_eq!(degraded["status"], "DEGRADED");
    assert_eq!(degraded["addonVersion"], "v1.20.5-eksbuild.1");
    client.settle();
    let active = client.addon("demo", "vpc-cni");
    assert_eq!(active["status"], "ACTIVE");
    assert_eq!(active["health"]["issues"], json!([]));
}
