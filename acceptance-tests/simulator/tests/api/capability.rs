//! Capabilities, through HTTP.

use eks_simulator::{Ending, Issue, Kind, Target, UpdateError};
use serde_json::{Value, json};

use crate::client::{Client, merged};

const CAPABILITIES: &str = "/clusters/demo/capabilities";
const ROLE: &str = "arn:aws:iam::111122223333:role/capability";

fn request(name: &str, kind: &str, members: Value) -> Value {
    let request = json!({
        "capabilityName": name, "type": kind, "roleArn": ROLE, "deletePropagationPolicy": "RETAIN",
    });
    merged(request, members)
}

fn argo_cd(members: Value) -> Value {
    let instance = "arn:aws:sso:::instance/ssoins-123";
    let argo_cd = merged(json!({"awsIdc": {"idcInstanceArn": instance}}), members);
    json!({"configuration": {"argoCd": argo_cd}})
}

fn capability(client: &Client, name: &str) -> Value {
    let path = format!("{CAPABILITIES}/{name}");
    client.get(&path).ok()["capability"].clone()
}

fn active(client: &Client, name: &str, kind: &str, members: Value) -> Value {
    client.post(CAPABILITIES, request(name, kind, members)).ok();
    client.settle();
    capability(client, name)
}

/// Sends a change, and gives the update as it is when it has ended.
fn update(client: &Client, name: &str, change: Value) -> Value {
    let answer = client.post(&format!("{CAPABILITIES}/{name}"), change).ok();
    assert_eq!(answer["update"]["type"], "CapabilityUpdate");
    assert_eq!(answer["update"]["status"], "InProgress");
    assert_eq!(capability(client, name)["status"], "UPDATING");
    client.settle();
    let id = answer["update"]["id"].as_str().expect("an id");
    let path = format!("/clusters/demo/updates/{id}?capabilityName={name}");
    client.get(&path).ok()["update"].clone()
}

fn mapping(role: &str, users: &[&str]) -> Value {
    let user = |id: &&str| json!({"id": id, "type": "SSO_USER"});
    json!({"role": role, "identities": users.iter().map(user).collect::<Vec<_>>()})
}

#[test]
fn is_created_described_and_deleted_with_the_states_between() {
    let client = Client::with_cluster();
    let created = client
        .post(
            CAPABILITIES,
            request("kro", "KRO", json!({"tags": {"a": "b"}})),
        )
        .ok();
    assert_eq!(created["capability"]["status"], "CREATING");
    client.settle();
    let found = capability(&client, "kro");
    let arn = found["arn"].as_str().expect("an ARN");
    let prefix = "arn:aws:eks:eu-west-1:111122223333:capability/demo/kro/kro/";
    assert!(arn.starts_with(prefix), "{arn}");
    let expected = json!({
        "capabilityName": "kro", "arn": arn, "clusterName": "demo", "type": "KRO",
        "roleArn": ROLE, "status": "ACTIVE", "version": "1.0.0", "configuration": null,
        "tags": {"a": "b"}, "health": {"issues": []}, "createdAt": found["createdAt"],
        "modifiedAt": found["createdAt"], "deletePropagationPolicy": "RETAIN",
    });
    assert_eq!(found, expected);
    let listed = client.get(CAPABILITIES).ok()["capabilities"].clone();
    let expected = json!([{
        "capabilityName": "kro", "arn": arn, "type": "KRO", "status": "ACTIVE",
        "version": "1.0.0", "createdAt": found["createdAt"], "modifiedAt": found["createdAt"],
    }]);
    assert_eq!(listed, expected);

    let refusal = client.delete("/clusters/demo").refusal();
    assert_eq!(
        refusal,
        "409 ResourceInUseException: Cluster has capabilities attached"
    );
    let path = format!("{CAPABILITIES}/kro");
    let deleted = client.delete(&path).ok();
    assert_eq!(deleted["capability"]["status"], "DELETING");
    client.settle();
    assert_eq!(
        client.get(&path).refusal(),
        "404 ResourceNotFoundException: No capability found for name: kro."
    );
}

