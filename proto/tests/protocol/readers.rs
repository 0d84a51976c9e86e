//! Data sources, ephemeral resources, and what a module says of itself.

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6::{
    self as pb, close_ephemeral_resource, open_ephemeral_resource, read_data_source,
    renew_ephemeral_resource,
};
use tfplugin_rs::tf::{Provider, Schema};

use crate::core::{Core, Kind, encoded, messages, shown};
use crate::toy::Toy;

async fn look(core: &Core, config: Json, meta: Option<Json>) -> (Json, Vec<String>) {
    let schema = Toy::registry().data_sources[0].schema();
    let meta_schema = Toy::meta().unwrap();
    let request = read_data_source::Request {
        type_name: "toy_thing".into(),
        config: Some(encoded(&schema, &config)),
        provider_meta: meta.map(|meta| encoded(&meta_schema, &meta)),
        ..Default::default()
    };
    let answer = core
        .rpc()
        .read_data_source(request)
        .await
        .unwrap()
        .into_inner();
    (
        shown(&schema.ty(), answer.state.as_ref()),
        messages(&answer.diagnostics),
    )
}

#[tokio::test]
async fn data_source_fills_in_what_was_not_asked() {
    let core = Core::configured().await;
    core.apply(&Kind::named("thing"), &Json::Null, &json!({"name": "a"}))
        .await;
    let (found, warnings) = look(&core, json!({"name": "a", "patience": 2}), None).await;
    assert_eq!(
        found,
        json!({"name": "a", "patience": 2, "size": 3, "asked_by": ""})
    );
    assert_eq!(warnings, ["warning: Looked: for Some(2)"]);
    let (found, warnings) = look(&core, json!({"name": "a"}), None).await;
    assert_eq!(
        (found["patience"].as_i64(), warnings[0].as_str()),
        (Some(5), "warning: Looked: for Some(5)")
    );
}

#[tokio::test]
async fn missing_object_is_an_error_of_a_data_source() {
    let core = Core::configured().await;
    let (found, messages) = look(&core, json!({"name": "b"}), None).await;
    assert_eq!(found, Json::Null);
    assert_eq!(
        messages[0],
        "error at name: Unable to read thing: There is no \"b\"."
    );
}

#[tokio::test]
async fn provider_meta_belongs_to_the_call() {
    let core = Core::configured().await;
    core.apply(&Kind::named("thing"), &Json::Null, &json!({"name": "a"}))
        .await;
    for (meta, expected) in [
        (Some(json!({"asked_by": "one"})), "one"),
        (Some(json!({"asked_by": "two"})), "two"),
        // A module without the block sends null.
        (Some(Json::Null), ""),
        (None, ""),
    ] {
        assert_eq!(
            look(&core, json!({"name": "a"}), meta).await.0["asked_by"],
            expected
        );
    }
}

fn key() -> Schema {
    Toy::registry().ephemeral_resources[0].schema()
}

async fn open(core: &Core, name: &str) -> open_ephemeral_resource::Response {
    let request = open_ephemeral_resource::Request {
        type_name: "toy_key".into(),
        config: Some(encoded(&key(), &json!({"name": name}))),
        ..Default::default()
    };
    core.rpc()
        .open_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner()
}

async fn renew(core: &Core, private: &[u8]) -> renew_ephemeral_resource::Response {
    let private = Some(private.to_vec());
    let request = renew_ephemeral_resource::Request {
        type_name: "toy_key".into(),
        private,
    };
    core.rpc()
        .renew_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn ephemeral_resource_is_opened_renewed_and_closed() {
    let core = Core::configured().await;
    let opened = open(&core, "a").await;
    assert_eq!(messages(&opened.diagnostics), [""; 0]);
    let result = shown(&key().ty(), opened.result.as_ref());
    assert_eq!(result, json!({"name": "a", "token": "token of a"}));
    let renew_at = opened.renew_at.unwrap();
    assert_eq!((renew_at.seconds, renew_at.nanos), (1_000, 500));
    let renewed = renew(&core, &opened.private.clone().unwrap()).await;
    assert_eq!(renewed.renew_at.unwrap().seconds, 2_000);
    assert_eq!(renewed.private, opened.private);
    let private = opened.private;
    let request = close_ephemeral_resource::Request {
        type_name: "toy_key".into(),
        private,
    };
    let closed = core
        .rpc()
        .close_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(messages(&closed.diagnostics), [""; 0]);
    assert_eq!(core.world.events(), ["opened a", "renewed a", "closed a"]);
}

#[tokio::test]
async fn ephemeral_resource_can_fail() {
    let core = Core::configured().await;
    let opened = open(&core, "nothing").await;
    assert_eq!(shown(&key().ty(), opened.result.as_ref()), Json::Null);
    let found = messages(&opened.diagnostics);
    assert_eq!(
        found,
        ["error at name: Unable to open key: It has no lock."]
    );
    let renewed = renew(&core, b"short").await;
    assert_eq!(
        messages(&renewed.diagnostics),
        ["error: Unable to renew key: It is over."]
    );
    // Closing still needs it.
    assert_eq!(renewed.private, Some(b"short".to_vec()));
}

#[tokio::test]
async fn stop_leaves_closing_to_be_done() {
    let core = Core::configured().await;
    let opened = open(&core, "a").await;
    core.rpc()
        .stop_provider(pb::stop_provider::Request {})
        .await
        .unwrap();
    let private = opened.private;
    let request = close_ephemeral_resource::Request {
        type_name: "toy_key".into(),
        private,
    };
    let closed = core
        .rpc()
        .close_ephemeral_resource(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(messages(&closed.diagnostics), [""; 0]);
    assert_eq!(core.world.events(), ["opened a", "closed a"]);
}
