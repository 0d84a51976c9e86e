//! Creation, reading and deletion: what is asked of AWS, and what the state is when something goes wrong.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::*;
use crate::testing::{now, refused, texts};

fn gone() -> Answer {
    let message = "No addon: coredns found in cluster: production";
    Answer::Error(404, "ResourceNotFoundException", message.into())
}

fn exists() -> Answer {
    refused("ResourceInUseException", "Addon already exists.")
}

/// The body of the only creation, its token apart.
fn created(script: &Script) -> Json {
    let changes = script.changes();
    let body = changes.strip_prefix(CREATE).unwrap();
    merged(
        serde_json::from_str(body).unwrap(),
        json!({"clientRequestToken": null}),
    )
}

#[tokio::test]
async fn sends_what_is_written_and_waits_until_active() {
    let creating = || described(json!({"status": "CREATING"}));
    let script = aws().on(CREATE, [creating()]).on(
        DESCRIBE,
        [creating(), degraded(json!({})), described(json!({}))],
    );
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = json!({
        "addonName": "coredns", "addonVersion": "v1.12.4-eksbuild.9", "resolveConflicts": "NONE",
    });
    assert_eq!(created(&script), expected);
    let state = to_json(&answer.state);
    assert_eq!(state["status"], "ACTIVE");
    let after = with(&script).plan(&state, &config(json!({}))).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn sends_everything() {
    let associations = json!([{"role_arn": ROLE, "service_account": "dns"}]);
    let everything = config(json!({
        "configuration_values": "{\"replicaCount\": 3}",
        "service_account_role_arn": ROLE,
        "pod_identity_association": associations,
        "namespace_config": [{"namespace": "dns"}],
        "resolve_conflicts_on_create": "OVERWRITE",
        "tags": {"team": "a"},
    }));
    let arn = "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/production/a-1";
    let made = json!({
        "configurationValues": "{\"replicaCount\":3}",
        "serviceAccountRoleArn": ROLE,
        "podIdentityAssociations": [arn],
        "namespaceConfig": {"namespace": "dns"},
        "tags": {"team": "a"},
    });
    let script = aws()
        .on(CREATE, [described(json!({"status": "CREATING"}))])
        .on(ASSOCIATION, [associated()])
        .on(DESCRIBE, [described(made)]);
    let answer = with(&script).apply(&Json::Null, &everything).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = json!({
        "addonName": "coredns",
        "addonVersion": "v1.12.4-eksbuild.9",
        "configurationValues": "{\"replicaCount\": 3}",
        "serviceAccountRoleArn": ROLE,
        "podIdentityAssociations": [{"roleArn": ROLE, "serviceAccount": "dns"}],
        "namespaceConfig": {"namespace": "dns"},
        "resolveConflicts": "OVERWRITE",
        "tags": {"team": "a"},
    });
    assert_eq!(created(&script), expected);
    let state = to_json(&answer.state);
    // In the user's spelling.
    assert_eq!(state["configuration_values"], "{\"replicaCount\": 3}");
    let after = with(&script).plan(&state, &everything).await;
    assert_eq!(to_json(&after.planned), state);
}

/// The outcome of a creation after which AWS says this, and this.
async fn create(config: &Json, said: impl IntoIterator<Item = Answer>) -> (String, Json, Script) {
    let none = || Answer::Body(json!({}));
    let script = aws()
        .on(CREATE, [described(json!({"status": "CREATING"}))])
        .on(DESCRIBE, said)
        .on(NODE_GROUPS, [none()])
        .on(FARGATE, [none()]);
    let answer = with(&script).apply(&Json::Null, config).await;
    (
        texts(answer.diagnostics).join("\n"),
        to_json(&answer.state),
        script,
    )
}

#[tokio::test]
async fn says_what_is_wrong_with_one_that_fails() {
    let issue =
        json!({"code": "ConfigurationConflict", "message": "Conflicts found", "resourceIds": null});
    let failed = described(json!({"status": "CREATE_FAILED", "health": {"issues": [issue]}}));
    let (said, state, _) = create(&config(json!({})), [failed]).await;
    assert!(
        said.contains("ConfigurationConflict: Conflicts found"),
        "{said}"
    );
    assert!(
        said.contains("resolve_conflicts_on_create (for a new add-on)"),
        "{said}"
    );
    assert_eq!(state["status"], "CREATE_FAILED");
    assert_eq!(state["health"][0]["code"], "ConfigurationConflict");
}

#[tokio::test]
async fn gives_up_soon_where_there_are_no_nodes() {
    let (said, state, script) = create(&config(json!({})), [degraded(json!({}))]).await;
    assert!(
        said.contains("neither node groups nor Fargate profiles nor EKS Auto Mode"),
        "{said}"
    );
    assert!(said.contains("wait_for = \"active_or_degraded\""), "{said}");
    assert!(said.contains("InsufficientNumberOfReplicas"), "{said}");
    assert_eq!(state["status"], "DEGRADED");
    let looks = script.requests();
    let looks = looks.iter().filter(|request| *request == DESCRIBE).count();
    // One more to see what is left.
    assert_eq!(looks, 21);
}

#[tokio::test]
async fn goes_on_where_there_are_nodes() {
    let node_groups = Answer::Body(json!({"nodegroups": ["system"]}));
    let profiles = Answer::Body(json!({"fargateProfileNames": ["system"]}));
    let auto = cluster(json!({"computeConfig": {"enabled": true}}));
    let refused = refused("AccessDeniedException", "no");
    for (request, answer) in [
        (NODE_GROUPS, node_groups),
        (FARGATE, profiles),
        (CLUSTER, auto),
        (NODE_GROUPS, refused),
    ] {
        let looks = std::iter::repeat_n(degraded(json!({})), 25).chain([described(json!({}))]);
        let none = || Answer::Body(json!({}));
        let script = aws()
            .on(CREATE, [described(json!({"status": "CREATING"}))])
            .on(DESCRIBE, looks)
            .on(NODE_GROUPS, [none()])
            .on(FARGATE, [none()])
            .on(request, [answer]);
        let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
        assert_eq!(texts(answer.diagnostics), NONE, "{request}");
        assert_eq!(answer.state.get("status").as_str(), Some("ACTIVE"));
    }
}

#[tokio::test]
async fn waits_as_far_as_it_is_told() {
    let degraded_is_enough = config(json!({"wait_for": "active_or_degraded"}));
    let creating = || described(json!({"status": "CREATING"}));
    let (said, state, _) = create(&degraded_is_enough, [creating(), degraded(json!({}))]).await;
    assert_eq!((said.as_str(), &state["status"]), ("", &json!("DEGRADED")));
    assert_eq!(state["health"][0]["code"], "InsufficientNumberOfReplicas");

    let submitted = config(json!({"wait_for": "submitted"}));
    let (said, state, script) = create(&submitted, [creating()]).await;
    assert_eq!((said.as_str(), &state["status"]), ("", &json!("CREATING")));
    // That it is still on its way is no difference, and no reason to wait when there is one.
    let after = with(&script).plan(&state, &submitted).await;
    assert_eq!(to_json(&after.planned), state);
    let tagged = merged(submitted, json!({"tags": {"team": "a"}}));
    let answer = with(&script).apply(&state, &tagged).await;
    let said = texts(answer.diagnostics).join("");
    assert!(
        said.contains("nothing is scripted for POST /tags"),
        "{said}"
    );
}

#[tokio::test]
async fn one_that_was_cut_short_is_resumed() {
    let prior = state(json!({"status": "CREATING"}));
    let script = aws().on(
        DESCRIBE,
        [
            described(json!({"status": "CREATING"})),
            described(json!({})),
        ],
    );
    let answer = with(&script).apply(&prior, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("status").as_str(), Some("ACTIVE"));
    assert_eq!(script.changes(), "");
}

#[tokio::test]
async fn one_that_is_there_is_an_error_with_the_way_out() {
    let script = aws()
        .on(CREATE, [exists()])
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.contains("id = \"production:coredns\""), "{said}");
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let script = aws()
        .on(CREATE, [Answer::Lost, exists()])
        .on(DESCRIBE, [described(json!({"createdAt": now()}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("arn").as_str(), Some(ARN));
}

#[tokio::test]
async fn chooses_at_apply_where_there_was_no_cluster_at_plan() {
    let missing = Answer::Error(404, "ResourceNotFoundException", "No cluster found".into());
    let script = aws()
        .on(CLUSTER, [missing, cluster(json!({}))])
        .on(CREATE, [described(json!({"status": "CREATING"}))])
        .on(
            DESCRIBE,
            [described(json!({"addonVersion": "v1.12.4-eksbuild.10"}))],
        );
    let latest = config(json!({"version_policy": "latest"}));
    let answer = with(&script).apply(&Json::Null, &latest).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(created(&script)["addonVersion"], "v1.12.4-eksbuild.10");
}

#[tokio::test]
async fn a_refresh_asks_for_the_add_on_and_its_associations_only() {
    let arn = "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/production/a-1";
    let gone = arn.replace("a-1", "a-2");
    let script = aws().on(ASSOCIATION, [associated()]).on(
        DESCRIBE,
        [described(json!({"podIdentityAssociations": [arn, gone]}))],
    );
    let answer = with(&script).read(&state(json!({}))).await;
    let associations = json!([{"role_arn": ROLE, "service_account": "dns"}]);
    assert_eq!(
        to_json(&answer.state)["pod_identity_association"],
        associations
    );
    let other = ASSOCIATION.replace("a-1", "a-2");
    assert_eq!(script.requests(), [DESCRIBE, ASSOCIATION, &other]);
}

#[tokio::test]
async fn deletes_it_and_waits_until_it_is_gone() {
    for (preserve, expected) in [(false, ""), (true, "preserve=true")] {
        let script = aws()
            .on(DELETE, [described(json!({"status": "DELETING"}))])
            .on(
                DESCRIBE,
                [
                    degraded(json!({})),
                    described(json!({"status": "DELETING"})),
                    gone(),
                ],
            );
        let prior = state(json!({"preserve": preserve}));
        let answer = with(&script).apply(&prior, &Json::Null).await;
        assert_eq!(texts(answer.diagnostics), NONE);
        assert!(answer.state.is_null());
        assert_eq!(script.parameters(DELETE), [expected]);
    }
}

#[tokio::test]
async fn what_is_gone_is_deleted() {
    let script = aws().on(DELETE, [gone()]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests(), [DELETE]);
}

#[tokio::test]
async fn an_import_reads_everything() {
    let script = aws().on(DESCRIBE, [described(json!({}))]);
    let stub = json!({"cluster_name": "production", "addon_name": "coredns"});
    let answer = with(&script).read(&stub).await;
    let expected = with(&script).value(&state(json!({})));
    assert_eq!(to_json(&answer.state), to_json(&expected));
}

/// What hashicorp/aws has in its state after a refresh of the least configuration.
fn moved() -> Json {
    json!({
        "addon_name": "coredns", "addon_version": "v1.12.4-eksbuild.9", "arn": ARN,
        "cluster_name": "production", "configuration_values": "",
        "created_at": "2025-10-09T08:53:20Z", "id": "production:coredns",
        "modified_at": "2025-10-09T08:53:20Z", "pod_identity_association": [], "preserve": null,
        "resolve_conflicts_on_create": null, "resolve_conflicts_on_update": null,
        "service_account_role_arn": "", "tags": {}, "tags_all": {}, "timeouts": null,
    })
}

#[tokio::test]
async fn the_plan_over_a_moved_state_is_empty() {
    let script = aws().on(DESCRIBE, [described(json!({}))]);
    let harness = with(&script);
    let newer = merged(
        moved(),
        json!({"region": "eu-west-1", "namespace_config": []}),
    );
    let overwriting = json!({"resolve_conflicts_on_create": "OVERWRITE", "resolve_conflicts_on_update": "OVERWRITE"});
    let overwritten = merged(moved(), overwriting.clone());
    // Before version 6 of hashicorp/aws.
    let both = merged(moved(), json!({"resolve_conflicts": "OVERWRITE"}));
    let preserving = merged(moved(), json!({"resolve_conflicts": "PRESERVE"}));
    let update = json!({"resolve_conflicts": "NONE", "resolve_conflicts_on_update": "PRESERVE"});
    let update = merged(moved(), update);
    let on_update = |value: &str| config(json!({"resolve_conflicts_on_update": value}));
    for (before, config) in [
        (moved(), config(json!({}))),
        (newer, config(json!({}))),
        (overwritten, config(overwriting.clone())),
        (both, config(overwriting)),
        (preserving, on_update("PRESERVE")),
        (update, on_update("PRESERVE")),
    ] {
        let state = harness.moved("aws_eks_addon", &before).await;
        assert_eq!(harness.changes(&state, &config).await, NONE, "{before}");
    }
}
