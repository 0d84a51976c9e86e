//! What is planned, without AWS.

use serde_json::json;

use super::{
    Answer, DESCRIBE, Harness, NodeGroup, Script, changes, config, described, offline, replaced,
    state, texts,
};

#[tokio::test]
async fn an_unchanged_node_group_has_an_empty_plan() {
    assert_eq!(
        changes(&state(json!({})), &config(json!({}))).await,
        json!({})
    );
}

#[tokio::test]
async fn the_planned_desired_size_must_fit() {
    let sizes = |min: i64, desired: i64, max: i64| json!({"scaling_config": [{"min_size": min, "desired_size": desired, "max_size": max}]});
    for prior in [json!(null), state(json!({}))] {
        for (sizes, expected) in [
            (
                sizes(2, 1, 4),
                "must be at least min_size, which is 2, got 1.",
            ),
            (
                sizes(2, 5, 4),
                "must be at most max_size, which is 4, got 5.",
            ),
        ] {
            let plan = offline().plan(&prior, &config(sizes)).await;
            let expected = format!(
                "scaling_config[0].desired_size: Invalid desired_size: desired_size {expected}"
            );
            assert_eq!(texts(plan.diagnostics), [expected]);
        }
        let plan = offline().plan(&prior, &config(sizes(3, 3, 3))).await;
        assert_eq!(texts(plan.diagnostics), [] as [&str; 0]);
    }
}

#[tokio::test]
async fn a_new_node_group_knows_what_follows_from_its_name() {
    let plan = offline().plan(&json!(null), &config(json!({}))).await;
    assert_eq!(plan.planned.get("id").as_str(), Some("production:system"));
    assert!(plan.planned.get("node_group_name_prefix").is_null());
    assert_eq!(plan.planned.get("region").as_str(), Some("eu-west-1"));
    for open in [
        "arn",
        "version",
        "release_version",
        "ami_type",
        "update_config",
        "status",
        "health",
    ] {
        assert!(plan.planned.get(open).is_unknown(), "{open}");
    }
}

#[tokio::test]
async fn a_name_that_is_made_up_is_known_after_apply() {
    let unnamed = config(json!({"node_group_name": null, "node_group_name_prefix": "spot-"}));
    let plan = offline().plan(&json!(null), &unnamed).await;
    assert!(plan.planned.get("node_group_name").is_unknown());
    assert!(plan.planned.get("id").is_unknown());
}

#[tokio::test]
async fn what_aws_cannot_change_needs_a_new_node_group() {
    for (name, other) in [
        ("cluster_name", json!("staging")),
        ("node_group_name", json!("other")),
        (
            "node_role_arn",
            json!("arn:aws:iam::123456789012:role/other"),
        ),
        ("subnet_ids", json!(["subnet-0b"])),
        ("instance_types", json!(["m5.large"])),
        ("ami_type", json!("BOTTLEROCKET_x86_64")),
        ("capacity_type", json!("SPOT")),
        ("disk_size", json!(50)),
        ("remote_access", json!([{"ec2_ssh_key": "key"}])),
        ("launch_template", json!([{"id": "lt-0a", "version": "1"}])),
    ] {
        let replaced = replaced(&state(json!({})), &config(json!({name: other}))).await;
        assert!(
            replaced.iter().any(|path| path.starts_with(name)),
            "{name}: {replaced:?}"
        );
    }
}

#[tokio::test]
async fn a_launch_template_cannot_be_dropped_or_exchanged() {
    let template = json!([{"id": "lt-0a", "name": "nodes", "version": "1"}]);
    let prior = state(json!({"launch_template": template}));
    assert_eq!(
        replaced(&prior, &config(json!({}))).await,
        ["launch_template"]
    );
    let other = config(json!({"launch_template": [{"name": "other", "version": "1"}]}));
    assert!(
        replaced(&prior, &other)
            .await
            .contains(&"launch_template[0].name".to_owned())
    );
    let by_name = config(json!({"launch_template": [{"name": "nodes", "version": "1"}]}));
    assert_eq!(changes(&prior, &by_name).await, json!({}));
    let newer = config(json!({"launch_template": [{"name": "nodes", "version": "2"}]}));
    assert_eq!(replaced(&prior, &newer).await, [] as [&str; 0]);
}

