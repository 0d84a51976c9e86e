//! State moved from `aws_eks_cluster`: the plan over it is empty.

use serde_json::{Value as Json, json};

use super::{DESCRIBE, cluster, config, harness, with};
use crate::testing::Script;

/// What hashicorp/aws 5.100.0 has in its state after a refresh of the smallest configuration.
const CAPTURED: &str = include_str!("aws_eks_cluster.json");

/// What a plan changes over the captured state with `over` put over it, once it has been moved here and refreshed.
async fn changes(over: Json, config: &Json) -> Vec<String> {
    let captured = serde_json::from_str(CAPTURED).unwrap();
    let harness = harness(Script::default().on(DESCRIBE, [cluster(json!({}))]));
    let state = harness
        .moved("aws_eks_cluster", &with(captured, over))
        .await;
    harness.changes(&state, config).await
}

#[tokio::test]
async fn the_plan_over_a_moved_state_is_empty() {
    let nothing = <[String; 0]>::default();
    assert_eq!(changes(json!({}), &config()).await, nothing);
    // hashicorp/aws 6.x has these, too.
    let newer = json!({"region": "eu-west-1", "deletion_protection": false});
    assert_eq!(changes(newer, &config()).await, nothing);
    // What the older provider stores right after an apply.
    let applied = json!({
        "enabled_cluster_log_types": null, "tags": null,
        "vpc_config": [{"subnet_ids": ["subnet-a", "subnet-b"], "security_group_ids": null}],
    });
    assert_eq!(changes(applied, &config()).await, nothing);
}

#[tokio::test]
async fn a_moved_cluster_of_another_region_is_found_there() {
    let elsewhere = with(config(), json!({"region": "eu-central-1"}));
    let changes = changes(json!({"region": "eu-central-1"}), &elsewhere).await;
    assert_eq!(changes, <[String; 0]>::default());
}

// Terraform takes no other value than the configured one here, and whether `{}` was written is not in the state.
#[tokio::test]
async fn an_empty_collection_that_was_written_is_put_back_into_the_state() {
    let written = with(config(), json!({"tags": {}}));
    assert_eq!(changes(json!({}), &written).await, ["tags: null -> {}"]);
}
