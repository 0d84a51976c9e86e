//! Stored state: upgraded, read again, imported and moved.

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6::{
    self as pb, import_resource_state, move_resource_state, upgrade_resource_identity,
    upgrade_resource_state,
};

use crate::core::{Core, Kind, encoded, messages};

fn raw(json: &str) -> Option<pb::RawState> {
    Some(pb::RawState {
        json: json.as_bytes().to_vec(),
        ..Default::default()
    })
}

async fn upgrade(kind: &Kind, version: i64, state: Option<pb::RawState>) -> (Json, Vec<String>) {
    // Upgrades happen before the provider is configured, too.
    let core = Core::start().await;
    let type_name = kind.type_name.clone();
    let request = upgrade_resource_state::Request {
        type_name,
        version,
        raw_state: state,
    };
    let answer = core
        .rpc()
        .upgrade_resource_state(request)
        .await
        .unwrap()
        .into_inner();
    (
        kind.shown(answer.upgraded_state.as_ref()),
        messages(&answer.diagnostics),
    )
}

#[tokio::test]
async fn state_of_the_same_version_is_read_as_it_is() {
    let thing = Kind::named("thing");
    let stored = r#"{"name": "a", "size": 3, "access": [{"mode": "open", "bootstrap": null}],
        "place": [], "rule": [{"allow": "x", "times": 1}], "made": null, "timeouts": null}"#;
    let (state, found) = upgrade(&thing, 2, raw(stored)).await;
    assert_eq!(found, [""; 0]);
    let rule = json!([{"allow": "x", "times": 1}]);
    assert_eq!(
        state,
        json!({"name": "a", "size": 3, "access": [{"mode": "open"}], "rule": rule})
    );
}

