//! Changes in place: one request for each kind of change, with nothing in it but what differs.

use serde_json::{Value as Json, json};

use super::{
    Answer, DESCRIBE, Harness, NodeGroup, Script, UPDATE_CONFIG, UPDATE_VERSION, config, described,
    merged, state, texts,
};

const DESCRIBE_UPDATE: &str = "GET /clusters/production/updates/u-1";

fn update(status: &str) -> Answer {
    Answer::Body(json!({"update": {"id": "u-1", "status": status}}))
}

fn aws(after: Json) -> Script {
    Script::default()
        .on(UPDATE_VERSION, [update("InProgress")])
        .on(UPDATE_CONFIG, [update("InProgress")])
        .on(
            DESCRIBE_UPDATE,
            [update("InProgress"), update("Successful")],
        )
        .on(DESCRIBE, [described(after)])
}

/// What the change asks for, as `path body` without tokens.
async fn asks(prior: Json, wanted: Json) -> Vec<(String, Json)> {
    let script = aws(json!({}));
    Harness::of::<NodeGroup>(script.clone())
        .apply(&state(prior), &config(wanted))
        .await;
    let requests = script.changes();
    let parse = |request: &str| {
        let (path, body) = request.split_once(" {").unwrap_or((request, "}"));
        let body = serde_json::from_str(&format!("{{{body}")).unwrap();
        (
            path.to_owned(),
            merged(body, json!({"clientRequestToken": null})),
        )
    };
    let eks = requests
        .lines()
        .filter(|request| !request.contains("DescribeLaunchTemplateVersions"));
    eks.map(parse).collect()
}

async fn asks_for_config(prior: Json, wanted: Json, expected: Json) {
    assert_eq!(
        asks(prior, wanted).await,
        [(UPDATE_CONFIG.to_owned(), expected)]
    );
}

async fn asks_for_version(prior: Json, wanted: Json, expected: Json) {
    assert_eq!(
        asks(prior, wanted).await,
        [(UPDATE_VERSION.to_owned(), expected)]
    );
}

#[tokio::test]
async fn labels_are_set_and_removed_by_difference() {
    asks_for_config(
        json!({"labels": {"gone": "1", "same": "2", "other": "3"}}),
        json!({"labels": {"same": "2", "other": "4", "new": "5"}}),
        json!({"labels": {"addOrUpdateLabels": {"other": "4", "new": "5"}, "removeLabels": ["gone"]}}),
    )
    .await;
    asks_for_config(
        json!({"labels": {"a": "1"}}),
        json!({}),
        json!({"labels": {"removeLabels": ["a"]}}),
    )
    .await;
}

#[tokio::test]
async fn taints_are_the_same_by_key_and_effect() {
    let taint = |value: &str, effect: &str| json!({"key": "k", "value": value, "effect": effect});
    asks_for_config(
        json!({"taint": [taint("a", "NO_SCHEDULE"), taint("a", "NO_EXECUTE")]}),
        json!({"taint": [taint("b", "NO_SCHEDULE")]}),
        json!({"taints": {
            "addOrUpdateTaints": [taint("b", "NO_SCHEDULE")],
            "removeTaints": [taint("a", "NO_EXECUTE")],
        }}),
    )
    .await;
    asks_for_config(
        json!({"taint": [taint("a", "NO_SCHEDULE")]}),
        json!({}),
        json!({"taints": {"removeTaints": [taint("a", "NO_SCHEDULE")]}}),
    )
    .await;
}

#[tokio::test]
async fn only_sizes_that_differ_are_sent() {
    asks_for_config(
        json!({}),
        json!({"scaling_config": [{"min_size": 1, "desired_size": 2, "max_size": 10}]}),
        json!({"scalingConfig": {"minSize": 1, "maxSize": 10}}),
    )
    .await;
}

#[tokio::test]
async fn removed_blocks_are_switched_off() {
    asks_for_config(
        json!({"update_config": [{"max_unavailable_percentage": 33, "update_strategy": "MINIMAL"}]}),
        json!({}),
        json!({"updateConfig": {"maxUnavailable": 1, "updateStrategy": "DEFAULT"}}),
    )
    .await;
    asks_for_config(
        json!({"update_config": [{"max_unavailable": 2, "update_strategy": "MINIMAL"}]}),
        json!({"update_config": [{"max_unavailable": 2}]}),
        json!({"updateConfig": {"maxUnavailable": 2, "updateStrategy": "DEFAULT"}}),
    )
    .await;
    asks_for_config(
        json!({"node_repair_config": [{"enabled": true}]}),
        json!({}),
        json!({"nodeRepairConfig": {"enabled": false}}),
    )
    .await;
    asks_for_config(
        json!({"warm_pool_config": [{"min_size": 1, "pool_state": "STOPPED", "reuse_on_scale_in": false, "max_group_prepared_capacity": -1}]}),
        json!({}),
        json!({"warmPoolConfig": {"enabled": false}}),
    )
    .await;
}

#[tokio::test]
async fn all_of_the_configuration_goes_in_one_request() {
    let requests = asks(
        json!({}),
        json!({
            "labels": {"a": "b"},
            "update_config": [{"max_unavailable": 2}],
            "node_repair_config": [{"enabled": true}],
            "warm_pool_config": [{"max_group_prepared_capacity": 8}],
        }),
    )
    .await;
    let expected = json!({
        "labels": {"addOrUpdateLabels": {"a": "b"}},
        "updateConfig": {"maxUnavailable": 2, "updateStrategy": "DEFAULT"},
        "nodeRepairConfig": {"enabled": true},
        "warmPoolConfig": {
            "enabled": true, "maxGroupPreparedCapacity": 8, "minSize": 0, "poolState": "STOPPED", "reuseOnScaleIn": false,
        },
    });
    assert_eq!(requests, [(UPDATE_CONFIG.to_owned(), expected)]);
}

