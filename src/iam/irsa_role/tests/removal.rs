//! What is taken away from a role before it is deleted, and what is in the way.

use serde_json::{Value as Json, json};

use super::{
    NONE, OWN, POLICY, actions, attached, done, iam, inline_names, no_such, settled, state, with,
};
use crate::testing::{Answer, Script, texts};

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

/// What is said and what is changed when a role is deleted by force.
async fn by_force(script: Script) -> (Vec<String>, Vec<String>) {
    let prior = state(json!({"force_detach_policies": true}));
    let answer = with(&script).apply(&prior, &Json::Null).await;
    let changes = script.changes();
    let action = |line: &str| line.split(' ').next().unwrap().to_owned();
    (
        texts(answer.diagnostics),
        changes.lines().map(action).collect(),
    )
}

#[tokio::test]
async fn force_takes_away_everything() {
    let script = settled()
        .on("ListInstanceProfilesForRole", [profiles(&["nodes"])])
        .on("ListAttachedRolePolicies", [attached(&[POLICY])])
        .on("ListRolePolicies", [inline_names(&["theirs"])]);
    let (said, changes) = by_force(script).await;
    assert_eq!(said, NONE);
    assert_eq!(
        changes,
        [
            "RemoveRoleFromInstanceProfile",
            "DetachRolePolicy",
            "DeleteRolePolicy",
            "DeleteRole"
        ]
    );
}

fn denied(action: &str) -> Answer {
    let message = format!("User: cart is not authorized to perform: iam:{action}");
    Answer::Error(403, "AccessDenied", message)
}

#[tokio::test]
async fn force_needs_no_look_at_profiles_for_a_role_in_none() {
    let script = |profiles, policies| {
        settled()
            .on("ListInstanceProfilesForRole", [profiles])
            .on("ListAttachedRolePolicies", [policies])
            .on("ListRolePolicies", [inline_names(&[])])
    };
    let no_profiles = denied("ListInstanceProfilesForRole");
    let (said, changes) = by_force(script(no_profiles, attached(&[POLICY]))).await;
    assert_eq!(said, NONE);
    assert_eq!(changes, ["DetachRolePolicy", "DeleteRole"]);
    // What the role has of policies cannot be left out: nothing is taken away before that is known.
    let no_policies = denied("ListAttachedRolePolicies");
    let (said, changes) = by_force(script(profiles(&[]), no_policies)).await;
    assert!(said[0].contains("iam:ListAttachedRolePolicies"), "{said:?}");
    assert_eq!(changes, NONE);
    // Another failure does not say that there are none.
    let broken = Answer::Error(400, "ValidationError", "Not like this.".to_owned());
    let (said, changes) = by_force(script(broken, attached(&[POLICY]))).await;
    assert!(said[0].contains("Not like this"), "{said:?}");
    assert_eq!(changes, NONE);
}

#[tokio::test]
async fn force_waits_for_a_change_of_a_profile() {
    let busy = Answer::Error(
        409,
        "ConcurrentModification",
        "The request was rejected because multiple requests to change this object were submitted \
         simultaneously."
            .to_owned(),
    );
    let action = "RemoveRoleFromInstanceProfile";
    let script = settled()
        .on("ListInstanceProfilesForRole", [profiles(&["nodes"])])
        .on(action, [busy, done(action)])
        .on("ListRolePolicies", [inline_names(&[])]);
    let (said, changes) = by_force(script).await;
    assert_eq!(said, NONE);
    assert_eq!(changes, [action, action, "DeleteRole"]);
}
