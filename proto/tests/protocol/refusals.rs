//! What is refused: requests that come too early, that nobody can answer, or that hold nonsense. A refusal is a
//! diagnostic, because Terraform shows no text of a failed RPC.

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6 as pb;
use tonic::Code;

use crate::core::{Core, Kind, messages};

const UNCONFIGURED: &str = "error: The provider is not configured: \
                            Terraform asked for an operation before it configured the provider.";

/// Sends a request of which only the given fields are set, and compares its one diagnostic.
macro_rules! check_refused {
    ($core:expr, $rpc:ident { $($field:ident: $value:expr),* }, $expected:expr) => {{
        #[allow(clippy::needless_update, reason = "some requests hold nothing else")]
        let request = pb::$rpc::Request { $($field: $value,)* ..Default::default() };
        let answer = $core.rpc().$rpc(request).await.unwrap().into_inner();
        let found = messages(&answer.diagnostics);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with($expected), "{}: {found:?}", stringify!($rpc));
    }};
}

#[tokio::test]
async fn requests_before_configure_are_refused() {
    let core = Core::start().await;
    let thing = || "toy_thing".to_owned();
    let state = Kind::named("thing").encoded(&json!({"name": "a"}));
    check_refused!(
        core,
        read_resource {
            type_name: thing(),
            current_state: Some(state.clone())
        },
        UNCONFIGURED
    );
    check_refused!(
        core,
        plan_resource_change {
            type_name: thing(),
            config: Some(state.clone())
        },
        UNCONFIGURED
    );
    check_refused!(
        core,
        apply_resource_change {
            type_name: thing(),
            planned_state: Some(state)
        },
        UNCONFIGURED
    );
    check_refused!(core, read_data_source { type_name: thing() }, UNCONFIGURED);
    let key = || "toy_key".to_owned();
    check_refused!(
        core,
        open_ephemeral_resource { type_name: key() },
        UNCONFIGURED
    );
    check_refused!(
        core,
        renew_ephemeral_resource { type_name: key() },
        UNCONFIGURED
    );
    check_refused!(
        core,
        close_ephemeral_resource { type_name: key() },
        UNCONFIGURED
    );
}

#[tokio::test]
async fn unknown_types_are_refused() {
    let core = Core::configured().await;
    for name in ["toy_gone", "thing", "toything", "toy_", "", "other_thing"] {
        let resource = &format!("error: Unknown resource type {name}: ");
        check_refused!(
            core,
            validate_resource_config {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            upgrade_resource_state {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            upgrade_resource_identity {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            read_resource {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            plan_resource_change {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            apply_resource_change {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            import_resource_state {
                type_name: name.into()
            },
            resource
        );
        check_refused!(
            core,
            move_resource_state {
                target_type_name: name.into()
            },
            resource
        );
        let source = &format!("error: Unknown data source {name}: ");
        check_refused!(
            core,
            validate_data_resource_config {
                type_name: name.into()
            },
            source
        );
        check_refused!(
            core,
            read_data_source {
                type_name: name.into()
            },
            source
        );
        let ephemeral = &format!("error: Unknown ephemeral resource {name}: ");
        check_refused!(
            core,
            validate_ephemeral_resource_config {
                type_name: name.into()
            },
            ephemeral
        );
        check_refused!(
            core,
            open_ephemeral_resource {
                type_name: name.into()
            },
            ephemeral
        );
        check_refused!(
            core,
            renew_ephemeral_resource {
                type_name: name.into()
            },
            ephemeral
        );
        check_refused!(
            core,
            close_ephemeral_resource {
                type_name: name.into()
            },
            ephemeral
        );
    }
}

#[tokio::test]
async fn nonsense_is_refused_and_the_process_lives_on() {
    let core = Core::configured().await;
    let nonsense = [
        &[0xc1][..],                                 // never used in msgpack
        &[0xdb, 0xff, 0xff, 0xff, 0xff],             // a text of 4 GiB that is not there
        &[0x81, 0xa4, b'n', b'a', b'm', b'e', 0x01], // an object with too few members
        &[0x91; 4096],                               // very deep
        &[0xc0, 0xc0],                               // null, and something after it
    ];
    for bytes in nonsense {
        let value = || {
            Some(pb::DynamicValue {
                msgpack: bytes.to_vec(),
                json: Vec::new(),
            })
        };
        let thing = || "toy_thing".to_owned();
        let message =
            "error: Unable to decode a value: Terraform sent a value that does not fit the schema";
        check_refused!(core, validate_provider_config { config: value() }, message);
        check_refused!(core, configure_provider { config: value() }, message);
        check_refused!(
            core,
            validate_resource_config {
                type_name: thing(),
                config: value()
            },
            message
        );
        check_refused!(
            core,
            read_resource {
                type_name: thing(),
                current_state: value()
            },
            message
        );
        check_refused!(
            core,
            plan_resource_change {
                type_name: thing(),
                prior_state: value()
            },
            message
        );
        check_refused!(
            core,
            apply_resource_change {
                type_name: thing(),
                planned_state: value()
            },
            message
        );
        check_refused!(
            core,
            read_data_source {
                type_name: thing(),
                config: value()
            },
            message
        );
        check_refused!(
            core,
            read_data_source {
                type_name: thing(),
                provider_meta: value()
            },
            message
        );
    }
    let read = core
        .read(&Kind::named("thing"), &json!({"name": "gone"}))
        .await;
    assert_eq!((read.state, read.diagnostics), (Json::Null, vec![]));
}

/// JSON is what the protocol also allows.
#[tokio::test]
async fn values_may_come_as_json() {
    let core = Core::configured().await;
    let json = br#"{"name": "gone", "size": 3}"#.to_vec();
    let request = pb::read_resource::Request {
        type_name: "toy_thing".into(),
        current_state: Some(pb::DynamicValue {
            json,
            msgpack: Vec::new(),
        }),
        ..Default::default()
    };
    let answer = core
        .rpc()
        .read_resource(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(messages(&answer.diagnostics), [""; 0]);
}

/// Terraform asks these only of providers that announce them; UNIMPLEMENTED is how older ones answer.
#[tokio::test]
async fn what_is_not_offered_is_unimplemented() {
    let core = Core::configured().await;
    macro_rules! check_unimplemented {
        ($($rpc:ident($message:ident))+) => {$(
            let status = core.rpc().$rpc(pb::$message::Request::default()).await.unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, stringify!($rpc));
        )+};
    }
    check_unimplemented!(
        generate_resource_config(generate_resource_config)
        list_resource(list_resource)
        validate_list_resource_config(validate_list_resource_config)
        plan_action(plan_action)
        invoke_action(invoke_action)
        validate_action_config(validate_action_config)
        validate_state_store_config(validate_state_store)
        configure_state_store(configure_state_store)
        read_state_bytes(read_state_bytes)
        lock_state(lock_state)
        unlock_state(unlock_state)
        get_states(get_states)
        delete_state(delete_state)
    );
    let none = tokio_stream::empty::<pb::write_state_bytes::RequestChunk>();
    let status = core.rpc().write_state_bytes(none).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}
