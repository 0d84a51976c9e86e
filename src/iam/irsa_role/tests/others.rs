//! Policies that others gave the role: which are left alone, and what is remembered to tell them apart.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::{
    NONE, OWN, POLICY, attached, config, given, inline, inline_names, refused, settled, state, with,
};
use crate::testing::{merged, texts};

const FOREIGN: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

#[tokio::test]
async fn what_others_gave_is_left_alone_unless_exclusive() {
    let script = || {
        settled()
            .on("ListAttachedRolePolicies", [attached(&[POLICY, FOREIGN])])
            .on("ListRolePolicies", [inline_names(&["theirs"])])
            .on("GetRolePolicy", [inline("theirs", OWN)])
    };
    let ours = json!({"policy_arns": [POLICY]});
    let read = with(&script()).read(&state(ours.clone())).await;
    assert_eq!(to_json(read.state.get("policy_arns")), json!([POLICY]));
    let exclusive = json!({"policy_arns": [POLICY], "exclusive": true});
    let read = with(&script()).read(&state(exclusive.clone())).await;
    assert_eq!(
        to_json(read.state.get("policy_arns")),
        json!([POLICY, FOREIGN])
    );
    assert_eq!(
        to_json(read.state.get("inline_policies")),
        json!({"theirs": OWN})
    );
    // Becoming exclusive takes away what was in no state.
    let script = script();
    with(&script).apply(&state(ours), &config(exclusive)).await;
    assert_eq!(
        script.changes(),
        format!(
            "DetachRolePolicy RoleName=reader PolicyArn={FOREIGN}\nDeleteRolePolicy RoleName=reader PolicyName=theirs\n"
        )
    );
}

/// What the plan warns of, and what the apply takes away, of a role that has two policies of each kind in its state.
async fn taken(private: &[u8], exclusive: [bool; 2], wanted: Json) -> (Vec<String>, String) {
    let both = json!({
        "policy_arns": [POLICY, FOREIGN],
        "inline_policies": {"own": OWN, "theirs": OWN},
        "exclusive": exclusive[0],
    });
    let script = settled()
        .on("ListAttachedRolePolicies", [attached(&[POLICY, FOREIGN])])
        .on("ListRolePolicies", [inline_names(&["own", "theirs"])])
        .on("GetRolePolicy", [inline("own", OWN)]);
    let config = config(merged(wanted, json!({"exclusive": exclusive[1]})));
    let harness = with(&script).with_private(private);
    let mut plan = harness.plan(&state(both.clone()), &config).await;
    let said = texts(std::mem::take(&mut plan.diagnostics));
    harness.carry_out(&state(both), &config, plan).await;
    (said, script.changes())
}

#[tokio::test]
async fn only_what_was_configured_is_taken_away_unless_exclusive() {
    let ours = json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}});
    let given = given(&[POLICY], &["own"]);
    let detach = |arn: &str| format!("DetachRolePolicy RoleName=reader PolicyArn={arn}\n");
    let remove = |name: &str| format!("DeleteRolePolicy RoleName=reader PolicyName={name}\n");
    let stays = "arn:aws:iam::aws:policy/ReadOnlyAccess, theirs, so they stay";
    // Exclusive no more: what others gave meanwhile is in the state.
    let (said, changes) = taken(&given, [true, false], ours.clone()).await;
    assert!(said.len() == 1 && said[0].contains(stays), "{said:?}");
    assert_eq!(changes, "");
    // The same while something of ours goes.
    let (said, changes) = taken(&given, [true, false], json!({})).await;
    assert!(said.len() == 1 && said[0].contains(stays), "{said:?}");
    assert_eq!(changes, detach(POLICY) + &remove("own"));
    // Right after an import.
    let (said, changes) = taken(b"", [false, false], json!({})).await;
    let all = format!("{POLICY}, {FOREIGN}, own, theirs, so they stay");
    assert!(said.len() == 1 && said[0].contains(&all), "{said:?}");
    assert_eq!(changes, "");
    let (said, changes) = taken(&given, [true, true], ours).await;
    assert_eq!(said, NONE);
    assert_eq!(changes, detach(FOREIGN) + &remove("theirs"));
}

#[tokio::test]
async fn remembers_what_it_gave_even_when_the_change_fails() {
    let memory = |private: Vec<u8>| serde_json::from_slice::<Json>(&private).unwrap();
    let both = config(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
    let made = with(&settled()).apply(&Json::Null, &both).await;
    assert_eq!(memory(made.private), memory(given(&[POLICY], &["own"])));
    let script = settled().on("PutRolePolicy", [refused()]);
    let harness = with(&script).with_private(&given(&[FOREIGN], &[]));
    let failed = harness.apply(&state(json!({})), &both).await;
    assert!(failed.diagnostics.has_errors());
    assert_eq!(
        memory(failed.private),
        memory(given(&[POLICY, FOREIGN], &["own"]))
    );
}

/// An import of a role, a plan without a difference, this change of another argument, and then the removal of a policy of
/// each kind: what its plan says, and what its apply takes away.
async fn removed_after(change: Option<Json>) -> (Vec<String>, String) {
    let aws = || {
        settled()
            .on("ListAttachedRolePolicies", [attached(&[POLICY, FOREIGN])])
            .on("ListRolePolicies", [inline_names(&["own"])])
            .on("GetRolePolicy", [inline("own", OWN)])
    };
    let both = config(json!({"policy_arns": [POLICY, FOREIGN], "inline_policies": {"own": OWN}}));
    let imported = with(&aws()).read(&json!({"name": "reader"})).await;
    let (mut prior, mut private) = (to_json(&imported.state), imported.private);
    let plan = with(&aws()).plan(&prior, &both).await;
    assert_eq!(plan.planned, imported.state);
    let more = change.clone().unwrap_or(json!({}));
    if change.is_some() {
        let harness = with(&aws()).with_private(&private);
        let answer = harness.apply(&prior, &merged(both, more.clone())).await;
        (prior, private) = (to_json(&answer.state), answer.private);
    }
    let script = aws();
    let harness = with(&script).with_private(&private);
    let wanted = merged(config(json!({"policy_arns": [FOREIGN]})), more);
    let mut plan = harness.plan(&prior, &wanted).await;
    let said = texts(std::mem::take(&mut plan.diagnostics));
    harness.carry_out(&prior, &wanted, plan).await;
    (said, script.changes())
}

#[tokio::test]
async fn an_imported_role_keeps_policies_until_a_change_was_applied() {
    let (said, changes) = removed_after(None).await;
    assert_eq!(changes, "");
    assert_eq!(said.len(), 1, "{said:?}");
    for way_out in [
        "exclusive = true",
        "\n  aws iam detach-role-policy --role-name reader --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\n",
        "\n  aws iam delete-role-policy --role-name reader --policy-name own",
    ] {
        assert!(said[0].contains(way_out), "{said:?}");
    }
    assert!(!said[0].contains(FOREIGN), "{said:?}");
    // From any change on it is known what the configuration gave.
    for change in [
        json!({"force_detach_policies": true}),
        json!({"tags": {"team": "a"}}),
    ] {
        let (said, changes) = removed_after(Some(change)).await;
        assert_eq!(said, NONE);
        let taken = format!(
            "DetachRolePolicy RoleName=reader PolicyArn={POLICY}\nDeleteRolePolicy RoleName=reader PolicyName=own\n"
        );
        assert!(changes.ends_with(&taken), "{changes}");
    }
}