#[tokio::test]
async fn a_new_version_is_one_request() {
    asks_for_version(
        json!({}),
        json!({"version": "1.34"}),
        json!({"version": "1.34"}),
    )
    .await;
    asks_for_version(
        json!({}),
        json!({"version": "1.34", "release_version": "1.34.1-20251101", "force_update_version": true}),
        json!({"version": "1.34", "releaseVersion": "1.34.1-20251101", "force": true}),
    )
    .await;
    asks_for_version(
        json!({}),
        json!({"release_version": "1.33.1-20250620"}),
        json!({"releaseVersion": "1.33.1-20250620"}),
    )
    .await;
}

#[tokio::test]
async fn a_template_is_named_once_and_goes_with_every_new_version() {
    let template = |version: &str| json!([{"id": "lt-0a", "name": "nodes", "version": version}]);
    let written = |version: &str| json!([{"name": "nodes", "version": version}]);
    asks_for_version(
        json!({"launch_template": template("1")}),
        json!({"launch_template": written("2")}),
        json!({"launchTemplate": {"id": "lt-0a", "version": "2"}}),
    )
    .await;
    asks_for_version(
        json!({"launch_template": template("1")}),
        json!({"launch_template": written("1"), "version": "1.34"}),
        json!({"version": "1.34", "launchTemplate": {"id": "lt-0a", "version": "1"}}),
    )
    .await;
    // The release of a custom AMI is its image, and no release that could be asked for.
    asks_for_version(
        json!({"launch_template": template("1"), "ami_type": "CUSTOM", "release_version": "ami-1"}),
        json!({"launch_template": written("2"), "ami_type": "CUSTOM"}),
        json!({"launchTemplate": {"id": "lt-0a", "version": "2"}}),
    )
    .await;
}

#[tokio::test]
async fn a_pinned_release_is_said_again() {
    let pinned = json!({"ami_type": "BOTTLEROCKET_x86_64", "release_version": "1.40.0-abcdef01"});
    asks_for_version(
        pinned.clone(),
        merged(pinned, json!({"version": "1.34"})),
        json!({"version": "1.34", "releaseVersion": "1.40.0-abcdef01"}),
    )
    .await;
}

#[tokio::test]
async fn tags_version_and_configuration_in_this_order_each_waited_for() {
    let script = aws(json!({"version": "1.34", "labels": {"a": "b"}, "tags": {"t": "1"}}))
        .on("POST /tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Anodegroup%2Fproduction%2Fsystem%2F6ac4", [Answer::Body(json!({}))]);
    let wanted = config(json!({"version": "1.34", "labels": {"a": "b"}, "tags": {"t": "1"}}));
    let answer = Harness::of::<NodeGroup>(script.clone())
        .apply(&state(json!({})), &wanted)
        .await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    let requests = script.requests();
    let operations: Vec<_> = requests
        .iter()
        .map(|request| request.split(" {").next().unwrap())
        .collect();
    assert_eq!(
        operations[1..],
        [
            DESCRIBE,
            UPDATE_VERSION,
            DESCRIBE_UPDATE,
            DESCRIBE_UPDATE,
            UPDATE_CONFIG,
            DESCRIBE_UPDATE,
            DESCRIBE
        ]
    );
    assert!(operations[0].starts_with("POST /tags/"), "{operations:?}");
}

#[tokio::test]
async fn tags_alone_need_no_update() {
    let script = aws(json!({"tags": {"t": "1"}}));
    Harness::of::<NodeGroup>(script.clone())
        .apply(&state(json!({})), &config(json!({"tags": {"t": "1"}})))
        .await;
    assert!(script.changes().starts_with("POST /tags/"));
    assert_eq!(script.changes().lines().count(), 1);
}

#[tokio::test]
async fn a_change_in_progress_is_waited_for() {
    let busy = "Nodegroup cannot be updated as it is currently not in Active State";
    let script = aws(json!({"labels": {"a": "b"}}))
        .on(
            UPDATE_CONFIG,
            [
                Answer::Error(409, "ResourceInUseException", busy.into()),
                update("InProgress"),
            ],
        )
        .on(
            DESCRIBE,
            [
                described(json!({"status": "UPDATING"})),
                described(json!({})),
                described(json!({"labels": {"a": "b"}})),
            ],
        );
    let wanted = config(json!({"labels": {"a": "b"}}));
    let answer = Harness::of::<NodeGroup>(script.clone())
        .apply(&state(json!({})), &wanted)
        .await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    assert_eq!(script.changes().lines().count(), 2);
}

#[tokio::test]
async fn a_failed_update_says_why_and_keeps_what_holds() {
    let failed = Answer::Body(
        json!({"update": {"id": "u-1", "status": "Failed", "errors": [
            {"errorCode": "PodEvictionFailure", "errorMessage": "Reached max retries", "resourceIds": ["i-1"]},
        ]}}),
    );
    let script = aws(json!({})).on(DESCRIBE_UPDATE, [failed]);
    let wanted = config(json!({"version": "1.34"}));
    let answer = Harness::of::<NodeGroup>(script)
        .apply(&state(json!({})), &wanted)
        .await;
    let said = texts(answer.diagnostics).concat();
    assert!(
        said.contains("PodEvictionFailure: Reached max retries [i-1]"),
        "{said}"
    );
    assert_eq!(answer.state.get("version").as_str(), Some("1.33"));
}
