//! Pod identity associations, through HTTP.

use eks_simulator::{Effect, Fault, Kind, Target};
use serde_json::{Value, json};

use crate::client::{Client, cluster_request, merged};

const ASSOCIATIONS: &str = "/clusters/demo/pod-identity-associations";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const TARGET_ROLE: &str = "arn:aws:iam::444455556666:role/data";

fn request(namespace: &str, service_account: &str, members: Value) -> Value {
    let request = json!({
        "namespace": namespace, "serviceAccount": service_account, "roleArn": ROLE,
    });
    merged(request, members)
}

fn create(client: &Client, namespace: &str, service_account: &str, members: Value) -> Value {
    let request = request(namespace, service_account, members);
    client.post(ASSOCIATIONS, request).ok()["association"].clone()
}

fn path(association: &Value) -> String {
    let id = association["associationId"].as_str().expect("an id");
    format!("{ASSOCIATIONS}/{id}")
}

#[test]
fn is_there_at_once_and_gone_at_once() {
    let client = Client::with_cluster();
    let created = create(&client, "web", "app", json!({"tags": {"team": "a"}}));
    let id = created["associationId"].as_str().expect("an id");
    let letters = id.strip_prefix("a-").expect(id);
    assert_eq!(letters.len(), 17, "{id}");
    let arn = format!("arn:aws:eks:eu-west-1:111122223333:podidentityassociation/demo/{id}");
    let expected = json!({
        "clusterName": "demo", "namespace": "web", "serviceAccount": "app", "roleArn": ROLE,
        "associationArn": arn, "disableSessionTags": false, "targetRoleArn": null,
        "externalId": null, "policy": null, "ownerArn": null, "tags": {"team": "a"},
    });
    for (member, value) in expected.as_object().expect("an object") {
        assert_eq!(created[member], *value, "{member}");
    }
    assert!(created["createdAt"].is_f64());
    assert_eq!(created["createdAt"], created["modifiedAt"]);
    let path = path(&created);
    assert_eq!(client.get(&path).ok()["association"], created);
    assert_eq!(client.delete(&path).ok()["association"], created);
    assert_eq!(
        client.get(&path).refusal(),
        format!("404 ResourceNotFoundException: No association found for ID: {id}")
    );
}

#[test]
fn there_is_one_for_each_service_account() {
    let client = Client::with_cluster();
    let created = create(&client, "web", "app", json!({}));
    let again = client.post(ASSOCIATIONS, request("web", "app", json!({})));
    let id = created["associationId"].as_str().expect("an id");
    let expected = format!("409 ResourceInUseException: Association already exists: {id}");
    assert_eq!(again.refusal(), expected);
    create(&client, "web", "other", json!({}));
    create(&client, "batch", "app", json!({}));
}

#[test]
fn the_same_request_with_the_same_token_is_answered_again() {
    let client = Client::with_cluster();
    let created = create(&client, "web", "app", json!({"clientRequestToken": "t"}));
    let again = create(&client, "web", "app", json!({"clientRequestToken": "t"}));
    assert_eq!(created, again);
    let other = request("web", "app", json!({"clientRequestToken": "u"}));
    assert_eq!(client.post(ASSOCIATIONS, other).status, 409);
}

#[test]
fn lists_filter_by_namespace_and_service_account() {
    let client = Client::with_cluster();
    for (namespace, service_account) in [("web", "app"), ("web", "other"), ("batch", "app")] {
        create(&client, namespace, service_account, json!({}));
    }
    let listed = |query: &str| {
        let body = client.get(&format!("{ASSOCIATIONS}{query}")).ok();
        let associations = body["associations"].as_array().expect("a list").clone();
        let name = |it: &Value| format!("{}/{}", it["namespace"], it["serviceAccount"]);
        let mut names: Vec<String> = associations.iter().map(name).collect();
        names.sort();
        names.join(" ").replace('"', "")
    };
    assert_eq!(listed(""), "batch/app web/app web/other");
    assert_eq!(listed("?namespace=web"), "web/app web/other");
    assert_eq!(listed("?serviceAccount=app"), "batch/app web/app");
    assert_eq!(listed("?namespace=web&serviceAccount=app"), "web/app");
    let page = client.get(&format!("{ASSOCIATIONS}?maxResults=2")).ok();
    assert_eq!(page["associations"].as_array().map(Vec::len), Some(2));
    let token = page["nextToken"].as_str().expect("a token");
    let page = client.get(&format!("{ASSOCIATIONS}?nextToken={token}&maxResults=2"));
    assert_eq!(
        page.ok()["associations"].as_array().map(Vec::len),
        Some(1),
        "the rest"
    );
}

#[test]
fn lists_carry_summaries() {
    let client = Client::with_cluster();
    let created = create(&client, "web", "app", json!({}));
    let listed = client.get(ASSOCIATIONS).ok()["associations"][0].clone();
    let members: Vec<&String> = listed.as_object().expect("an object").keys().collect();
    let expected = [
        "associationArn",
        "associationId",
        "clusterName",
        "namespace",
        "ownerArn",
        "serviceAccount",
    ];
    assert_eq!(members, expected);
    assert_eq!(listed["associationArn"], created["associationArn"]);
}

