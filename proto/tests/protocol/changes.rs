//! Plans and applies of managed resources, well and badly ended.

use serde_json::{Value as Json, json};
use tfplugin_rs::plugin::tfplugin6 as pb;

use crate::core::{Applied, Core, Kind, Planned, UNKNOWN};

fn thing() -> Kind {
    Kind::named("thing")
}

/// A thing as the API makes it when only its name is given.
fn plain(name: &str) -> Json {
    json!({
        "name": name, "address": format!("toy:{name}"), "revision": 1, "size": 3,
        "access": [{"mode": "open"}], "made": [{"by": "hand", "mark": "x"}],
    })
}

fn with(mut object: Json, changes: Json) -> Json {
    let changes = changes.as_object().unwrap().clone();
    object.as_object_mut().unwrap().extend(changes);
    object
}

async fn made(core: &Core, config: &Json) -> Json {
    let applied = core.apply(&thing(), &Json::Null, config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    applied.state
}

#[tokio::test]
async fn create_is_planned_and_done() {
    let core = Core::configured().await;
    let config = json!({
        "name": "a", "place": [{"room": "r"}], "rule": [{"allow": "x"}, {"allow": "y", "times": 2}],
        "timeouts": {"create": "5m"},
    });
    let plan = core.plan(&thing(), &Json::Null, &config).await;
    assert_eq!(plan.diagnostics, [""; 0]);
    assert_eq!(
        plan.state,
        json!({
            "name": "a", "address": "toy:a", "revision": UNKNOWN, "size": 3,
            "access": UNKNOWN, "made": UNKNOWN, "place": [{"room": "r", "number": UNKNOWN}],
            "rule": [{"allow": "x", "times": 1}, {"allow": "y", "times": 2}],
            "timeouts": {"create": "5m"},
        })
    );
    assert_eq!(
        (plan.identity, plan.replace),
        (json!({"name": "a"}), vec![])
    );
    let applied = core.apply(&thing(), &Json::Null, &config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    assert_eq!(applied.identity, json!({"name": "a"}));
    assert_eq!(
        applied.state,
        with(
            plain("a"),
            json!({
                "place": [{"room": "r", "number": 7}],
                "rule": [{"allow": "x", "times": 1}, {"allow": "y", "times": 2}],
                "timeouts": {"create": "5m"},
            })
        )
    );
    assert_eq!(core.world.events(), ["create a for 300"]);
}

#[tokio::test]
async fn an_identity_that_is_not_known_yet_is_not_planned() {
    let core = Core::configured().await;
    let plan = core
        .plan(&thing(), &Json::Null, &json!({"name": UNKNOWN}))
        .await;
    assert_eq!(plan.diagnostics, [""; 0]);
    assert_eq!(plan.identity, Json::Null);
    assert_eq!(plan.state["address"], UNKNOWN);
}

#[tokio::test]
async fn unchanged_thing_has_an_empty_plan() {
    let core = Core::configured().await;
    for config in [json!({"name": "a"}), json!({"name": "a", "size": 3})] {
        let plan = core.plan(&thing(), &plain("a"), &config).await;
        assert_eq!((plan.state, plan.replace), (plain("a"), vec![]));
        assert_eq!(plan.diagnostics, [""; 0]);
    }
}

#[tokio::test]
async fn update_leaves_open_only_what_it_can_touch() {
    let core = Core::configured().await;
    let prior = made(&core, &json!({"name": "a"})).await;
    let config = json!({"name": "a", "size": 5, "rule": [{"allow": "x"}]});
    let plan = core.plan(&thing(), &prior, &config).await;
    let rule = json!([{"allow": "x", "times": 1}]);
    let expected = json!({"size": 5, "rule": rule, "revision": UNKNOWN});
    let mut planned = plan.state;
    // The block is the provider's while the configuration has none.
    planned["access"] = prior["access"].clone();
    assert_eq!(planned, with(prior.clone(), expected));
    assert_eq!(plan.replace, [""; 0]);
    let applied = core.apply(&thing(), &prior, &config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    assert_eq!(
        applied.state,
        with(prior, json!({"size": 5, "rule": rule, "revision": 2}))
    );
    assert_eq!(core.world.events(), ["create a for 60", "update a"]);
}

#[tokio::test]
async fn what_cannot_change_asks_for_a_new_object() {
    let core = Core::configured().await;
    let prior = with(plain("a"), json!({"place": [{"room": "r", "number": 7}]}));
    let config = json!({"name": "b", "place": [{"room": "s"}]});
    let plan = core.plan(&thing(), &prior, &config).await;
    assert_eq!(plan.diagnostics, [""; 0]);
    assert_eq!(plan.replace, ["name", "place[0].room"]);
    // Terraform then plans again with what the first plan kept privately, as if there were nothing.
    let request = thing().plan_request(&Json::Null, &config, plan.private.clone());
    let again = core
        .rpc()
        .plan_resource_change(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        again.planned_private, plan.private,
        "one change, one idempotency token"
    );
    assert_eq!(
        thing().shown(again.planned_state.as_ref())["address"],
        "toy:b"
    );
}

#[tokio::test]
async fn every_change_has_a_token_that_no_state_keeps() {
    let core = Core::configured().await;
    let request = core
        .apply_request(&thing(), &Json::Null, &json!({"name": "a"}))
        .await;
    assert!(!request.planned_private.is_empty());
    let other = core
        .plan(&thing(), &Json::Null, &json!({"name": "a"}))
        .await;
    assert_ne!(request.planned_private, other.private);
    let answer = core
        .rpc()
        .apply_resource_change(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(answer.private, b"");
}

#[tokio::test]
async fn destroy_is_planned_and_done() {
    let core = Core::configured().await;
    let prior = made(&core, &json!({"name": "a"})).await;
    core.world.events();
    let plan = core.plan(&thing(), &prior, &Json::Null).await;
    assert_eq!((plan.state, plan.identity), (Json::Null, Json::Null));
    assert_eq!(plan.diagnostics, [""; 0]);
    let applied = core.apply(&thing(), &prior, &Json::Null).await;
    assert_eq!((applied.state, applied.identity), (Json::Null, Json::Null));
    assert_eq!(
        core.world.events(),
        ["planned a destroy", "planned a destroy", "delete a"]
    );
    assert!(core.world.things.lock().unwrap().is_empty());
}

#[tokio::test]
async fn plans_can_be_refused() {
    let core = Core::configured().await;
    let protected = with(plain("a"), json!({"mishap": "protected"}));
    let plan = core.plan(&thing(), &protected, &Json::Null).await;
    assert_eq!(
        plan.diagnostics,
        ["error: Unable to plan thing (a): It is protected."]
    );
    // The provider's own rule, which holds for all resources.
    let vault = Kind::named("vault");
    let config = json!({"shelf": 1, "name": "forbidden"});
    let plan = core.plan(&vault, &Json::Null, &config).await;
    let refused =
        "error at name: Unable to plan vault (1/forbidden): That name is not given to toys.";
    let refused = [refused, &refused.replace("1/", "")];
    assert!(
        refused.contains(&plan.diagnostics[0].as_str()),
        "{:?}",
        plan.diagnostics
    );
}

#[tokio::test]
async fn panic_at_plan_is_a_diagnostic() {
    let core = Core::configured().await;
    let config = json!({"name": "panic at plan"});
    let plan: Planned = core.plan(&thing(), &Json::Null, &config).await;
    assert_eq!(plan.diagnostics.len(), 1);
    assert!(
        plan.diagnostics[0].contains("no plan for that"),
        "{:?}",
        plan.diagnostics
    );
    assert_eq!(
        core.plan(&thing(), &Json::Null, &json!({"name": "a"}))
            .await
            .diagnostics,
        [""; 0]
    );
}

/// What Terraform keeps when a create goes wrong: nothing, or what exists.
async fn check_failed_create(mishap: &str, message: &str, expected: Json) {
    let core = Core::configured().await;
    let config = json!({"name": "a", "mishap": mishap});
    let applied = core.apply(&thing(), &Json::Null, &config).await;
    assert_eq!(applied.diagnostics.len(), 1, "{:?}", applied.diagnostics);
    assert!(
        applied.diagnostics[0].starts_with(message),
        "{:?}",
        applied.diagnostics
    );
    assert_eq!(applied.state, expected);
}

#[tokio::test]
async fn failed_create_keeps_what_exists() {
    let half = with(plain("a"), json!({"mishap": "fails late"}));
    let message = "error at size: Unable to create thing (a): There is no wood.";
    check_failed_create("fails", message, Json::Null).await;
    let message = "error: Unable to create thing (a): The paint does not dry.";
    check_failed_create("fails late", message, half).await;
}

#[tokio::test]
async fn panic_in_a_create_keeps_what_exists() {
    let message = "error: Unable to create thing (a): The provider panicked: the maker fell over.";
    check_failed_create("panics", message, Json::Null).await;
    let half = with(plain("a"), json!({"mishap": "panics late"}));
    let message =
        "error: Unable to create thing (a): The provider panicked: the maker fell asleep.";
    check_failed_create("panics late", message, half).await;
}

async fn failed_update(mishap: &str) -> (Json, Applied) {
    let core = Core::configured().await;
    let prior = made(&core, &json!({"name": "a"})).await;
    let config = json!({"name": "a", "size": 5, "mishap": mishap});
    let applied = core.apply(&thing(), &prior, &config).await;
    assert_eq!(applied.diagnostics.len(), 1, "{:?}", applied.diagnostics);
    (prior, applied)
}

#[tokio::test]
async fn failed_update_keeps_what_holds_now() {
    for mishap in ["fails", "panics"] {
        let (prior, applied) = failed_update(mishap).await;
        assert_eq!(applied.state, prior, "{mishap}");
        assert!(applied.diagnostics[0].contains("Unable to update thing (a)"));
    }
    let (prior, applied) = failed_update("fails late").await;
    let half = json!({"size": 5, "revision": 2, "mishap": "fails late"});
    assert_eq!(applied.state, with(prior, half));
}

#[tokio::test]
async fn failed_delete_keeps_the_object() {
    let core = Core::configured().await;
    let prior = made(&core, &json!({"name": "a", "mishap": "stays"})).await;
    let applied = core.apply(&thing(), &prior, &Json::Null).await;
    assert_eq!(applied.state, prior);
    assert_eq!(applied.identity, json!({"name": "a"}));
    assert_eq!(
        applied.diagnostics,
        ["error: Unable to delete thing (a): It does not go."]
    );
}

#[tokio::test]
async fn warnings_do_not_fail_an_apply() {
    let core = Core::configured().await;
    let config = json!({"name": "a", "mishap": "warns"});
    let applied = core.apply(&thing(), &Json::Null, &config).await;
    assert_eq!(applied.diagnostics, ["warning: Wet paint: Do not touch."]);
    assert_eq!(applied.state["revision"], 1);
}

/// Terraform drops the whole object from the state if a write-only value is in it.
#[tokio::test]
async fn write_only_values_reach_the_resource_and_nothing_else() {
    let core = Core::configured().await;
    let vault = Kind::named("vault");
    let config = json!({"shelf": 1, "name": "v", "password": "secret", "password_version": 1});
    let plan = core.plan(&vault, &Json::Null, &config).await;
    assert_eq!(plan.state["password"], Json::Null);
    let applied = core.apply(&vault, &Json::Null, &config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    let expected = json!({"shelf": 1, "name": "v", "password_version": 1, "strength": 6});
    assert_eq!(applied.state, expected);
    assert_eq!(applied.identity, json!({"shelf": 1, "name": "v"}));
    // Another value alone is no change; it comes with another version.
    let config =
        json!({"shelf": 1, "name": "v", "password": "longer secret", "password_version": 1});
    assert_eq!(core.plan(&vault, &expected, &config).await.state, expected);
    let config = with(config, json!({"password_version": 2}));
    let applied = core.apply(&vault, &expected, &config).await;
    assert_eq!(
        applied.state,
        with(expected, json!({"password_version": 2, "strength": 13}))
    );
}

#[tokio::test]
async fn json_keeps_the_spelling_of_the_configuration() {
    let core = Core::configured().await;
    let vault = Kind::named("vault");
    let config = json!({"shelf": 1, "name": "v", "policy": r#"{ "a": 1, "b": 2 }"#});
    let applied = core.apply(&vault, &Json::Null, &config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    assert_eq!(applied.state["policy"], config["policy"]);
    let read = core.read(&vault, &applied.state).await;
    assert_eq!(read.state, applied.state);
    let respelled = with(config, json!({"policy": r#"{"b": 2, "a": 1}"#}));
    assert_eq!(
        core.plan(&vault, &read.state, &respelled).await.state,
        read.state
    );
}

#[tokio::test]
async fn nested_attributes_are_planned_inside() {
    let core = Core::configured().await;
    let vault = Kind::named("vault");
    let config = json!({
        "shelf": 1, "name": "v", "lock": {},
        "holders": {"ann": {"times": 2, "word": "x"}, "bob": {}},
    });
    let plan = core.plan(&vault, &Json::Null, &config).await;
    assert_eq!(plan.diagnostics, [""; 0]);
    assert_eq!(
        plan.state["lock"],
        json!({"opens_with": "key", "maker": UNKNOWN})
    );
    assert_eq!(plan.state["holders"], config["holders"]);
    let applied = core.apply(&vault, &Json::Null, &config).await;
    assert_eq!(applied.diagnostics, [""; 0]);
    assert_eq!(
        applied.state["lock"],
        json!({"opens_with": "key", "maker": "smith"})
    );
    assert_eq!(
        core.plan(&vault, &applied.state, &config).await.state,
        applied.state
    );
}

#[tokio::test]
async fn a_plan_of_another_provider_version_is_refused_without_loss() {
    let core = Core::configured().await;
    let mut request = core
        .apply_request(&thing(), &Json::Null, &json!({"name": "a"}))
        .await;
    // An object without any member.
    request.planned_state = Some(pb::DynamicValue {
        msgpack: vec![0x80],
        json: Vec::new(),
    });
    let answer = core
        .rpc()
        .apply_resource_change(request)
        .await
        .unwrap()
        .into_inner();
    // No state means the prior one to Terraform, with its private data.
    assert_eq!(
        (&answer.new_state, answer.private.as_slice()),
        (&None, &b""[..])
    );
    let applied = Applied::of(&thing(), answer);
    assert!(
        applied.diagnostics[0].starts_with("error: Unable to decode a value"),
        "{applied:?}"
    );
    assert_eq!(core.world.events(), [""; 0]);
}
