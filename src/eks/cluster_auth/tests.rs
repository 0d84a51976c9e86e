//! Tests of tokens: what is in them, and what is asked of AWS for them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};
use tfplugin_rs::tf::readers::OpenAnswer;
use tfplugin_rs::tf::{Registry, Stop, Value, from_json};

use super::{ClusterAuth, ClusterAuthSource};
use crate::aws::Context;
use crate::testing::{Answer, Script, read, texts};

const DESCRIBE: &str = "GET /clusters/demo";

fn described(more: Json) -> Answer {
    let mut cluster = json!({
        "name": "demo", "status": "ACTIVE", "endpoint": "https://A.gr7.eu-west-1.eks.amazonaws.com",
        "certificateAuthority": {"data": "LS0tLS1CRUdJTg=="}
    });
    let members = cluster.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    Answer::Body(json!({"cluster": cluster}))
}

/// What is signed: the URL inside of a token.
fn url(token: &str) -> String {
    let encoded = token.strip_prefix("k8s-aws-v1.").unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

async fn open(script: &Script, config: Json) -> OpenAnswer {
    let registry = Registry::<Context>::new().ephemeral_resource::<ClusterAuth>();
    let resource = &registry.ephemeral_resources[0];
    let config = from_json(&resource.schema().attributes, &config).unwrap();
    let context = Arc::new(script.context());
    resource.open(context, Stop::default(), config).await
}

fn text(answer: &OpenAnswer, name: &str) -> String {
    answer.value.get(name).as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_data_source_asks_nobody() {
    let script = Script::default();
    let (value, messages) = read::<ClusterAuthSource>(&script, &json!({"name": "demo"})).await;
    assert_eq!(messages, [] as [String; 0]);
    assert_eq!(value["id"], "demo");
    assert_eq!(value["region"], "eu-west-1");
    let url = url(value["token"].as_str().unwrap());
    assert!(
        url.starts_with("https://sts.eu-west-1.amazonaws.com/?"),
        "{url}"
    );
    assert_eq!(script.requests(), [] as [String; 0]);
}

#[tokio::test]
async fn the_token_is_of_the_region_of_the_cluster() {
    let config = json!({"name": "demo", "region": "cn-north-1"});
    let (value, _) = read::<ClusterAuthSource>(&Script::default(), &config).await;
    let url = url(value["token"].as_str().unwrap());
    assert!(
        url.starts_with("https://sts.cn-north-1.amazonaws.com.cn/?"),
        "{url}"
    );
    assert!(url.contains("%2Fcn-north-1%2Fsts%2Faws4_request"), "{url}");
}

#[tokio::test]
async fn gives_all_that_a_client_needs() {
    let script = Script::default().on(DESCRIBE, [described(json!({}))]);
    let before = SystemTime::now();
    let answer = open(&script, json!({"name": "demo"})).await;
    assert_eq!(
        text(&answer, "endpoint"),
        "https://A.gr7.eu-west-1.eks.amazonaws.com"
    );
    assert_eq!(text(&answer, "cluster_ca_certificate"), "-----BEGIN");
    assert!(url(&text(&answer, "token")).contains("x-k8s-aws-id"));
    let valid = answer.renew_at.unwrap().duration_since(before).unwrap();
    let minutes_14 = Duration::from_secs(14 * 60);
    assert!(
        valid >= minutes_14 && valid < minutes_14 + Duration::from_secs(60),
        "{valid:?}"
    );
    let expires_at = text(&answer, "expires_at");
    assert!(
        expires_at.ends_with('Z') && !expires_at.contains('.'),
        "{expires_at}"
    );
    assert_eq!(texts(answer.diagnostics), [] as [String; 0]);
    assert_eq!(script.requests(), [DESCRIBE]);
}

/// The header is signed, so another identifier gives another signature.
#[tokio::test]
async fn a_local_cluster_is_known_by_its_id() {
    let of = |cluster: Answer| async move {
        let script = Script::default().on(DESCRIBE, [cluster]);
        let answer = open(&script, json!({"name": "demo"})).await;
        url(&text(&answer, "token"))
    };
    let signature = |url: String| url.split("X-Amz-Signature=").nth(1).unwrap().to_owned();
    let local = json!({"id": "0f6c7f0e-6f4c-4b8e-9e3b-3b1f4f0d5a11"});
    let (one, other) = (of(described(json!({}))).await, of(described(local)).await);
    assert_ne!(signature(one), signature(other));
}

#[tokio::test]
async fn gives_a_token_without_the_cluster_too() {
    let denied = Answer::Error(403, "AccessDeniedException", "not authorized".to_owned());
    let missing = Answer::Error(
        404,
        "ResourceNotFoundException",
        "No cluster found".to_owned(),
    );
    for (answer, reason) in [
        (denied, "not authorized"),
        (missing, "eks_cluster.example.id"),
    ] {
        let script = Script::default().on(DESCRIBE, [answer]);
        let answer = open(&script, json!({"name": "demo"})).await;
        assert_eq!(answer.value.get("endpoint"), &Value::Null);
        assert!(text(&answer, "token").starts_with("k8s-aws-v1."));
        assert!(!answer.diagnostics.has_errors());
        let messages = texts(answer.diagnostics);
        assert!(
            messages.len() == 1 && messages[0].contains(reason),
            "{messages:?}"
        );
    }
}

/// As after a create that was interrupted: the cluster is in the state, untainted, so its id is known.
#[tokio::test]
async fn says_that_the_cluster_is_not_ready() {
    let creating = json!({"status": "CREATING", "endpoint": null, "certificateAuthority": null});
    let script = Script::default().on(DESCRIBE, [described(creating)]);
    let answer = open(&script, json!({"name": "demo"})).await;
    assert_eq!(answer.value.get("endpoint"), &Value::Null);
    assert!(!answer.diagnostics.has_errors());
    let messages = texts(answer.diagnostics);
    let [message] = &messages[..] else {
        panic!("one warning: {messages:?}");
    };
    assert!(message.contains("its status is CREATING"), "{message}");
}

#[tokio::test]
async fn other_troubles_are_errors() {
    let broken = Answer::Error(500, "ServerException", "broken".to_owned());
    let script = Script::default().on(DESCRIBE, [broken]);
    let answer = open(&script, json!({"name": "demo"})).await;
    assert!(answer.diagnostics.has_errors());
    assert_eq!(answer.value, Value::Null);
}

#[tokio::test]
async fn says_when_it_is_used_for_too_long() {
    let registry = Registry::<Context>::new().ephemeral_resource::<ClusterAuth>();
    let context = Arc::new(Script::default().context());
    let resource = &registry.ephemeral_resources[0];
    let answer = resource
        .renew(context, Stop::default(), b"demo".to_vec())
        .await;
    assert_eq!(answer.renew_at, None);
    assert!(!answer.diagnostics.has_errors());
    let messages = texts(answer.diagnostics);
    assert!(messages[0].contains("\"demo\""), "{messages:?}");
}