#[test]
fn argo_cd_gets_a_server_and_an_application() {
    let client = Client::with_cluster();
    let admins = json!({
        "rbacRoleMappings": [mapping("ADMIN", &["u1"])], "endpointPrefix": "team-a",
    });
    let created = client
        .post(CAPABILITIES, request("cd", "ARGOCD", argo_cd(admins)))
        .ok();
    let config = &created["capability"]["configuration"]["argoCd"];
    assert_eq!(config["serverUrl"], Value::Null);
    client.settle();
    let config = capability(&client, "cd")["configuration"]["argoCd"].clone();
    let url = config["serverUrl"].as_str().expect("a URL");
    assert!(url.starts_with("https://team-a-"), "{url}");
    assert!(
        url.ends_with(".eks-capabilities.eu-west-1.amazonaws.com"),
        "{url}"
    );
    assert_eq!(config["namespace"], "argocd");
    assert_eq!(config["endpointPrefix"], "team-a");
    assert_eq!(
        config["rbacRoleMappings"],
        json!([mapping("ADMIN", &["u1"])])
    );
    assert_eq!(config["networkAccess"], Value::Null);
    let idc = &config["awsIdc"];
    assert_eq!(idc["idcRegion"], "eu-west-1");
    let application = idc["idcManagedApplicationArn"].as_str().expect("an ARN");
    let prefix = "arn:aws:sso::111122223333:application/ssoins-123/apl-";
    assert!(application.starts_with(prefix), "{application}");
}

#[test]
fn role_mappings_and_network_access_change() {
    let client = Client::with_cluster();
    let before = [mapping("ADMIN", &["u1"]), mapping("VIEWER", &["u2", "u3"])];
    active(
        &client,
        "cd",
        "ARGOCD",
        argo_cd(json!({"rbacRoleMappings": before})),
    );
    let change = json!({"configuration": {"argoCd": {
        "rbacRoleMappings": {
            "addOrUpdateRoleMappings": [mapping("ADMIN", &["u1", "u4"])],
            "removeRoleMappings": [mapping("ADMIN", &["u1"]), mapping("VIEWER", &["u2"])],
        },
        "networkAccess": {"vpceIds": ["vpce-1"]},
    }}});
    let update = update(&client, "cd", change);
    assert_eq!(update["status"], "Successful");
    let params: Vec<&str> = update["params"]
        .as_array()
        .expect("params")
        .iter()
        .filter_map(|param| param["type"].as_str())
        .collect();
    let expected = [
        "RoleMappingsToAddOrUpdate",
        "RoleMappingsToRemove",
        "NetworkAccess",
    ];
    assert_eq!(params, expected);
    let found = capability(&client, "cd");
    let config = &found["configuration"]["argoCd"];
    let after = json!([mapping("VIEWER", &["u3"]), mapping("ADMIN", &["u1", "u4"])]);
    assert_eq!(config["rbacRoleMappings"], after);
    assert_eq!(config["networkAccess"], json!({"vpceIds": ["vpce-1"]}));
    assert_eq!(found["status"], "ACTIVE");
    assert!(found["modifiedAt"].as_f64() >= found["createdAt"].as_f64());

    let gone = json!({"configuration": {"argoCd": {"rbacRoleMappings": {
        "removeRoleMappings": [mapping("VIEWER", &["u3"])],
    }}}});
    self::update(&client, "cd", gone);
    let config = capability(&client, "cd")["configuration"]["argoCd"].clone();
    let after = json!([mapping("ADMIN", &["u1", "u4"])]);
    assert_eq!(config["rbacRoleMappings"], after);
}

