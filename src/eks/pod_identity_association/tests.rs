//! Tests of Pod Identity associations as Terraform would drive them: through the framework, with AWS as a script.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::PodIdentityAssociation;
use crate::testing::{Answer, Harness, Script, merged, now, read, refused, texts};

const ID: &str = "a-9njjin9gfghecgocd";
const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
const ALL: &str = "/clusters/production/pod-identity-associations";
const CREATE: &str = "POST /clusters/production/pod-identity-associations";
const LIST: &str = "GET /clusters/production/pod-identity-associations";
const DESCRIBE: &str = "GET /clusters/production/pod-identity-associations/a-9njjin9gfghecgocd";
const UPDATE: &str = "POST /clusters/production/pod-identity-associations/a-9njjin9gfghecgocd";

const UNTAG: &str = "DELETE /tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Apodidentityassociation%2Fproduction%2F\
                     a-9njjin9gfghecgocd";

fn with(script: &Script) -> Harness {
    Harness::of::<PodIdentityAssociation>(script.clone())
}

fn config(more: Json) -> Json {
    let least = json!({
        "cluster_name": "production",
        "namespace": "shop",
        "service_account": "cart",
        "role_arn": ROLE,
    });
    merged(least, more)
}

fn state(more: Json) -> Json {
    let known = json!({
        "disable_session_tags": false,
        "adopt_existing": false,
        "id": ID,
        "association_id": ID,
        "association_arn": "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/production/a-9njjin9gfghecgocd",
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config(json!({})), known), more)
}

fn described(more: Json) -> Answer {
    let known = json!({
        "clusterName": "production",
        "namespace": "shop",
        "serviceAccount": "cart",
        "roleArn": ROLE,
        "associationArn": "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/production/a-9njjin9gfghecgocd",
        "associationId": ID,
        "disableSessionTags": false,
        "createdAt": now(),
        "tags": {},
    });
    Answer::Body(json!({"association": merged(known, more)}))
}

fn listed() -> Answer {
    Answer::Body(json!({"associations": [{"associationId": ID}]}))
}

fn exists() -> Answer {
    refused(
        "ResourceInUseException",
        &format!("Association already exists: {ID}"),
    )
}

const NONE: [&str; 0] = [];