#[tokio::test]
async fn another_template_version_brings_another_release() {
    let template = |version: &str| json!([{"id": "lt-0a", "name": "nodes", "version": version}]);
    let prior = state(json!({"launch_template": template("1")}));
    let newer = config(json!({"launch_template": template("2")}));
    assert_eq!(
        changes(&prior, &newer).await,
        json!({"launch_template": template("2"), "release_version": "?"})
    );
}

#[tokio::test]
async fn versions_go_one_up_or_one_back() {
    let plan = async |version: &str| {
        let plan = offline()
            .plan(&state(json!({})), &config(json!({"version": version})))
            .await;
        texts(plan.diagnostics)
    };
    assert_eq!(plan("1.34").await, [] as [&str; 0]);
    assert_eq!(
        plan("1.35").await,
        [
            "version: Invalid version: The nodes run Kubernetes 1.33, and go up one minor version at a time: apply version \
          = \"1.34\" first."
        ]
    );
    assert_eq!(
        plan("1.32").await,
        [
            "version: Nodes go back: The nodes go back from Kubernetes 1.33 to 1.32, and each is replaced. EKS has this \
          for the rollback of a cluster: node groups first, in an apply of their own, then the cluster, within 7 days of \
          its upgrade."
        ]
    );
    assert_eq!(
        plan("1.31").await,
        [
            "version: Invalid version: The nodes run Kubernetes 1.33, and go back one minor version at most, to 1.32. For \
          nodes of 1.31, make another node group (another node_group_name)."
        ]
    );
}

#[tokio::test]
async fn a_new_node_group_may_have_any_version() {
    let other = config(json!({"node_group_name": "older", "version": "1.32"}));
    assert_eq!(
        replaced(&state(json!({})), &other).await,
        ["node_group_name"]
    );
}

#[tokio::test]
async fn releases_belong_to_their_version() {
    let plan = async |ami_type: &str, release: &str| {
        let wish =
            config(json!({"ami_type": ami_type, "version": "1.33", "release_version": release}));
        texts(offline().plan(&json!(null), &wish).await.diagnostics)
    };
    assert_eq!(
        plan("AL2023_x86_64_STANDARD", "1.33.1-20250620").await,
        [] as [&str; 0]
    );
    assert_eq!(
        plan("BOTTLEROCKET_x86_64", "1.40.0-abcdef01").await,
        [] as [&str; 0]
    );
    assert_eq!(
        plan("AL2023_x86_64_STANDARD", "1.3.1-20250620").await,
        [
            "release_version: Invalid release_version: release_version \"1.3.1-20250620\" is not one of Kubernetes 1.33: it \
          would begin with \"1.33.\". Choose one that does, or remove release_version to get the latest."
        ]
    );
}

#[tokio::test]
async fn forcing_alone_changes_nothing_else() {
    let alone = json!({"force_update_version": true});
    let forced = config(alone.clone());
    assert_eq!(changes(&state(json!({})), &forced).await, alone);
    let upgrade = config(json!({"force_update_version": true, "version": "1.34"}));
    assert_eq!(
        changes(&state(json!({})), &upgrade).await,
        json!({"force_update_version": true, "release_version": "?", "version": "1.34"})
    );
}

#[tokio::test]
async fn removed_blocks_go_back_to_what_aws_does() {
    let prior = state(json!({
        "update_config": [{"max_unavailable_percentage": 33}],
        "node_repair_config": [{"enabled": true, "max_unhealthy_node_threshold_count": 3}],
        "warm_pool_config": [{"min_size": 1, "pool_state": "STOPPED", "reuse_on_scale_in": false, "max_group_prepared_capacity": -1}],
    }));
    let changed = changes(&prior, &config(json!({}))).await;
    assert_eq!(changed["update_config"][0]["max_unavailable"], 1);
    assert_eq!(
        changed["update_config"][0]["max_unavailable_percentage"],
        json!(null)
    );
    assert_eq!(changed["node_repair_config"][0]["enabled"], false);
    assert_eq!(
        changed["node_repair_config"][0]["max_unhealthy_node_threshold_count"],
        json!(null)
    );
    assert_eq!(changed["warm_pool_config"], json!([]));
}