#[test]
fn ack_has_a_configuration_with_defaults() {
    let client = Client::with_cluster();
    let ack = active(&client, "ack", "ACK", json!({}));
    let defaults = json!({"ack": {"enableCrossNamespace": false, "disabledServices": []}});
    assert_eq!(ack["configuration"], defaults);
    let change = json!({
        "roleArn": "arn:aws:iam::111122223333:role/other",
        "configuration": {"ack": {"disabledServices": ["s3", "nosuch"]}},
    });
    update(&client, "ack", change);
    let ack = capability(&client, "ack");
    assert_eq!(ack["roleArn"], "arn:aws:iam::111122223333:role/other");
    let expected = json!({
        "ack": {"enableCrossNamespace": false, "disabledServices": ["s3", "nosuch"]},
    });
    assert_eq!(ack["configuration"], expected);
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::with_cluster();
    let cases = [
        ("ARGOCD", json!({}), "configuration.argoCd is required"),
        (
            "KRO",
            argo_cd(json!({})),
            "only be specified for capabilities of type ARGOCD",
        ),
        (
            "ARGOCD",
            argo_cd(json!({"awsIdc": null})),
            "Value at 'configuration.argoCd.awsIdc'",
        ),
        (
            "ARGOCD",
            argo_cd(json!({"endpointPrefix": "a-"})),
            "regular expression pattern",
        ),
        (
            "ACK",
            json!({"configuration": {"ack": {"disabledServices": ["S3"]}}}),
            "regular expression pattern: ^[a-z][a-z0-9]*$",
        ),
        ("HELM", json!({}), "enum value set: [ACK, KRO, ARGOCD]"),
        (
            "KRO",
            json!({"deletePropagationPolicy": "DELETE"}),
            "enum value set: [RETAIN]",
        ),
        (
            "KRO",
            json!({"capabilityName": "a b"}),
            "regular expression pattern",
        ),
        (
            "KRO",
            json!({"tags": {"aws:x": "1"}}),
            "cannot start with aws:",
        ),
    ];
    for (kind, members, expected) in cases {
        let answer = client.post(CAPABILITIES, request("x", kind, members.clone()));
        let refusal = answer.refusal();
        assert!(refusal.starts_with("400 InvalidParameter"), "{refusal}");
        assert!(refusal.contains(expected), "{members}: {refusal}");
    }
    active(&client, "x", "KRO", json!({}));
    let again = client.post(CAPABILITIES, request("y", "KRO", json!({})));
    assert!(again.refusal().starts_with("409 ResourceInUse"));
    let nothing = client.post(&format!("{CAPABILITIES}/x"), json!({}));
    assert!(nothing.refusal().contains("At least one of"));
}

#[test]
fn endings_are_failed_degraded_or_unchanged() {
    let client = Client::with_cluster();
    let target = Target::object(Kind::Capability, "demo", "kro");
    let issues = || {
        vec![Issue {
            code: "AccessDenied".to_owned(),
            message: "no".to_owned(),
            resource_ids: vec![],
        }]
    };
    let plan = |ending: Ending| client.simulator.plan_ending(target.clone(), ending);
    plan(Ending::Create {
        degraded: false,
        issues: issues(),
    });
    let failed = active(&client, "kro", "KRO", json!({}));
    assert_eq!(failed["status"], "CREATE_FAILED");
    let issue = json!({"code": "AccessDenied", "message": "no"});
    assert_eq!(failed["health"]["issues"], json!([issue]));
    client.delete(&format!("{CAPABILITIES}/kro")).ok();
    client.settle();

    plan(Ending::Create {
        degraded: true,
        issues: issues(),
    });
    assert_eq!(
        active(&client, "kro", "KRO", json!({}))["status"],
        "DEGRADED"
    );
    plan(Ending::Update {
        errors: vec![UpdateError {
            error_code: "AccessDenied".to_owned(),
            error_message: "no".to_owned(),
            resource_ids: vec![],
        }],
    });
    let other = json!({"roleArn": "arn:aws:iam::111122223333:role/other"});
    let ended = update(&client, "kro", other);
    assert_eq!(ended["status"], "Failed");
    assert_eq!(ended["errors"][0]["errorCode"], "AccessDenied");
    assert_eq!(capability(&client, "kro")["roleArn"], ROLE);

    plan(Ending::Delete { issues: issues() });
    client.delete(&format!("{CAPABILITIES}/kro")).ok();
    client.settle();
    assert_eq!(capability(&client, "kro")["status"], "DELETE_FAILED");
}

#[test]
fn has_tags_drift_and_disappears() {
    let client = Client::with_cluster();
    let found = active(&client, "kro", "KRO", json!({}));
    let arn = found["arn"].as_str().expect("an ARN");
    client
        .post(&format!("/tags/{arn}"), json!({"tags": {"b": "2"}}))
        .ok();
    let target = Target::object(Kind::Capability, "demo", "kro");
    assert!(
        client
            .simulator
            .modify(&target, &json!({"status": "DEGRADED"}))
    );
    let found = capability(&client, "kro");
    assert_eq!(found["tags"], json!({"b": "2"}));
    assert_eq!(found["status"], "DEGRADED");
    assert!(client.simulator.remove(&target));
    assert_eq!(client.get(&format!("{CAPABILITIES}/kro")).status, 404);
}