#[tokio::test]
async fn makes_it_with_one_request_and_plans_nothing_more() {
    let script = Script::default().on(CREATE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests().len(), 1, "{:?}", script.requests());
    let state = to_json(&answer.state);
    assert_eq!(state["association_id"], json!(ID));
    let after = with(&script).plan(&state, &config(json!({}))).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn a_role_that_iam_has_not_made_known_yet_is_tried_again() {
    let lag = "Role provided in the request does not exist.";
    let lag = refused("InvalidParameterException", lag);
    let script = Script::default().on(CREATE, [lag, described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn one_that_is_there_is_an_error_with_the_way_out() {
    let script = Script::default()
        .on(CREATE, [exists()])
        .on(LIST, [listed()])
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with("service_account: "), "{said}");
    assert!(said.contains("set adopt_existing = true"), "{said}");
    assert!(
        said.contains(&format!("id = \"production,{ID}\"")),
        "{said}"
    );
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn the_way_out_says_the_region_of_what_is_elsewhere() {
    let script = Script::default()
        .on(CREATE, [exists()])
        .on(LIST, [listed()])
        .on(DESCRIBE, [described(json!({}))]);
    let elsewhere = config(json!({"region": "us-east-1"}));
    let answer = with(&script).apply(&Json::Null, &elsewhere).await;
    let said = texts(answer.diagnostics).join("");
    let id = format!("id = \"production,{ID}@us-east-1\"");
    assert!(said.contains(&id), "{said}");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let script = Script::default()
        .on(CREATE, [Answer::Lost, exists()])
        .on(LIST, [listed()])
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("id").as_str(), Some(ID));
}

#[tokio::test]
async fn one_that_is_adopted_becomes_as_planned() {
    let other = "arn:aws:iam::123456789012:role/other";
    let before = described(json!({"roleArn": other, "tags": {"by": "hand"}}));
    let script = Script::default()
        .on(CREATE, [exists()])
        .on(LIST, [listed()])
        .on(DESCRIBE, [before, described(json!({}))])
        .on(UNTAG, [Answer::Body(json!({}))])
        .on(UPDATE, [described(json!({}))]);
    let adopting = config(json!({"adopt_existing": true}));
    let answer = with(&script).apply(&Json::Null, &adopting).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let changes = script.changes();
    assert!(changes.contains("DELETE /tags/"), "{changes}");
    assert!(changes.contains(&format!("{UPDATE} {{")), "{changes}");
    assert_eq!(answer.state.get("role_arn").as_str(), Some(ROLE));
}

#[tokio::test]
async fn one_that_cannot_be_adopted_is_not_ours_to_delete() {
    let other = "arn:aws:iam::123456789012:role/other";
    let denied = refused(
        "AccessDeniedException",
        "not authorized to perform: iam:PassRole",
    );
    let script = Script::default()
        .on(CREATE, [exists()])
        .on(LIST, [listed()])
        .on(DESCRIBE, [described(json!({"roleArn": other}))])
        .on(UPDATE, [denied]);
    let adopting = config(json!({"adopt_existing": true}));
    let answer = with(&script).apply(&Json::Null, &adopting).await;
    assert!(texts(answer.diagnostics).join("").contains("iam:PassRole"));
    assert!(answer.state.is_null());
}

/// The change and the requests that it takes.
async fn update(prior: Json, config: Json) -> String {
    let script = Script::default()
        .on(UPDATE, [described(json!({}))])
        .on(DESCRIBE, [described(json!({}))]);
    with(&script).apply(&prior, &config).await;
    script.changes().replace(ALL, "")
}

#[tokio::test]
async fn sends_what_differs_and_takes_away_with_an_empty_text() {
    let role = "arn:aws:iam::123456789012:role/writer";
    let changed = update(state(json!({})), config(json!({"role_arn": role}))).await;
    let expected = format!("POST /{ID} {{\"disableSessionTags\":false,\"roleArn\":\"{role}\"}}\n");
    assert_eq!(without_token(&changed), expected);
    let prior =
        state(json!({"policy": "{}", "disable_session_tags": true, "target_role_arn": role}));
    let changed = update(prior, config(json!({}))).await;
    let expected = format!(
        "POST /{ID} {{\"disableSessionTags\":false,\"policy\":\"\",\"roleArn\":\"{ROLE}\",\"targetRoleArn\":\"\"}}\n"
    );
    assert_eq!(without_token(&changed), expected);
}

/// The SDK sends a token of its own with updates.
fn without_token(changes: &str) -> String {
    let (before, after) = changes.split_once("{\"clientRequestToken\":\"").unwrap();
    let (_, after) = after.split_once("\",").unwrap();
    format!("{before}{{{after}")
}

#[tokio::test]
async fn tags_alone_are_no_update() {
    let changes = update(state(json!({})), config(json!({"tags": {"team": "a"}}))).await;
    assert!(changes.starts_with("POST /tags/"), "{changes}");
    assert_eq!(changes.lines().count(), 1, "{changes}");
}

#[tokio::test]
async fn deletes_it_and_what_is_gone_is_deleted() {
    let script = Script::default();
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests(), [format!("DELETE {ALL}/{ID}")]);
}

#[tokio::test]
async fn an_import_reads_everything() {
    let stub = json!({"cluster_name": "production", "association_id": ID});
    let script = Script::default().on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).read(&stub).await;
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    assert_eq!(harness.validate(&config(json!({}))), NONE);
    for (more, path) in [
        (json!({"namespace": ""}), "namespace"),
        (json!({"service_account": "Cart"}), "service_account"),
        (json!({"cluster_name": "-"}), "cluster_name"),
        (json!({"role_arn": "reader"}), "role_arn"),
        (
            json!({"policy": "{", "disable_session_tags": true}),
            "policy",
        ),
        (json!({"policy": "{}"}), "policy"),
    ] {
        let said = harness.validate(&config(more.clone()));
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("{path}: ")),
            "{more}: {said:?}"
        );
    }
    let both = json!({"policy": "{}", "disable_session_tags": true});
    assert_eq!(harness.validate(&config(both)), NONE);
}

#[tokio::test]
async fn the_data_source_lists_associations() {
    let script = Script::default().on(LIST, [listed()]);
    let config = json!({"cluster_name": "production", "namespace": "shop"});
    let (found, said) = read::<super::PodIdentityAssociations>(&script, &config).await;
    assert_eq!(said, NONE);
    assert_eq!(found["associations"][0]["association_id"], json!(ID));
}
