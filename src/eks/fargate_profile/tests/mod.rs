//! Tests of Fargate profiles as Terraform would drive them: through the framework, with AWS as a script.

mod plan;
mod sources;

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::FargateProfile;
use crate::testing::{Answer, Harness, Script, merged, now, refused, texts};

const ARN: &str = "arn:aws:eks:eu-west-1:123456789012:fargateprofile/production/batch/2ac4";
const ROLE: &str = "arn:aws:iam::123456789012:role/pods";
const CREATE: &str = "POST /clusters/production/fargate-profiles";
const DESCRIBE: &str = "GET /clusters/production/fargate-profiles/batch";
const DELETE: &str = "DELETE /clusters/production/fargate-profiles/batch";
const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<FargateProfile>(script.clone())
}

/// The least that a configuration says, and more.
fn config(more: Json) -> Json {
    let least = json!({
        "cluster_name": "production",
        "fargate_profile_name": "batch",
        "pod_execution_role_arn": ROLE,
        "selector": [{"namespace": "batch"}],
    });
    merged(least, more)
}

/// The state of the least configuration after its creation, and more.
fn state(more: Json) -> Json {
    let known = json!({
        "id": "production:batch",
        "arn": ARN,
        "status": "ACTIVE",
        "subnet_ids": ["subnet-0a", "subnet-0b"],
        "health": [],
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config(json!({})), known), more)
}

/// What AWS says of the least profile, and more.
fn described(more: Json) -> Answer {
    let known = json!({
        "fargateProfileName": "batch",
        "fargateProfileArn": ARN,
        "clusterName": "production",
        "createdAt": now(),
        "podExecutionRoleArn": ROLE,
        "subnets": ["subnet-0b", "subnet-0a"],
        "selectors": [{"namespace": "batch", "labels": {}}],
        "status": "ACTIVE",
        "tags": {},
        "health": {"issues": []},
    });
    Answer::Body(json!({"fargateProfile": merged(known, more)}))
}

fn gone() -> Answer {
    Answer::Error(
        404,
        "ResourceNotFoundException",
        "No Fargate Profile found".to_owned(),
    )
}

fn busy(verb: &str, status: &str) -> Answer {
    refused(
        "ResourceInUseException",
        &format!(
            "Cannot {verb} Fargate Profile batch because cluster production currently has Fargate profile other in \
             status {status}"
        ),
    )
}

/// The body of the only creation, without its token.
fn created(script: &Script) -> Json {
    let requests = script.requests();
    let bodies: Vec<_> = requests
        .iter()
        .filter_map(|it| it.strip_prefix(CREATE))
        .collect();
    assert_eq!(bodies.len(), 1, "{requests:?}");
    let body: Json = serde_json::from_str(bodies[0]).unwrap();
    assert!(body["clientRequestToken"].is_string(), "{body}");
    merged(body, json!({"clientRequestToken": null}))
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
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = json!({
        "fargateProfileName": "batch",
        "podExecutionRoleArn": ROLE,
        "selectors": [{"namespace": "batch"}],
    });
    assert_eq!(created(&script), expected);
    let applied = to_json(&answer.state);
    assert_eq!(applied, to_json(&with(&script).value(&state(json!({})))));
    let after = with(&script).plan(&applied, &config(json!({}))).await;
    assert_eq!(to_json(&after.planned), applied);
}

#[tokio::test]
async fn sends_every_argument() {
    let labels = json!({"compute": "fargate", "team/*": "a?"});
    let described = described(json!({
        "selectors": [{"namespace": "team-*", "labels": labels}],
        "subnets": ["subnet-0a"],
        "tags": {"a": "b"},
    }));
    let script = Script::default()
        .on(CREATE, [described.clone()])
        .on(DESCRIBE, [described]);
    let all = config(json!({
        "selector": [{"namespace": "team-*", "labels": labels}],
        "subnet_ids": ["subnet-0a"],
        "tags": {"a": "b"},
    }));
    let answer = with(&script).apply(&Json::Null, &all).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = json!({
        "fargateProfileName": "batch",
        "podExecutionRoleArn": ROLE,
        "selectors": [{"namespace": "team-*", "labels": labels}],
        "subnets": ["subnet-0a"],
        "tags": {"a": "b"},
    });
    assert_eq!(created(&script), expected);
}

#[tokio::test]
async fn waits_for_other_profiles_and_for_the_role() {
    let trust = "Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service \
                 Principal";
    let answers = [
        busy("create", "DELETING"),
        refused("InvalidParameterException", trust),
        described(json!({})),
    ];
    let script = Script::default()
        .on(CREATE, answers)
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let requests = script.requests();
    assert_eq!((requests.len(), requests[3].as_str()), (4, DESCRIBE));
}

