//! Changes: what they send, and how they end.

use serde_json::{Value as Json, json};

use super::*;
use crate::testing::{refused, texts};

const NEWER: &str = "v1.12.4-eksbuild.10";
const OLD_ROLE: &str = "arn:aws:iam::123456789012:role/old";
const OTHER_ROLE: &str = "arn:aws:iam::123456789012:role/other";

/// The bodies of the updates that a change takes, without their tokens.
async fn sent(prior: Json, config: Json) -> Vec<Json> {
    let script = aws()
        .on(UPDATE, [updating()])
        .on(
            DESCRIBE_UPDATE,
            [update_ends("InProgress"), update_ends("Successful")],
        )
        .on(DESCRIBE, [described(json!({}))]);
    with(&script).apply(&prior, &config).await;
    let changes = script.changes();
    let bodies = changes
        .lines()
        .map(|change| change.strip_prefix(UPDATE).unwrap());
    let body = |body| {
        merged(
            serde_json::from_str(body).unwrap(),
            json!({"clientRequestToken": null}),
        )
    };
    bodies.map(body).collect()
}

#[tokio::test]
async fn sends_what_differs() {
    let association = json!([{"role_arn": ROLE, "service_account": "dns"}]);
    let sent_association = json!([{"roleArn": ROLE, "serviceAccount": "dns"}]);
    for (before, after, expected) in [
        (
            json!({}),
            json!({"addon_version": NEWER}),
            json!({"addonVersion": NEWER}),
        ),
        (
            json!({}),
            json!({"version_policy": "latest"}),
            json!({"addonVersion": NEWER}),
        ),
        (
            json!({}),
            json!({"configuration_values": "{}"}),
            json!({"configurationValues": "{}"}),
        ),
        (
            json!({"configuration_values": "{}"}),
            json!({"addon_version": NEWER}),
            json!({"addonVersion": NEWER}),
        ),
        (
            json!({}),
            json!({"service_account_role_arn": ROLE, "resolve_conflicts_on_update": "PRESERVE"}),
            json!({"serviceAccountRoleArn": ROLE, "resolveConflicts": "PRESERVE"}),
        ),
        // Without the role it would be gone.
        (
            json!({"service_account_role_arn": ROLE}),
            json!({"service_account_role_arn": ROLE, "addon_version": NEWER}),
            json!({"serviceAccountRoleArn": ROLE, "addonVersion": NEWER}),
        ),
        (
            json!({"service_account_role_arn": ROLE}),
            json!({}),
            json!({}),
        ),
        (
            json!({}),
            json!({"pod_identity_association": association.clone()}),
            json!({"podIdentityAssociations": sent_association}),
        ),
        (
            json!({"pod_identity_association": association}),
            json!({}),
            json!({"podIdentityAssociations": []}),
        ),
    ] {
        let expected = merged(json!({"resolveConflicts": "NONE"}), expected);
        assert_eq!(sent(state(before), config(after)).await, [expected]);
    }
}

#[tokio::test]
async fn what_counts_here_only_is_no_matter_of_aws() {
    for more in [
        json!({"preserve": true}),
        json!({"version_policy": "default"}),
        json!({"resolve_conflicts_on_update": "PRESERVE"}),
    ] {
        let script = aws().on(DESCRIBE, [described(json!({}))]);
        let answer = with(&script)
            .apply(&state(json!({})), &config(more.clone()))
            .await;
        assert_eq!(texts(answer.diagnostics), NONE);
        assert_eq!(script.changes(), "");
        for (name, value) in more.as_object().unwrap() {
            assert_eq!(tfplugin_rs::tf::to_json(answer.state.get(name)), *value);
        }
    }
}

/// What is said when an update is reported as failed, and AWS then says this of the add-on.
async fn failed(before: &str, said: impl IntoIterator<Item = Answer>) -> String {
    let script = aws()
        .on(UPDATE, [updating()])
        .on(DESCRIBE_UPDATE, [update_ends("Failed")])
        .on(DESCRIBE, said);
    let newer = config(json!({"addon_version": NEWER}));
    let prior = state(json!({"status": before}));
    let answer = with(&script).apply(&prior, &newer).await;
    texts(answer.diagnostics).join("\n")
}

// hashicorp/terraform-provider-aws#49104.
#[tokio::test]
async fn a_failure_that_mends_itself_is_none() {
    let newer = || json!({"addonVersion": NEWER});
    let looks = [degraded(newer()), degraded(newer()), described(newer())];
    assert_eq!(failed("ACTIVE", looks).await, "");
    assert_eq!(failed("DEGRADED", [degraded(newer())]).await, "");
}

/// What is said when such an update is reported as failed, of an add-on that AWS describes so.
async fn failed_at(wanted: Json, more: Json) -> String {
    let prior = json!({
        "configuration_values": "{\"replicaCount\":1}",
        "pod_identity_association": [{"role_arn": OLD_ROLE, "service_account": "dns"}],
    });
    let script = aws()
        .on(UPDATE, [updating()])
        .on(DESCRIBE_UPDATE, [update_ends("Failed")])
        .on(ASSOCIATION, [associated()])
        .on(DESCRIBE, [described(more)]);
    let answer = with(&script).apply(&state(prior), &config(wanted)).await;
    texts(answer.diagnostics).join("\n")
}

#[tokio::test]
async fn what_has_landed_is_told_by_its_meaning() {
    const MADE: &str = "arn:aws:eks:eu-west-1:123456789012:podidentityassociation/production/a-1";
    let associated = |more: Json| merged(json!({"podIdentityAssociations": [MADE]}), more);
    let wanted = |role: &str| {
        json!({
            "configuration_values": "{ \"replicaCount\": 2 }",
            "pod_identity_association": [{"role_arn": role, "service_account": "dns"}],
        })
    };
    let spelled = associated(json!({"configurationValues": "{\"replicaCount\":2}"}));
    assert_eq!(failed_at(wanted(ROLE), spelled.clone()).await, "");
    // The association has another role, the values are those of before, or there is no association.
    let before = associated(json!({"configurationValues": "{\"replicaCount\":1}"}));
    let alone = json!({"configurationValues": "{\"replicaCount\":2}"});
    for (role, more) in [(OTHER_ROLE, spelled), (ROLE, before), (ROLE, alone)] {
        let said = failed_at(wanted(role), more).await;
        assert!(said.contains("The add-on is unhealthy."), "{said}");
    }
}

#[tokio::test]
async fn a_failure_that_stays_is_one() {
    let expected = "InsufficientNumberOfReplicas: The add-on is unhealthy.";
    let newer = json!({"addonVersion": NEWER});
    let unmended = described(json!({"status": "UPDATE_FAILED"}));
    for (before, said) in [
        ("ACTIVE", degraded(newer)),
        ("ACTIVE", unmended),
        // As healthy as before, with what it was before.
        ("ACTIVE", described(json!({}))),
        ("DEGRADED", degraded(json!({}))),
    ] {
        let said = failed(before, [said]).await;
        assert!(said.contains(expected), "{said}");
    }
}

#[tokio::test]
async fn waits_for_the_update_of_somebody_else() {
    let message = "Addon coredns cannot be updated as it is currently in UPDATING state";
    let script = aws()
        .on(
            UPDATE,
            [refused("ResourceInUseException", message), updating()],
        )
        .on(DESCRIBE_UPDATE, [update_ends("Successful")])
        .on(DESCRIBE, [described(json!({"addonVersion": NEWER}))]);
    let newer = config(json!({"addon_version": NEWER}));
    let answer = with(&script).apply(&state(json!({})), &newer).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.changes().lines().count(), 2);
}
