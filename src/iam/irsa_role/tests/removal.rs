//! What is taken away from a role before it is deleted, and what is in the way.

use serde_json::{Value as Json, json};

use super::{
    NONE, OWN, POLICY, actions, attached, done, iam, inline_names, no_such, settled, state, with,
};
use crate::eks::testing::{Answer, texts};

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

fn profiles(names: &[&str]) -> Answer {
    let members = names.iter().map(|name| {
        format!(
            "<member><Path>/</Path><InstanceProfileName>{name}</InstanceProfileName>\
             <InstanceProfileId>AIPA</InstanceProfileId>\
             <Arn>arn:aws:iam::123456789012:instance-profile/{name}</Arn>\
             <CreateDate>2026-01-02T03:04:05Z</CreateDate><Roles></Roles></member>"
        )
    });
    let members: String = members.collect();
    let result =
        format!("<InstanceProfiles>{members}</InstanceProfiles><IsTruncated>false</IsTruncated>");
    iam("ListInstanceProfilesForRole", &result)
}

#[tokio::test]
async fn names_what_others_gave_when_it_is_in_the_way() {
    const OTHER: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (policies, names, places, expected) in [
        (
            &[POLICY, OTHER][..],
            &["own"][..],
            &[][..],
            "policies (arn:aws:iam::aws:policy/ReadOnlyAccess) that",
        ),
        (&[], &["own", "theirs"], &[], "policies (theirs) that"),
        (
            &[],
            &[],
            &["nodes", "spot"],
            "instance profiles (nodes, spot) that",
        ),
        (
            &[OTHER],
            &[],
            &["nodes"],
            "ReadOnlyAccess) and instance profiles (nodes) that",
        ),
    ] {
        let script = settled()
            .on("DeleteRole", [conflict()])
            .on("ListAttachedRolePolicies", [attached(policies)])
            .on("ListRolePolicies", [inline_names(names)])
            .on("ListInstanceProfilesForRole", [profiles(places)]);
        let prior = state(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
        let answer = with(&script).apply(&prior, &Json::Null).await;
        let said = texts(answer.diagnostics).join("");
        assert!(said.contains(expected), "{said}");
        assert!(said.contains("force_detach_policies = true"), "{said}");
    }
}

#[tokio::test]
async fn waits_until_iam_knows_everywhere_that_all_is_gone() {
    // The lists are as old as the refusal.
    let script = settled()
        .on("DeleteRole", [conflict(), conflict(), done("DeleteRole")])
        .on(
            "ListAttachedRolePolicies",
            [attached(&[POLICY]), attached(&[])],
        )
        .on("ListRolePolicies", [inline_names(&[])])
        .on("ListInstanceProfilesForRole", [profiles(&[])]);
    let prior = state(json!({"policy_arns": [POLICY]}));
    let answer = with(&script).apply(&prior, &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
}

#[tokio::test]
async fn force_takes_away_everything() {
    let script = settled()
        .on("ListInstanceProfilesForRole", [profiles(&["nodes"])])
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
