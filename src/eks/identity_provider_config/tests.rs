//! Tests of identity provider configs as Terraform would drive them: through the framework, with AWS as a script.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::IdentityProviderConfig;
use crate::testing::{Answer, Harness, Script, merged, refused, texts};

const ARN: &str =
    "arn:aws:eks:eu-west-1:123456789012:identityproviderconfig/production/oidc/login/2ac4";
const LIST: &str = "GET /clusters/production/identity-provider-configs";
const ASSOCIATE: &str = "POST /clusters/production/identity-provider-configs/associate";
const DESCRIBE: &str = "POST /clusters/production/identity-provider-configs/describe";
const DISASSOCIATE: &str = "POST /clusters/production/identity-provider-configs/disassociate";
const UPDATE: &str = "GET /clusters/production/updates/u-1";
const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<IdentityProviderConfig>(script.clone())
}

/// The least configuration, with more in its block.
fn config(more: Json) -> Json {
    let least = json!({
        "identity_provider_config_name": "login",
        "issuer_url": "https://login.example.com",
        "client_id": "kubernetes",
    });
    json!({"cluster_name": "production", "oidc": [merged(least, more)]})
}

fn state(more: Json) -> Json {
    let known = json!({
        "id": "production:login",
        "identity_provider_config_name": "login",
        "arn": ARN,
        "status": "ACTIVE",
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config(json!({})), known), more)
}

fn described(more: Json) -> Answer {
    let known = json!({
        "identityProviderConfigName": "login",
        "identityProviderConfigArn": ARN,
        "clusterName": "production",
        "issuerUrl": "https://login.example.com",
        "clientId": "kubernetes",
        "usernameClaim": null,
        "requiredClaims": null,
        "tags": {},
        "status": "ACTIVE",
    });
    Answer::Body(json!({"identityProviderConfig": {"oidc": merged(known, more)}}))
}

fn gone() -> Answer {
    let message = "No config found for cluster: production, config type: oidc, config name: login";
    Answer::Error(404, "ResourceNotFoundException", message.to_owned())
}

fn update(status: &str, more: Json) -> Answer {
    let known = json!({"id": "u-1", "status": status, "type": "AssociateIdentityProviderConfig"});
    Answer::Body(json!({"update": merged(known, more), "tags": {}}))
}

fn begun() -> Answer {
    update("InProgress", json!({}))
}

fn busy() -> Answer {
    let message = "Cannot AssociateIdentityProviderConfig because cluster production currently has update u-0 in progress";
    refused("ResourceInUseException", message)
}

/// The body of the last request of that kind, without its token.
fn sent(script: &Script, request: &str) -> Json {
    let requests = script.requests();
    let mut bodies = requests.iter().filter_map(|it| it.strip_prefix(request));
    let body: Json = serde_json::from_str(bodies.next_back().unwrap()).unwrap();
    assert!(body["clientRequestToken"].is_string(), "{body}");
    merged(body, json!({"clientRequestToken": null}))
}

#[tokio::test]
async fn waits_for_the_update_and_for_the_configuration() {
    let script = Script::default()
        .on(ASSOCIATE, [busy(), begun()])
        .on(UPDATE, [begun(), update("Successful", json!({}))])
        .on(
            DESCRIBE,
            [
                described(json!({"status": "CREATING"})),
                described(json!({})),
            ],
        );
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = json!({"oidc": {
        "identityProviderConfigName": "login",
        "issuerUrl": "https://login.example.com",
        "clientId": "kubernetes",
    }});
    assert_eq!(sent(&script, ASSOCIATE), expected);
    let applied = to_json(&answer.state);
    assert_eq!(applied, to_json(&with(&script).value(&state(json!({})))));
    let after = with(&script).plan(&applied, &config(json!({}))).await;
    assert_eq!(to_json(&after.planned), applied);
}

