//! Tests of updates: what is asked, and what becomes of the answers.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{DataSource, Diagnostics, Model as _, from_json};

use super::{Model, Updates};
use crate::testing::{Answer, Script, read, texts};

const LIST: &str = "GET /clusters/demo/updates";

fn update(id: &str, created_at: f64, more: Json) -> Answer {
    let mut update = json!({
        "id": id, "status": "Successful", "type": "VersionUpdate", "createdAt": created_at, "errors": [],
        "params": [{"type": "Version", "value": "1.34"}, {"type": "PlatformVersion", "value": "eks.9"}],
    });
    let members = update.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    Answer::Body(json!({"update": update}))
}

#[tokio::test]
async fn tells_the_latest_first() {
    let pages = [
        json!({"updateIds": ["a"], "nextToken": "more"}),
        json!({"updateIds": ["b"]}),
    ];
    let failed = json!({
        "status": "Failed", "cancellation": {"status": "Failed", "reason": "too late"},
        "errors": [{"errorCode": "SubnetNotFound", "errorMessage": "gone", "resourceIds": ["subnet-1"]}],
    });
    let script = Script::default()
        .on(LIST, pages.map(Answer::Body))
        .on(
            "GET /clusters/demo/updates/a",
            [update("a", 1_748_390_400.0, json!({}))],
        )
        .on(
            "GET /clusters/demo/updates/b",
            [update("b", 1_748_390_500.0, failed)],
        );
    let (found, messages) = read::<Updates>(&script, &json!({"cluster_name": "demo"})).await;
    assert_eq!(messages, [] as [String; 0]);
    let expected = json!([
        {
            "created_at": "2025-05-28T00:01:40Z", "id": "b", "type": "VersionUpdate", "status": "Failed",
            "params": {"Version": "1.34", "PlatformVersion": "eks.9"},
            "errors": [{"code": "SubnetNotFound", "message": "gone", "resource_ids": ["subnet-1"]}],
            "cancellation_status": "Failed", "cancellation_reason": "too late",
        },
        {
            "created_at": "2025-05-28T00:00:00Z", "id": "a", "type": "VersionUpdate", "status": "Successful",
            "params": {"Version": "1.34", "PlatformVersion": "eks.9"}, "errors": [],
            "cancellation_status": null, "cancellation_reason": null,
        },
    ]);
    assert_eq!(found["updates"], expected);
}

#[tokio::test]
async fn the_cluster_has_to_be_there() {
    let (_, messages) = read::<Updates>(&Script::default(), &json!({"cluster_name": "demo"})).await;
    assert!(messages[0].contains("ListUpdates for demo"), "{messages:?}");
}

#[test]
fn is_about_one_thing() {
    let check = |config: Json| {
        let config = from_json(&Model::attributes(), &config).unwrap();
        let mut found = Diagnostics::default();
        Updates::check(&config, &mut found);
        texts(found)
    };
    let one = json!({"cluster_name": "demo", "addon_name": "coredns"});
    assert_eq!(check(one), [] as [String; 0]);
    let two = json!({"cluster_name": "demo", "addon_name": "coredns", "node_group_name": "system"});
    assert!(check(two)[0].starts_with("addon_name: Conflicting arguments"));
}
