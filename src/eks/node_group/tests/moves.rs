//! State moved from `aws_eks_node_group`: the plan over it is empty.

use serde_json::{Value as Json, json};

use super::{DESCRIBE, Harness, NodeGroup, Script, config, described, merged};

/// What hashicorp/aws 5.100.0 has in its state after a refresh of [`configured`].
const CAPTURED: &str = include_str!("aws_eks_node_group.json");

/// The least, and a taint without a value.
fn configured() -> Json {
    config(json!({"taint": [{"key": "dedicated", "effect": "NO_SCHEDULE"}]}))
}

/// What a plan changes over the captured state with `over` put over it, once it has been moved here and refreshed.
async fn changes(over: Json, config: &Json) -> Vec<String> {
    let captured = serde_json::from_str(CAPTURED).unwrap();
    let taint = json!([{"key": "dedicated", "effect": "NO_SCHEDULE"}]);
    let script = Script::default().on(DESCRIBE, [described(json!({"taints": taint}))]);
    let harness = Harness::of::<NodeGroup>(script);
    let state = harness
        .moved("aws_eks_node_group", &merged(captured, over))
        .await;
    harness.changes(&state, config).await
}

#[tokio::test]
async fn the_plan_over_a_moved_state_is_empty() {
    let nothing = <[String; 0]>::default();
    assert_eq!(changes(json!({}), &configured()).await, nothing);
    // hashicorp/aws 6.x has it, too.
    let newer = json!({"region": "eu-west-1"});
    assert_eq!(changes(newer, &configured()).await, nothing);
    // What the older provider stores right after an apply.
    let applied = json!({"labels": null, "tags": null});
    assert_eq!(changes(applied, &configured()).await, nothing);
}

// Terraform takes no other value than the configured one here, and whether `{}` was written is not in the state.
#[tokio::test]
async fn empty_collections_that_were_written_are_put_back_into_the_state() {
    let written = merged(configured(), json!({"labels": {}, "tags": {}}));
    let expected = ["labels: null -> {}", "tags: null -> {}"];
    assert_eq!(changes(json!({}), &written).await, expected);
}