#[tokio::test]
async fn a_failed_creation_tells_every_issue() {
    let issue = json!({"code": "PodExecutionRoleAlreadyInUse", "message": "Role in use", "resourceIds": [ROLE]});
    let failed = described(json!({"status": "CREATE_FAILED", "health": {"issues": [issue]}}));
    let script = Script::default()
        .on(CREATE, [described(json!({"status": "CREATING"}))])
        .on(DESCRIBE, [failed]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).concat();
    let expected = format!("PodExecutionRoleAlreadyInUse: Role in use [{ROLE}]");
    assert!(said.contains(&expected), "{said}");
    assert_eq!(answer.state.get("status").as_str(), Some("CREATE_FAILED"));
    let state = to_json(&answer.state);
    let next = with(&script).plan(&state, &config(json!({}))).await;
    assert_eq!(
        next.replace
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["status"]
    );
}

#[tokio::test]
async fn one_that_is_there_is_an_error_with_the_way_out() {
    let exists = "A Fargate Profile already exists with this name in this cluster.";
    let script = Script::default()
        .on(CREATE, [refused("ResourceInUseException", exists)])
        .on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).concat();
    assert!(said.starts_with("fargate_profile_name: "), "{said}");
    assert!(said.contains("id = \"production:batch\""), "{said}");
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn deletes_in_turn_and_waits_until_it_is_gone() {
    let script = Script::default()
        .on(
            DELETE,
            [
                busy("Delete", "CREATING"),
                described(json!({"status": "DELETING"})),
            ],
        )
        .on(
            DESCRIBE,
            [
                described(json!({})),
                described(json!({"status": "DELETING"})),
                gone(),
            ],
        );
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert!(answer.state.is_null());
    assert_eq!(
        script.requests(),
        [DELETE, DELETE, DESCRIBE, DESCRIBE, DESCRIBE]
    );
}

#[tokio::test]
async fn what_is_gone_is_deleted() {
    let script = Script::default().on(DELETE, [gone()]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests(), [DELETE]);
}

#[tokio::test]
async fn a_failed_deletion_says_why() {
    let issue = json!({"code": "ClusterUnreachable", "message": "No way in", "resourceIds": []});
    let failed = described(json!({"status": "DELETE_FAILED", "health": {"issues": [issue]}}));
    let script = Script::default()
        .on(DELETE, [described(json!({"status": "DELETING"}))])
        .on(DESCRIBE, [failed]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    let said = texts(answer.diagnostics).concat();
    assert!(said.contains("ClusterUnreachable: No way in"), "{said}");
}

#[tokio::test]
async fn tags_are_all_that_changes_in_place() {
    let script = Script::default()
        .on(
            "POST /tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Afargateprofile%2Fproduction%2Fbatch%2F2ac4",
            [Answer::Body(json!({}))],
        )
        .on(DESCRIBE, [described(json!({"tags": {"team": "a"}}))]);
    let tagged = config(json!({"tags": {"team": "a"}}));
    let answer = with(&script).apply(&state(json!({})), &tagged).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let changes = script.changes();
    assert!(
        changes.starts_with("POST /tags/") && changes.lines().count() == 1,
        "{changes}"
    );
}

#[tokio::test]
async fn an_unfinished_creation_is_resumed() {
    let creating = state(json!({"status": "CREATING"}));
    let script = Script::default().on(
        DESCRIBE,
        [
            described(json!({"status": "CREATING"})),
            described(json!({})),
        ],
    );
    let answer = with(&script).apply(&creating, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("status").as_str(), Some("ACTIVE"));
    assert_eq!(script.changes(), "");
}

#[tokio::test]
async fn an_import_reads_everything() {
    let stub = json!({"cluster_name": "production", "fargate_profile_name": "batch"});
    let script = Script::default().on(DESCRIBE, [described(json!({}))]);
    let answer = with(&script).read(&stub).await;
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
}

#[tokio::test]
async fn the_plan_over_a_moved_state_is_empty() {
    let theirs = json!({
        "arn": ARN,
        "cluster_name": "production",
        "fargate_profile_name": "batch",
        "id": "production:batch",
        "pod_execution_role_arn": ROLE,
        "selector": [{"labels": {}, "namespace": "batch"}],
        "status": "ACTIVE",
        "subnet_ids": ["subnet-0a", "subnet-0b"],
        "tags": {},
        "tags_all": {},
        "timeouts": null,
    });
    let script = Script::default().on(DESCRIBE, [described(json!({}))]);
    let harness = with(&script);
    // 5.x, right after an apply of it, and 6.x.
    for over in [
        json!({}),
        json!({"selector": [{"labels": null, "namespace": "batch"}]}),
        json!({"region": "eu-west-1"}),
    ] {
        let state = harness
            .moved("aws_eks_fargate_profile", &merged(theirs.clone(), over))
            .await;
        let subnets = json!({"subnet_ids": ["subnet-0a", "subnet-0b"]});
        for wanted in [config(json!({})), config(subnets)] {
            assert_eq!(harness.changes(&state, &wanted).await, NONE);
        }
    }
}