#[test]
fn updates_change_what_they_name() {
    let client = Client::with_cluster();
    let created = create(
        &client,
        "web",
        "app",
        json!({"targetRoleArn": TARGET_ROLE, "disableSessionTags": true, "policy": "{}"}),
    );
    assert!(created["externalId"].is_string());
    let path = path(&created);
    let update = |change: Value| client.post(&path, change).ok()["association"].clone();
    let other = "arn:aws:iam::111122223333:role/path/other";
    let updated = update(json!({"roleArn": other}));
    assert_eq!(updated["roleArn"], other);
    for member in ["externalId", "targetRoleArn", "policy", "createdAt"] {
        assert_eq!(updated[member], created[member], "{member}");
    }
    let updated = update(json!({"targetRoleArn": "", "policy": "", "disableSessionTags": false}));
    for member in ["targetRoleArn", "externalId", "policy"] {
        assert_eq!(updated[member], Value::Null, "{member}");
    }
    assert_eq!(updated["disableSessionTags"], false);
    assert_eq!(client.get(&path).ok()["association"], updated);
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::with_cluster();
    let cases = [
        (json!({"namespace": null}), "Value at 'namespace'"),
        (json!({"roleArn": null}), "Value at 'roleArn'"),
        (json!({"roleArn": "app"}), "not the ARN of an IAM role"),
        (
            json!({"targetRoleArn": ROLE.replace("role", "user")}),
            "not the ARN",
        ),
        (json!({"policy": "{}"}), "disableSessionTags must be true"),
        (
            json!({"policy": "{", "disableSessionTags": true}),
            "not valid JSON",
        ),
        (json!({"tags": {"aws:x": "1"}}), "cannot start with aws:"),
    ];
    for (members, expected) in cases {
        let answer = client.post(ASSOCIATIONS, request("web", "app", members.clone()));
        let refusal = answer.refusal();
        assert!(refusal.starts_with("400 InvalidParameter"), "{refusal}");
        assert!(refusal.contains(expected), "{members}: {refusal}");
    }
    let listed = client.get(ASSOCIATIONS).ok()["associations"].clone();
    assert_eq!(listed, json!([]), "nothing was created");

    let path = path(&create(&client, "web", "app", json!({})));
    assert!(
        client
            .post(&path, json!({}))
            .refusal()
            .contains("At least one of")
    );
    let policy = client.post(&path, json!({"policy": "{}"}));
    assert!(policy.refusal().contains("disableSessionTags must be true"));
    assert_eq!(
        client.post(&path, json!({"roleArn": ""})).refusal(),
        "403 AccessDeniedException: Cross-account pass role is not allowed"
    );
}

#[test]
fn needs_an_active_cluster_and_goes_with_it() {
    let client = Client::frozen();
    let missing = client.post(ASSOCIATIONS, request("web", "app", json!({})));
    assert_eq!(
        missing.refusal(),
        "404 ResourceNotFoundException: No cluster found for name: demo."
    );
    let cluster = cluster_request("demo", json!({}));
    client.post("/clusters", cluster).ok();
    let early = client.post(ASSOCIATIONS, request("web", "app", json!({})));
    assert_eq!(
        early.refusal(),
        "400 InvalidRequestException: Cluster 'demo' is not in ACTIVE status"
    );
    client.settle();
    create(&client, "web", "app", json!({}));
    client.delete("/clusters/demo").ok();
    client.settle();
    client.active_cluster("demo", json!({}));
    assert_eq!(client.get(ASSOCIATIONS).ok()["associations"], json!([]));
}

#[test]
fn has_tags_faults_drift_and_disappears() {
    let client = Client::with_cluster();
    let created = create(&client, "web", "app", json!({"tags": {"a": "1"}}));
    let path = path(&created);
    let arn = created["associationArn"].as_str().expect("an ARN");
    client
        .post(&format!("/tags/{arn}"), json!({"tags": {"b": "2"}}))
        .ok();
    client.delete(&format!("/tags/{arn}?tagKeys=a")).ok();
    assert_eq!(
        client.get(&path).ok()["association"]["tags"],
        json!({"b": "2"})
    );

    let id = created["associationId"].as_str().expect("an id");
    let target = Target::object(Kind::PodIdentityAssociation, "demo", id);
    let missing_role = Effect::Error {
        code: "InvalidParameterException".to_owned(),
        message: "Role provided in the request does not exist.".to_owned(),
        status: None,
    };
    let operation = "UpdatePodIdentityAssociation";
    client
        .simulator
        .inject(Fault::next(operation, missing_role).on(target.clone()));
    let refusal = client.post(&path, json!({"roleArn": ROLE})).refusal();
    assert!(
        refusal.ends_with("Role provided in the request does not exist."),
        "{refusal}"
    );

    let other = "arn:aws:iam::111122223333:role/other";
    assert!(client.simulator.modify(&target, &json!({"roleArn": other})));
    assert_eq!(client.get(&path).ok()["association"]["roleArn"], other);
    assert!(client.simulator.remove(&target));
    assert_eq!(client.get(&path).status, 404);
}