#[tokio::test]
async fn removed_members_of_a_block_go_too() {
    let prior = state(json!({
        "update_config": [{"max_unavailable": 2, "update_strategy": "MINIMAL"}],
        "node_repair_config": [{"enabled": true, "max_unhealthy_node_threshold_count": 3}],
    }));
    let less = config(json!({
        "update_config": [{"max_unavailable": 2}],
        "node_repair_config": [{"enabled": true}],
    }));
    let changed = changes(&prior, &less).await;
    assert_eq!(changed["update_config"][0]["update_strategy"], json!(null));
    assert_eq!(
        changed["node_repair_config"][0]["max_unhealthy_node_threshold_count"],
        json!(null)
    );
}

#[tokio::test]
async fn what_aws_adds_to_a_block_is_no_difference() {
    let prior = state(json!({
        "update_config": [{"max_unavailable": 2, "update_strategy": "DEFAULT"}],
        "node_repair_config": [{"enabled": false}],
    }));
    let written = config(json!({"update_config": [{"max_unavailable": 2}]}));
    assert_eq!(changes(&prior, &written).await, json!({}));
    // An explicit empty list.
    let least = state(json!({"node_repair_config": [{"enabled": false}]}));
    let empty = config(json!({"update_config": [], "node_repair_config": []}));
    assert_eq!(changes(&least, &empty).await, json!({}));
}

#[tokio::test]
async fn a_change_leaves_open_what_is_wrong_now() {
    let issue = json!([{"code": "NodeCreationFailure", "message": "m", "resource_ids": ["i-1"]}]);
    let prior = state(json!({"status": "DEGRADED", "health": issue}));
    assert_eq!(changes(&prior, &config(json!({}))).await, json!({}));
    let alone = json!({"force_update_version": true});
    assert_eq!(changes(&prior, &config(alone.clone())).await, alone);
    let labelled = config(json!({"labels": {"a": "b"}}));
    assert_eq!(
        changes(&prior, &labelled).await,
        json!({"labels": {"a": "b"}, "status": "?", "health": "?", "resources": "?"})
    );
}

#[tokio::test]
async fn an_imported_node_group_fits_its_prefix() {
    let name = "spot-67e5504410b1426f9247bb680e";
    let path = DESCRIBE.replace("system", name);
    let script = Script::default().on(&path, [described(json!({"nodegroupName": name}))]);
    let stub = json!({"cluster_name": "production", "node_group_name": name});
    let imported = Harness::of::<NodeGroup>(script).read(&stub).await.state;
    assert_eq!(
        imported.get("node_group_name_prefix").as_str(),
        Some("spot-")
    );
    let prior = tfplugin_rs::tf::to_json(&imported);
    let written = config(json!({"node_group_name": null, "node_group_name_prefix": "spot-"}));
    assert_eq!(changes(&prior, &written).await, json!({}));
}

#[tokio::test]
async fn a_node_group_that_is_gone_is_gone() {
    let answer = Answer::Error(
        404,
        "ResourceNotFoundException",
        "No node group found for name: system.".into(),
    );
    let script = Script::default().on(DESCRIBE, [answer]);
    let read = Harness::of::<NodeGroup>(script)
        .read(&state(json!({})))
        .await;
    assert!(read.state.is_null());
    assert!(read.diagnostics.is_empty());
}

#[tokio::test]
async fn a_node_group_that_is_still_being_made_is_waited_for() {
    let prior = state(json!({"status": "CREATING", "resources": []}));
    let planned = changes(&prior, &config(json!({}))).await;
    for name in ["status", "health", "resources"] {
        assert_eq!(planned[name], json!("?"), "{planned}");
    }
}

#[tokio::test]
async fn a_failed_node_group_is_replaced() {
    let issue = json!([{"code": "NodeCreationFailure", "message": "m", "resource_ids": ["i-1"]}]);
    let failed = state(json!({"status": "CREATE_FAILED", "health": issue}));
    let plan = offline().plan(&failed, &config(json!({}))).await;
    let paths: Vec<_> = plan.replace.iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["status"]);
    let found = texts(plan.diagnostics);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("NodeCreationFailure: m [i-1]"),
        "{found:?}"
    );
}
