//! What is taken away from a role before it is deleted, and what is in the way.

use serde_json::{Value as Json, json};

use super::{NONE, POLICY, actions, attached, done, inline_names, no_such, settled, state, with};
use crate::eks::testing::{Answer, texts};

const OWN: &str = "{}";

#[tokio::test]
async fn takes_away_what_it_gave_and_deletes() {
    let script = settled();
    let prior = state(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
    let answer = with(&script).apply(&prior, &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        actions(&script),
        ["DetachRolePolicy", "DeleteRolePolicy", "DeleteRole"]
    );
}

#[tokio::test]
async fn what_is_gone_is_deleted() {
    let script = settled()
        .on("DetachRolePolicy", [no_such("role")])
        .on("DeleteRole", [no_such("role")]);
    let prior = state(json!({"policy_arns": [POLICY]}));
    let answer = with(&script).apply(&prior, &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
}

fn conflict() -> Answer {
    Answer::Error(
        409,
        "DeleteConflict",
        "Cannot delete entity, must detach all policies first.".to_owned(),
    )
}

#[tokio::test]
async fn names_what_others_gave_when_it_is_in_the_way() {
    let script = settled()
        .on("DeleteRole", [conflict()])
        .on("ListAttachedRolePolicies", [attached(&[POLICY])])
        .on("ListRolePolicies", [inline_names(&["theirs"])]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.contains(&format!("{POLICY}, theirs")), "{said}");
    assert!(said.contains("force_detach_policies = true"), "{said}");
    // Nothing is left: IAM only does not know it everywhere yet.
    let script = settled()
        .on("DeleteRole", [conflict(), done("DeleteRole")])
        .on("ListRolePolicies", [inline_names(&[])]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
}

#[tokio::test]
async fn force_takes_away_everything() {
    let profiles = "<InstanceProfiles><member><Path>/</Path><InstanceProfileName>nodes</InstanceProfileName>\
                    <InstanceProfileId>AIPA</InstanceProfileId><Arn>arn:aws:iam::123456789012:instance-profile/nodes</Arn>\
                    <CreateDate>2026-01-02T03:04:05Z</CreateDate><Roles></Roles></member></InstanceProfiles>\
                    <IsTruncated>false</IsTruncated>";
    let script = settled()
        .on(
            "ListInstanceProfilesForRole",
            [super::iam("ListInstanceProfilesForRole", profiles)],
        )
        .on("ListAttachedRolePolicies", [attached(&[POLICY])])
        .on("ListRolePolicies", [inline_names(&["theirs"])]);
    let prior = state(json!({"force_detach_policies": true}));
    let answer = with(&script).apply(&prior, &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        script
            .changes()
            .lines()
            .map(|line| line.split(' ').next().unwrap())
            .collect::<Vec<_>>(),
        [
            "RemoveRoleFromInstanceProfile",
            "DetachRolePolicy",
            "DeleteRolePolicy",
            "DeleteRole"
        ]
    );
}