#[tokio::test]
async fn sends_every_argument() {
    let script = Script::default().on(ASSOCIATE, [begun()]);
    let all = config(json!({
        "username_claim": "email",
        "username_prefix": "-",
        "groups_claim": "groups",
        "groups_prefix": "oidc:",
        "required_claims": {"hd": "example.com"},
    }));
    with(&script)
        .apply(&Json::Null, &merged(all, json!({"tags": {"a": "b"}})))
        .await;
    let expected = json!({
        "oidc": {
            "identityProviderConfigName": "login",
            "issuerUrl": "https://login.example.com",
            "clientId": "kubernetes",
            "usernameClaim": "email",
            "usernamePrefix": "-",
            "groupsClaim": "groups",
            "groupsPrefix": "oidc:",
            "requiredClaims": {"hd": "example.com"},
        },
        "tags": {"a": "b"},
    });
    assert_eq!(sent(&script, ASSOCIATE), expected);
}

#[tokio::test]
async fn an_update_that_fails_says_why() {
    let error = json!({"errorCode": "Unknown", "errorMessage": "The issuer does not answer", "resourceIds": []});
    let script = Script::default()
        .on(ASSOCIATE, [begun()])
        .on(
            UPDATE,
            [begun(), update("Failed", json!({"errors": [error]}))],
        )
        .on(DESCRIBE, [gone()]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).concat();
    assert!(
        said.contains("Unknown: The issuer does not answer"),
        "{said}"
    );
    assert_eq!(answer.state.get("id").as_str(), Some("production:login"));
}

#[tokio::test]
async fn nobody_needs_to_see_the_update() {
    let denied = refused(
        "AccessDeniedException",
        "not authorized to perform: eks:DescribeUpdate",
    );
    let script = Script::default()
        .on(ASSOCIATE, [begun()])
        .on(UPDATE, [denied])
        .on(
            DESCRIBE,
            [
                described(json!({"status": "CREATING"})),
                described(json!({})),
            ],
        );
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("status").as_str(), Some("ACTIVE"));
}

#[tokio::test]
async fn the_one_that_is_there_is_named_with_the_way_out() {
    let exists = "Identity provider config is already associated with cluster production";
    let listed = json!({"identityProviderConfigs": [{"type": "oidc", "name": "other"}]});
    let script = Script::default()
        .on(ASSOCIATE, [refused("InvalidRequestException", exists)])
        .on(LIST, [Answer::Body(listed)])
        .on(
            DESCRIBE,
            [described(json!({"identityProviderConfigName": "other"}))],
        );
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).concat();
    assert!(said.starts_with("oidc: "), "{said}");
    assert!(said.contains("id = \"production:other"), "{said}");
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn one_whose_answer_was_lost_is_ours_if_it_is_as_planned() {
    let exists = "Identity provider config is already associated with cluster production";
    let listed = json!({"identityProviderConfigs": [{"type": "oidc", "name": "login"}]});
    for (more, is_ours) in [(json!({}), true), (json!({"clientId": "other"}), false)] {
        let script = Script::default()
            .on(
                ASSOCIATE,
                [Answer::Lost, refused("InvalidRequestException", exists)],
            )
            .on(LIST, [Answer::Body(listed.clone())])
            .on(DESCRIBE, [described(more)]);
        let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
        assert_eq!(texts(answer.diagnostics).is_empty(), is_ours);
        assert_eq!(answer.state.is_null(), !is_ours);
    }
}

#[tokio::test]
async fn takes_it_away_after_other_updates_and_waits_until_it_is_gone() {
    let script = Script::default().on(DISASSOCIATE, [busy(), begun()]).on(
        DESCRIBE,
        [
            described(json!({})),
            described(json!({"status": "DELETING"})),
            gone(),
        ],
    );
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert!(answer.state.is_null());
    let named = json!({"identityProviderConfig": {"type": "oidc", "name": "login"}});
    assert_eq!(sent(&script, DISASSOCIATE), named);
}

