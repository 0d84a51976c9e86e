//! The provider block, and validation.

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6::{
    validate_data_resource_config, validate_ephemeral_resource_config, validate_provider_config,
    validate_resource_config,
};
use tfplugin_rs::tf::{Provider, Schema};

use crate::core::{CLIENT, Core, Kind, UNKNOWN, encoded, messages};
use crate::toy::Toy;

async fn provider_problems(config: Json) -> Vec<String> {
    let config = Some(encoded(&Toy::schema(), &config));
    let request = validate_provider_config::Request { config };
    let core = Core::start().await;
    let response = core.rpc().validate_provider_config(request).await.unwrap();
    messages(&response.into_inner().diagnostics)
}

async fn problems(kind: &Kind, config: Json, write_only_attributes_allowed: bool) -> Vec<String> {
    let mut client = CLIENT;
    client.write_only_attributes_allowed = write_only_attributes_allowed;
    let request = validate_resource_config::Request {
        type_name: kind.type_name.clone(),
        config: Some(kind.encoded(&config)),
        client_capabilities: Some(client),
    };
    let core = Core::start().await;
    let response = core.rpc().validate_resource_config(request).await.unwrap();
    messages(&response.into_inner().diagnostics)
}

#[tokio::test]
async fn provider_block_is_validated() {
    assert_eq!(
        provider_problems(json!({"mood": "good", "quick": true})).await,
        [""; 0]
    );
    assert_eq!(
        provider_problems(json!({"mood": UNKNOWN, "quick": true})).await,
        [""; 0]
    );
    let found = provider_problems(json!({"mood": "odd"})).await;
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("error at mood: Invalid mood: mood must be"),
        "{found:?}"
    );
    let found = provider_problems(json!({"mood": "bad", "quick": true})).await;
    assert_eq!(found, ["error at quick: Too quick: A bad mood takes time."]);
}

#[tokio::test]
async fn configuring_can_fail_and_be_repeated() {
    let core = Core::start().await;
    let found = core.configure(json!({"mood": "bad"})).await;
    assert_eq!(
        found,
        ["error at mood: Not today: The maker is in a bad mood."]
    );
    // In debug mode one process serves one run after the other.
    for world in ["one of two", "two of two"] {
        assert_eq!(core.configure(json!({"world": world})).await, [""; 0]);
        let events = crate::toy::world::World::named(world).events();
        assert_eq!(events, ["configured by 1.11.4"]);
    }
}

#[tokio::test]
async fn sound_and_unknown_configurations_pass() {
    let thing = Kind::named("thing");
    let whole = json!({
        "name": "a", "size": 4, "access": [{"mode": "open", "bootstrap": true}],
        "place": [{"room": "r"}], "rule": [{"allow": "a"}, {"allow": "b", "times": 2}],
        "timeouts": {"create": "1h30m"},
    });
    assert_eq!(problems(&thing, whole, true).await, [""; 0]);
    let unknown = json!({
        "name": UNKNOWN, "size": UNKNOWN, "color": UNKNOWN, "access": [{"mode": UNKNOWN}],
        "place": UNKNOWN, "rule": UNKNOWN, "timeouts": {"create": UNKNOWN},
    });
    assert_eq!(problems(&thing, unknown, true).await, [""; 0]);
}

#[tokio::test]
async fn problems_are_told_at_their_path() {
    let config = json!({
        "name": "a", "size": 11, "access": [{"mode": "ajar"}], "timeouts": {"create": "soon"},
    });
    let found = problems(&Kind::named("thing"), config, true).await;
    let starts = [
        "error at size: Invalid size: size must be a whole number from 1 to 10, got 11.",
        "error at access[0].mode: Invalid mode: mode must be",
        "error at timeouts.create: Invalid create: create must be a duration",
    ];
    assert_eq!(found.len(), starts.len(), "{found:?}");
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found}");
    }
    let config = json!({"name": "a", "color": "red", "size": 10});
    let found = problems(&Kind::named("thing"), config, true).await;
    assert_eq!(
        found,
        ["error at color: Too red: Big things must not be red."]
    );
    let config = json!({"shelf": 1, "name": "a", "policy": "{"});
    let found = problems(&Kind::named("vault"), config, true).await;
    assert!(found[0].starts_with("error at policy: Invalid policy: policy must be valid JSON"));
}

/// An older Terraform would store the value.
#[tokio::test]
async fn write_only_values_need_a_terraform_that_knows_them() {
    let vault = Kind::named("vault");
    let config = json!({"shelf": 1, "name": "a", "password": "p"});
    assert_eq!(problems(&vault, config.clone(), true).await, [""; 0]);
    let found = problems(&vault, config, false).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("error at password: Write-only attribute not supported"));
    assert_eq!(
        problems(&vault, json!({"shelf": 1, "name": "a"}), false).await,
        [""; 0]
    );
}

#[tokio::test]
async fn what_is_only_read_is_validated_too() {
    let core = Core::start().await;
    let named = |schema: &Schema| Some(encoded(schema, &json!({"name": UNKNOWN})));
    let registry = Toy::registry();
    let request = validate_data_resource_config::Request {
        type_name: "toy_thing".into(),
        config: named(&registry.data_sources[0].schema()),
    };
    let response = core
        .rpc()
        .validate_data_resource_config(request)
        .await
        .unwrap();
    assert_eq!(messages(&response.into_inner().diagnostics), [""; 0]);
    let request = validate_ephemeral_resource_config::Request {
        type_name: "toy_key".into(),
        config: named(&registry.ephemeral_resources[0].schema()),
    };
    let response = core
        .rpc()
        .validate_ephemeral_resource_config(request)
        .await
        .unwrap();
    assert_eq!(messages(&response.into_inner().diagnostics), [""; 0]);
}