#[tokio::test]
async fn missing_attributes_are_null_and_extra_ones_go() {
    let (state, found) = upgrade(
        &Kind::named("thing"),
        0,
        raw(r#"{"name": "a", "weight": 7}"#),
    )
    .await;
    assert_eq!((state, found), (json!({"name": "a"}), vec![]));
    let big = r#"{"name": "a", "shelf": 9007199254740993, "holders": {"ann": {"speed": 1}}}"#;
    let (state, found) = upgrade(&Kind::named("vault"), 0, raw(big)).await;
    assert_eq!(found, [""; 0]);
    let expected = json!({"name": "a", "shelf": 9_007_199_254_740_993_i64, "holders": {"ann": {}}});
    assert_eq!(state, expected);
}

#[tokio::test]
async fn state_that_cannot_be_read_is_a_diagnostic() {
    let thing = Kind::named("thing");
    let flatmap = [("name".to_owned(), "a".to_owned())].into();
    let old = pb::RawState {
        flatmap,
        ..Default::default()
    };
    let (state, found) = upgrade(&thing, 0, Some(old)).await;
    assert_eq!(state, Json::Null);
    let expected = "error: Unable to read the stored state: The state was written by a Terraform before 0.12. \
                    Upgrade it with 0.12 first.";
    assert_eq!(found, [expected]);
    let (_, found) = upgrade(&thing, 2, raw("{")).await;
    assert!(
        found[0].contains("The stored state is not valid JSON"),
        "{found:?}"
    );
    let (_, found) = upgrade(&thing, 1, raw(r#"{"name": ["a"]}"#)).await;
    let expected = "error: Unable to read the stored state of thing: \
                    The state has schema version 1: name: expected a string.";
    assert_eq!(found, [expected]);
}

#[tokio::test]
async fn identities_are_upgraded() {
    let core = Core::start().await;
    let vault = Kind::named("vault");
    let mut request = upgrade_resource_identity::Request {
        type_name: "toy_vault".into(),
        version: 0,
        raw_identity: raw(r#"{"shelf": 1, "name": "v", "account": "old"}"#),
    };
    let answer = core
        .rpc()
        .upgrade_resource_identity(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(messages(&answer.diagnostics), [""; 0]);
    let identity = vault.shown_identity(answer.upgraded_identity.as_ref());
    assert_eq!(identity, json!({"shelf": 1, "name": "v"}));
    request.raw_identity = raw(r#"{"shelf": true}"#);
    let answer = core
        .rpc()
        .upgrade_resource_identity(request)
        .await
        .unwrap()
        .into_inner();
    let found = messages(&answer.diagnostics);
    assert_eq!(
        found,
        ["error: Unable to read the stored identity of vault: shelf: expected a number."]
    );
}

#[tokio::test]
async fn refresh_tells_drift_and_hands_private_data_back() {
    let core = Core::configured().await;
    let thing = Kind::named("thing");
    let state = core
        .apply(&thing, &Json::Null, &json!({"name": "a"}))
        .await
        .state;
    let read = core.read(&thing, &state).await;
    assert_eq!(
        (&read.state, read.private.as_str()),
        (&state, r#"{"kept":1}"#)
    );
    assert_eq!(read.identity, json!({"name": "a"}));
    core.world.things.lock().unwrap().get_mut("a").unwrap().size = Some(9);
    assert_eq!(core.read(&thing, &state).await.state["size"], 9);
}

#[tokio::test]
async fn refresh_of_what_is_gone_gives_nothing() {
    let core = Core::configured().await;
    let read = core
        .read(&Kind::named("thing"), &json!({"name": "gone"}))
        .await;
    assert_eq!((read.state, read.identity), (Json::Null, Json::Null));
    assert_eq!(read.diagnostics, [""; 0]);
}

#[tokio::test]
async fn failed_refresh_keeps_the_state() {
    let core = Core::configured().await;
    let state = json!({"name": "a", "size": 4, "mishap": "unreadable"});
    let read = core.read(&Kind::named("thing"), &state).await;
    assert_eq!(
        (read.state, read.private.as_str()),
        (state, r#"{"kept":1}"#)
    );
    assert_eq!(
        read.diagnostics,
        ["error: Unable to read thing (a): The API is away."]
    );
}

async fn import(core: &Core, kind: &Kind, id: &str, identity: Option<Json>) -> (Json, Vec<String>) {
    let encoded = |identity: Json| {
        let name =
            |attribute: &&tfplugin_rs::tf::Attribute| identity.get(&attribute.name).is_some();
        let attributes = kind
            .schema
            .attributes
            .iter()
            .filter(name)
            .cloned()
            .collect();
        let schema = tfplugin_rs::tf::Schema {
            attributes,
            ..Default::default()
        };
        let identity_data = Some(crate::core::encoded(&schema, &identity));
        pb::ResourceIdentityData { identity_data }
    };
    let request = import_resource_state::Request {
        type_name: kind.type_name.clone(),
        id: id.to_owned(),
        identity: identity.map(encoded),
        ..Default::default()
    };
    let answer = core
        .rpc()
        .import_resource_state(request)
        .await
        .unwrap()
        .into_inner();
    let found = messages(&answer.diagnostics);
    let [imported] = &answer.imported_resources[..] else {
        return (Json::Null, found);
    };
    assert_eq!(imported.type_name, kind.type_name);
    (kind.shown(imported.state.as_ref()), found)
}

#[tokio::test]
async fn import_by_id_is_completed_by_a_refresh() {
    let core = Core::configured().await;
    let thing = Kind::named("thing");
    let config = json!({"name": "a", "place": [{"room": "r"}]});
    let state = core.apply(&thing, &Json::Null, &config).await.state;
    let (stub, found) = import(&core, &thing, "a", None).await;
    assert_eq!((&stub, found), (&json!({"name": "a"}), vec![]));
    assert_eq!(core.read(&thing, &stub).await.state, state);
    let (_, found) = import(&core, &thing, "a/b", None).await;
    let message = "error: Invalid import id for thing: The import id is the name of the thing.";
    assert_eq!(found, [message]);
}

#[tokio::test]
async fn import_by_identity() {
    let core = Core::configured().await;
    let vault = Kind::named("vault");
    let identity = json!({"shelf": 4, "name": "v"});
    let by_identity = import(&core, &vault, "", Some(identity.clone())).await;
    assert_eq!(by_identity, (identity, vec![]));
    assert_eq!(import(&core, &vault, "4/v", None).await, by_identity);
}

/// What an import gives: state, identity and messages.
async fn import_lamp(id: &str, identity: Option<Json>) -> (Json, Json, Vec<String>) {
    let lamp = Kind::named("lamp");
    let identity_data = identity.map(|it| encoded(&lamp.schema, &it));
    let request = import_resource_state::Request {
        type_name: lamp.type_name.clone(),
        id: id.to_owned(),
        identity: identity_data.map(|data| pb::ResourceIdentityData {
            identity_data: Some(data),
        }),
        ..Default::default()
    };
    let core = Core::configured().await;
    let answer = core.rpc().import_resource_state(request).await.unwrap();
    let answer = answer.into_inner();
    let found = messages(&answer.diagnostics);
    let Some(imported) = answer.imported_resources.first() else {
        return (Json::Null, Json::Null, found);
    };
    (
        lamp.shown(imported.state.as_ref()),
        lamp.shown_identity(imported.identity.as_ref()),
        found,
    )
}

/// An identity must not change, so it is whole from the import on.
#[tokio::test]
async fn an_import_knows_what_the_provider_says_of_all_objects() {
    let lamp = |wing: &str| json!({"name": "a", "wing": wing});
    for (id, identity, wing) in [
        ("a", None, "e"),
        ("a@w", None, "w"),
        ("", Some(json!({"name": "a"})), "e"),
        ("", Some(lamp("w")), "w"),
    ] {
        let expected = (lamp(wing), lamp(wing), vec![]);
        assert_eq!(import_lamp(id, identity).await, expected, "{id}");
    }
    let (_, _, found) = import_lamp("", Some(lamp("west"))).await;
    let message = "error at wing: Invalid wing: wing must be one letter, got \"west\".";
    assert_eq!(found, [message]);
}

#[tokio::test]
async fn an_identity_that_is_not_complete_is_none() {
    let core = Core::configured().await;
    let lamp = Kind::named("lamp");
    let read = core.read(&lamp, &json!({"name": "a"})).await;
    assert_eq!(
        (read.state, read.identity),
        (json!({"name": "a"}), Json::Null)
    );
    let read = core.read(&lamp, &json!({"name": "a", "wing": "w"})).await;
    assert_eq!(read.identity, json!({"name": "a", "wing": "w"}));
}

async fn moved(
    provider: &str,
    type_name: &str,
    state: Option<pb::RawState>,
) -> (Json, Json, Vec<String>) {
    let thing = Kind::named("thing");
    let request = move_resource_state::Request {
        source_provider_address: provider.to_owned(),
        source_type_name: type_name.to_owned(),
        source_state: state,
        source_private: b"{\"theirs\":1}".to_vec(),
        target_type_name: "toy_thing".into(),
        ..Default::default()
    };
    let core = Core::configured().await;
    let answer = core
        .rpc()
        .move_resource_state(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        answer.target_private, b"",
        "private data of another provider means nothing here"
    );
    let identity = thing.shown_identity(answer.target_identity.as_ref());
    (
        thing.shown(answer.target_state.as_ref()),
        identity,
        messages(&answer.diagnostics),
    )
}

#[tokio::test]
async fn moves_from_the_types_that_are_known() {
    let state = raw(r#"{"id": "a", "name": "a", "size": 4}"#);
    for registry in ["registry.terraform.io", "registry.opentofu.org"] {
        let provider = format!("{registry}/example/other");
        let (target, identity, found) = moved(&provider, "other_thing", state.clone()).await;
        assert_eq!(found, [""; 0]);
        assert_eq!(target, json!({"name": "a", "size": 4}));
        assert_eq!(identity, json!({"name": "a"}));
    }
    for (provider, type_name) in [
        ("registry.terraform.io/example/other", "other_toy"),
        ("registry.terraform.io/bad-example/other", "other_thing"),
    ] {
        let (target, _, found) = moved(provider, type_name, state.clone()).await;
        assert_eq!(target, Json::Null);
        let message = format!(
            "error: Unable to move {type_name} to thing: What can be moved here is other_thing of example/other."
        );
        assert_eq!(found, [message]);
    }
    let (_, _, found) = moved("registry.terraform.io/example/other", "other_thing", None).await;
    assert!(
        found[0].starts_with("error: Unable to read the stored state"),
        "{found:?}"
    );
}