#[tokio::test]
async fn what_is_not_associated_is_gone() {
    let refusals = [
        refused(
            "InvalidRequestException",
            "Identity provider config is not associated with cluster production",
        ),
        gone(),
    ];
    for refusal in refusals {
        let script = Script::default().on(DISASSOCIATE, [refusal]);
        let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
        assert_eq!(texts(answer.diagnostics), NONE);
        assert_eq!(script.requests().len(), 1);
    }
}

#[tokio::test]
async fn tags_are_all_that_changes_in_place() {
    let harness = with(&Script::default());
    for more in [
        json!({"issuer_url": "https://other.example.com"}),
        json!({"client_id": "other"}),
        json!({"identity_provider_config_name": "other"}),
        json!({"username_claim": "email"}),
        json!({"required_claims": {"hd": "example.com"}}),
    ] {
        let plan = harness.plan(&state(json!({})), &config(more)).await;
        let paths: Vec<_> = plan.replace.iter().map(ToString::to_string).collect();
        assert_eq!(paths, ["oidc"]);
    }
    let tagged = merged(config(json!({})), json!({"tags": {"a": "b"}}));
    assert_eq!(harness.plan(&state(json!({})), &tagged).await.replace, []);
}

#[tokio::test]
async fn names_are_known_at_plan() {
    let plan = with(&Script::default())
        .plan(&Json::Null, &config(json!({})))
        .await;
    assert_eq!(plan.planned.get("id").as_str(), Some("production:login"));
    let name = plan.planned.get("identity_provider_config_name");
    assert_eq!(name.as_str(), Some("login"));
}

#[tokio::test]
async fn an_import_reads_everything() {
    let stub = json!({"cluster_name": "production", "identity_provider_config_name": "login"});
    let script = Script::default().on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).read(&stub).await;
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
}

#[tokio::test]
async fn the_plan_over_a_moved_state_is_empty() {
    let theirs = json!({
        "arn": ARN,
        "cluster_name": "production",
        "id": "production:login",
        "oidc": [{
            "client_id": "kubernetes",
            "groups_claim": "",
            "groups_prefix": "",
            "identity_provider_config_name": "login",
            "issuer_url": "https://login.example.com",
            "required_claims": {},
            "username_claim": "",
            "username_prefix": "",
        }],
        "status": "ACTIVE",
        "tags": {},
        "tags_all": {},
        "timeouts": null,
    });
    let script = Script::default().on(DESCRIBE, [described(json!({}))]);
    // 5.x and 6.x.
    let newer = json!({"identity_provider_config_name": "login", "region": "eu-west-1"});
    for over in [json!({}), newer] {
        let theirs = merged(theirs.clone(), over);
        let state = with(&script)
            .moved("aws_eks_identity_provider_config", &theirs)
            .await;
        assert_eq!(
            with(&script).changes(&state, &config(json!({}))).await,
            NONE
        );
    }
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    let url = "https://login.example.com:8443/realms/eks";
    assert_eq!(harness.validate(&config(json!({"issuer_url": url}))), NONE);
    let long = "v".repeat(254);
    for (more, name) in [
        (
            json!({"issuer_url": "http://login.example.com"}),
            "issuer_url",
        ),
        (json!({"issuer_url": "https://"}), "issuer_url"),
        (
            json!({"issuer_url": "https://login.example.com/?a=b"}),
            "issuer_url",
        ),
        (json!({"client_id": ""}), "client_id"),
        (
            json!({"identity_provider_config_name": ""}),
            "identity_provider_config_name",
        ),
        (json!({"username_prefix": "system:"}), "username_prefix"),
        (json!({"groups_prefix": "a-system:b"}), "groups_prefix"),
        (json!({"required_claims": {"": "a"}}), "required_claims"),
        (json!({"required_claims": {"hd": ""}}), "required_claims"),
        (json!({"required_claims": {"hd": long}}), "required_claims"),
    ] {
        let said = harness.validate(&config(more.clone()));
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("oidc[0].{name}: ")),
            "{more}: {said:?}"
        );
    }
}
