//! Identity provider configurations, through HTTP.

use eks_simulator::{Ending, Kind, Target, UpdateError};
use serde_json::{Value, json};

use crate::client::{Answer, Client, merged};

const CONFIGS: &str = "/clusters/demo/identity-provider-configs";

fn request(members: Value) -> Value {
    let oidc = merged(
        json!({
            "identityProviderConfigName": "login", "issuerUrl": "https://login.example.com/eks",
            "clientId": "kubernetes",
        }),
        members,
    );
    json!({"oidc": oidc})
}

fn associate(client: &Client, members: Value) -> Answer {
    client.post(&format!("{CONFIGS}/associate"), request(members))
}

fn named(name: &str) -> Value {
    json!({"identityProviderConfig": {"type": "oidc", "name": name}})
}

fn describe(client: &Client) -> Answer {
    client.post(&format!("{CONFIGS}/describe"), named("login"))
}

fn disassociate(client: &Client) -> Answer {
    client.post(&format!("{CONFIGS}/disassociate"), named("login"))
}

fn status(client: &Client) -> Value {
    describe(client).ok()["identityProviderConfig"]["oidc"]["status"].clone()
}

#[test]
fn comes_and_goes_by_updates_of_the_cluster() {
    let client = Client::with_cluster();
    let mut body = request(json!({"groupsClaim": "groups", "requiredClaims": {"hd": "x"}}));
    body["tags"] = json!({"team": "a"});
    let answer = client.post(&format!("{CONFIGS}/associate"), body).ok();
    assert_eq!(answer["tags"], json!({"team": "a"}));
    assert_eq!(answer["update"]["type"], "AssociateIdentityProviderConfig");
    let params = json!([{
        "type": "IdentityProviderConfig", "value": r#"[{"name":"login","type":"oidc"}]"#,
    }]);
    assert_eq!(answer["update"]["params"], params);
    assert_eq!(client.cluster("demo")["status"], "UPDATING");
    assert_eq!(status(&client), "CREATING");
    client.settle();

    let config = describe(&client).ok()["identityProviderConfig"]["oidc"].clone();
    let arn = config["identityProviderConfigArn"]
        .as_str()
        .expect("an ARN");
    let prefix = "arn:aws:eks:eu-west-1:111122223333:identityproviderconfig/demo/oidc/login/";
    assert!(arn.starts_with(prefix), "{arn}");
    let expected = json!({
        "identityProviderConfigName": "login", "identityProviderConfigArn": arn,
        "clusterName": "demo", "issuerUrl": "https://login.example.com/eks",
        "clientId": "kubernetes", "usernameClaim": null, "usernamePrefix": null,
        "groupsClaim": "groups", "groupsPrefix": null, "requiredClaims": {"hd": "x"},
        "tags": {"team": "a"}, "status": "ACTIVE",
    });
    assert_eq!(config, expected);
    let listed = client.get(CONFIGS).ok()["identityProviderConfigs"].clone();
    assert_eq!(listed, json!([{"type": "oidc", "name": "login"}]));

    let update = disassociate(&client).ok()["update"].clone();
    assert_eq!(update["type"], "DisassociateIdentityProviderConfig");
    assert_eq!(status(&client), "DELETING");
    client.settle();
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
    assert_eq!(
        describe(&client).refusal(),
        "404 ResourceNotFoundException: No config found for cluster: demo, config type: oidc, \
         config name: login"
    );
    assert_eq!(
        disassociate(&client).refusal(),
        "400 InvalidRequestException: Identity provider config is not associated with cluster demo"
    );
}

#[test]
fn waits_for_no_other_update() {
    let client = Client::with_cluster();
    let change = json!({"deletionProtection": true});
    let update = client.post("/clusters/demo/update-config", change).ok();
    let id = update["update"]["id"].as_str().expect("an id");
    let expected = format!(
        "409 ResourceInUseException: Cannot AssociateIdentityProviderConfig because cluster demo \
         currently has update {id} in progress"
    );
    assert_eq!(associate(&client, json!({})).refusal(), expected);
    client.settle();
    associate(&client, json!({})).ok();
    assert_eq!(disassociate(&client).status, 409);
    client.settle();
    let second = associate(&client, json!({"identityProviderConfigName": "other"}));
    assert_eq!(
        second.refusal(),
        "400 InvalidRequestException: Identity provider config is already associated with cluster \
         demo"
    );
}

