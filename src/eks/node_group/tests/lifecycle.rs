//! Creation and deletion: what is asked of AWS, in which order, and what the state is when something goes wrong.

use serde_json::json;

use crate::testing::{now, refused};

use super::{
    ARN, Answer, CREATE, DELETE, DESCRIBE, Harness, NodeGroup, Script, changes, config, described,
    merged, state, texts,
};

fn gone() -> Answer {
    Answer::Error(
        404,
        "ResourceNotFoundException",
        "No node group found for name: system.".into(),
    )
}

fn with(script: &Script) -> Harness {
    Harness::of::<NodeGroup>(script.clone())
}

/// The body of the only creation; its token apart, which differs each time.
fn created(script: &Script) -> serde_json::Value {
    let bodies = creations(script);
    assert_eq!(bodies.len(), 1);
    merged(bodies[0].clone(), json!({"clientRequestToken": null}))
}

fn creations(script: &Script) -> Vec<serde_json::Value> {
    let requests = script.requests();
    let bodies = requests
        .iter()
        .filter_map(|request| request.strip_prefix(CREATE));
    bodies
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

#[tokio::test]
async fn sends_what_is_written_and_waits_until_active() {
    let script = Script::default()
        .on(CREATE, [described(json!({"status": "CREATING"}))])
        .on(
            DESCRIBE,
            [
                described(json!({"status": "CREATING"})),
                described(json!({})),
            ],
        );
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    assert_eq!(
        created(&script),
        json!({
            "nodegroupName": "system",
            "nodeRole": "arn:aws:iam::123456789012:role/nodes",
            "subnets": ["subnet-0a"],
            "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 2},
        })
    );
    assert_eq!(answer.state.get("arn").as_str(), Some(ARN));
    assert_eq!(answer.state.get("status").as_str(), Some("ACTIVE"));
    let prior = tfplugin_rs::tf::to_json(&answer.state);
    assert_eq!(changes(&prior, &config(json!({}))).await, json!({}));
}

#[tokio::test]
async fn sends_every_argument() {
    let script = Script::default()
        .on(CREATE, [described(json!({}))])
        .on(DESCRIBE, [described(json!({}))]);
    let all = config(json!({
        "instance_types": ["m5.large", "m5a.large"],
        "ami_type": "AL2023_x86_64_STANDARD",
        "capacity_type": "SPOT",
        "disk_size": 50,
        "version": "1.33",
        "release_version": "1.33.0-20250519",
        "force_update_version": true,
        "labels": {"team": "a"},
        "taint": [{"key": "dedicated", "value": "system", "effect": "NO_SCHEDULE"}],
        "update_config": [{"max_unavailable_percentage": 33, "update_strategy": "MINIMAL"}],
        "node_repair_config": [{"enabled": true, "max_parallel_nodes_repaired_count": 2, "node_repair_config_overrides": [{
            "min_repair_wait_time_mins": 30, "node_monitoring_condition": "NetworkingReady",
            "node_unhealthy_reason": "InterfaceNotUp", "repair_action": "Reboot",
        }]}],
        "warm_pool_config": [{"min_size": 1}],
        "tags": {"a": "b"},
    }));
    with(&script).apply(&json!(null), &all).await;
    assert_eq!(
        created(&script),
        json!({
            "nodegroupName": "system",
            "nodeRole": "arn:aws:iam::123456789012:role/nodes",
            "subnets": ["subnet-0a"],
            "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 2},
            "instanceTypes": ["m5.large", "m5a.large"],
            "amiType": "AL2023_x86_64_STANDARD",
            "capacityType": "SPOT",
            "diskSize": 50,
            "version": "1.33",
            "releaseVersion": "1.33.0-20250519",
            "labels": {"team": "a"},
            "taints": [{"key": "dedicated", "value": "system", "effect": "NO_SCHEDULE"}],
            "updateConfig": {"maxUnavailablePercentage": 33, "updateStrategy": "MINIMAL"},
            "nodeRepairConfig": {"enabled": true, "maxParallelNodesRepairedCount": 2, "nodeRepairConfigOverrides": [{
                "minRepairWaitTimeMins": 30, "nodeMonitoringCondition": "NetworkingReady",
                "nodeUnhealthyReason": "InterfaceNotUp", "repairAction": "Reboot",
            }]},
            "warmPoolConfig": {"enabled": true, "minSize": 1, "poolState": "STOPPED", "reuseOnScaleIn": false},
            "tags": {"a": "b"},
        })
    );
}

#[tokio::test]
async fn an_alias_of_a_template_version_stays() {
    let described = described(json!({
        "launchTemplate": {"id": "lt-0a", "name": "nodes", "version": "7"},
        "instanceTypes": null,
        "diskSize": null,
    }));
    let script = Script::default()
        .on(CREATE, [described.clone()])
        .on(DESCRIBE, [described]);
    let latest = config(json!({"launch_template": [{"name": "nodes", "version": "$Latest"}]}));
    let answer = with(&script).apply(&json!(null), &latest).await;
    assert_eq!(
        created(&script)["launchTemplate"],
        json!({"name": "nodes", "version": "$Latest"})
    );
    assert_eq!(
        answer.state.at("launch_template[0].id").as_str(),
        Some("lt-0a")
    );
    let prior = tfplugin_rs::tf::to_json(&answer.state);
    let refreshed = tfplugin_rs::tf::to_json(&with(&script).read(&prior).await.state);
    assert_eq!(refreshed, prior);
    assert_eq!(changes(&refreshed, &latest).await, json!({}));
}

#[tokio::test]
async fn waits_for_a_cluster_and_a_role_that_are_not_ready() {
    let script = Script::default()
        .on(
            CREATE,
            [
                refused(
                    "InvalidRequestException",
                    "Cluster 'production' is not in ACTIVE status",
                ),
                refused(
                    "InvalidParameterException",
                    "The role with name nodes does not exist",
                ),
                described(json!({"status": "CREATING"})),
            ],
        )
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    assert_eq!(creations(&script).len(), 3);
}

#[tokio::test]
async fn a_cluster_that_never_gets_active_is_not_waited_for() {
    let message = "Cluster 'production' is not in ACTIVE status";
    let issue = json!({"code": "SubnetNotFound", "message": "gone", "resourceIds": ["subnet-0a"]});
    let cluster = json!({"status": "FAILED", "health": {"issues": [issue]}});
    let script = Script::default()
        .on(CREATE, [refused("InvalidRequestException", message)])
        .on(
            "GET /clusters/production",
            [Answer::Body(json!({"cluster": cluster}))],
        );
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    let said = texts(answer.diagnostics).concat();
    for text in [
        "EKS cluster production: it is FAILED and not ACTIVE",
        "SubnetNotFound: gone [subnet-0a]",
    ] {
        assert!(said.contains(text), "{said}");
    }
    assert_eq!(creations(&script).len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_token() {
    let script = Script::default()
        .on(
            CREATE,
            [Answer::Lost, described(json!({"status": "CREATING"}))],
        )
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    let [first, second] = creations(&script).try_into().unwrap();
    assert_eq!(first, second);
    assert!(first["clientRequestToken"].is_string());
}

/// Creates, is told that the node group exists already, and finds what `described` says, made `seconds` ago.
async fn create_over(first: Vec<Answer>, seconds: f64, more: serde_json::Value) -> Vec<String> {
    let exists = "NodeGroup already exists with name system and cluster name production";
    let made = json!({"createdAt": now() - seconds});
    let answers = first
        .into_iter()
        .chain([refused("ResourceInUseException", exists)]);
    let script = Script::default()
        .on(CREATE, answers)
        .on(DESCRIBE, [described(merged(made, more))]);
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    texts(answer.diagnostics)
}

#[tokio::test]
async fn a_node_group_whose_answer_was_lost_is_ours_if_it_is_as_planned() {
    let lost = || vec![Answer::Lost];
    assert_eq!(create_over(lost(), 5.0, json!({})).await, [] as [&str; 0]);
    for (first, seconds, more) in [
        (vec![], 5.0, json!({})),
        (lost(), 90.0, json!({})),
        (lost(), 5.0, json!({"subnets": ["subnet-0b"]})),
        (
            lost(),
            5.0,
            json!({"nodeRole": "arn:aws:iam::123456789012:role/others"}),
        ),
    ] {
        let said = create_over(first, seconds, more.clone()).await.concat();
        assert!(
            said.contains("this configuration did not make it"),
            "{more}: {said}"
        );
    }
}

#[tokio::test]
async fn a_name_is_made_from_the_token() {
    let accepted = Answer::Error(400, "InvalidParameterException", "stop here".into());
    let script = Script::default().on(CREATE, [accepted]);
    let unnamed = config(json!({"node_group_name": null, "node_group_name_prefix": "spot-"}));
    with(&script).apply(&json!(null), &unnamed).await;
    let [request] = creations(&script).try_into().unwrap();
    let token = request["clientRequestToken"]
        .as_str()
        .unwrap()
        .replace('-', "");
    assert_eq!(request["nodegroupName"], format!("spot-{}", &token[..26]));
}

#[tokio::test]
async fn somebody_elses_node_group_is_not_taken_over_in_silence() {
    let exists = "NodeGroup already exists with name system and cluster name production";
    let script = Script::default().on(CREATE, [refused("ResourceInUseException", exists)]);
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    assert!(answer.state.is_null());
    let said = texts(answer.diagnostics).concat();
    assert!(
        said.starts_with("node_group_name: Unable to create EKS node group (production/system)"),
        "{said}"
    );
    assert!(
        said.contains("import {\n  to = eks_node_group.example\n  id = \"production:system\"\n}"),
        "{said}"
    );
}

#[tokio::test]
async fn a_failed_creation_tells_every_issue_and_keeps_what_exists() {
    let issues = json!({"issues": [
        {"code": "NodeCreationFailure", "message": "Instances failed to join", "resourceIds": ["i-1", "i-2"]},
        {"code": "AsgInstanceLaunchFailures", "message": "No capacity", "resourceIds": ["eks-system"]},
    ]});
    let failed = described(json!({"status": "CREATE_FAILED", "health": issues}));
    let script = Script::default()
        .on(CREATE, [described(json!({"status": "CREATING"}))])
        .on(DESCRIBE, [failed]);
    let answer = with(&script).apply(&json!(null), &config(json!({}))).await;
    let said = texts(answer.diagnostics).concat();
    for part in [
        "NodeCreationFailure: Instances failed to join [i-1, i-2]",
        "AsgInstanceLaunchFailures: No capacity [eks-system]",
        "request-1",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(answer.state.get("status").as_str(), Some("CREATE_FAILED"));
    assert_eq!(
        answer.state.at("health[0].resource_ids[1]").as_str(),
        Some("i-2")
    );
}

#[tokio::test]
async fn deletes_and_waits_until_it_is_gone() {
    let script = Script::default()
        .on(
            DELETE,
            [
                refused("ResourceInUseException", "Nodegroup is being used"),
                described(json!({"status": "DELETING"})),
            ],
        )
        .on(
            DESCRIBE,
            [
                described(json!({"status": "DELETING"})),
                described(json!({"status": "DEGRADED"})),
                gone(),
            ],
        );
    let answer = with(&script).apply(&state(json!({})), &json!(null)).await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    assert!(answer.state.is_null());
    assert_eq!(
        script.requests(),
        [DELETE, DELETE, DESCRIBE, DESCRIBE, DESCRIBE]
    );
}

#[tokio::test]
async fn deleting_what_is_gone_is_success() {
    let script = Script::default().on(DELETE, [gone()]);
    let answer = with(&script).apply(&state(json!({})), &json!(null)).await;
    assert_eq!(texts(answer.diagnostics), [] as [&str; 0]);
    assert_eq!(script.requests(), [DELETE]);
}

#[tokio::test]
async fn a_failed_deletion_says_why() {
    let issues = json!({"issues": [{"code": "Ec2SecurityGroupDeletionFailure", "message": "In use", "resourceIds": ["sg-1"]}]});
    let script = Script::default()
        .on(DELETE, [described(json!({"status": "DELETING"}))])
        .on(
            DESCRIBE,
            [described(
                json!({"status": "DELETE_FAILED", "health": issues}),
            )],
        );
    let answer = with(&script).apply(&state(json!({})), &json!(null)).await;
    let said = texts(answer.diagnostics).concat();
    assert!(
        said.contains("Ec2SecurityGroupDeletionFailure: In use [sg-1]"),
        "{said}"
    );
    assert_eq!(answer.state.get("id").as_str(), Some("production:system"));
}