#[test]
fn the_same_request_with_the_same_token_is_answered_again() {
    let client = Client::with_cluster();
    let mut body = request(json!({}));
    body["clientRequestToken"] = "t".into();
    body["tags"] = json!({"a": "b"});
    let path = format!("{CONFIGS}/associate");
    let first = client.post(&path, body.clone()).ok();
    assert_eq!(client.post(&path, body).ok(), first);
}

#[test]
fn a_failed_update_leaves_things_as_they_were() {
    let client = Client::with_cluster();
    let failing = || Ending::Update {
        errors: vec![UpdateError {
            error_code: "Unknown".to_owned(),
            error_message: "no such issuer".to_owned(),
            resource_ids: vec![],
        }],
    };
    let target = Target::cluster("demo");
    client.simulator.plan_ending(target.clone(), failing());
    associate(&client, json!({})).ok();
    client.settle();
    assert_eq!(describe(&client).status, 404);
    associate(&client, json!({})).ok();
    client.settle();
    client.simulator.plan_ending(target, failing());
    disassociate(&client).ok();
    client.settle();
    assert_eq!(status(&client), "ACTIVE");
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::with_cluster();
    let cluster = client.cluster("demo");
    let issuer = &cluster["identity"]["oidc"]["issuer"];
    let cases = [
        (
            json!({"issuerUrl": "http://login.example.com"}),
            "must begin with https://",
        ),
        (
            json!({"issuerUrl": "https://login.example.com?a=b"}),
            "no query parameters",
        ),
        (
            json!({"issuerUrl": issuer}),
            "cannot be same as OpenID Connect (OIDC) issuer URL",
        ),
        (json!({"clientId": null}), "Value at 'oidc.clientId'"),
        (
            json!({"groupsPrefix": "system:x"}),
            "must not contain system:",
        ),
        (
            json!({"requiredClaims": {"a": ""}}),
            "length greater than or equal to 1",
        ),
    ];
    for (members, expected) in cases {
        let refusal = associate(&client, members.clone()).refusal();
        assert!(refusal.starts_with("400 InvalidParameter"), "{refusal}");
        assert!(refusal.contains(expected), "{members}: {refusal}");
    }
    let saml = json!({"identityProviderConfig": {"type": "saml", "name": "x"}});
    let refusal = client.post(&format!("{CONFIGS}/describe"), saml).refusal();
    assert!(refusal.contains("must be oidc"), "{refusal}");
    let listed = client.get(CONFIGS).ok()["identityProviderConfigs"].clone();
    assert_eq!(listed, json!([]), "nothing was associated");
}

#[test]
fn has_tags_drift_and_disappears() {
    let client = Client::with_cluster();
    associate(&client, json!({})).ok();
    client.settle();
    let config = describe(&client).ok()["identityProviderConfig"]["oidc"].clone();
    let arn = config["identityProviderConfigArn"]
        .as_str()
        .expect("an ARN");
    client
        .post(&format!("/tags/{arn}"), json!({"tags": {"b": "2"}}))
        .ok();
    let target = Target::object(Kind::IdentityProviderConfig, "demo", "login");
    assert!(
        client
            .simulator
            .modify(&target, &json!({"clientId": "other"}))
    );
    let config = describe(&client).ok()["identityProviderConfig"]["oidc"].clone();
    assert_eq!(config["tags"], json!({"b": "2"}));
    assert_eq!(config["clientId"], "other");
    let entry = client.simulator.log().pop().expect("an entry");
    assert_eq!(entry.kind, Some(Kind::IdentityProviderConfig));
    assert_eq!(entry.name.as_deref(), Some("login"));
    assert!(client.simulator.remove(&target));
    assert_eq!(describe(&client).status, 404);
}
