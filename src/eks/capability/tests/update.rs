//! Changes in place: one request, with nothing in it but what differs.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::*;
use crate::testing::{refused, texts};

const DESCRIBE_UPDATE: &str = "GET /clusters/production/updates/u-1";

fn update(status: &str) -> Answer {
    Answer::Body(json!({"update": {"id": "u-1", "status": status}}))
}

fn aws(described: Answer) -> Script {
    Script::default()
        .on(UPDATE, [update("InProgress")])
        .on(
            DESCRIBE_UPDATE,
            [update("InProgress"), update("Successful")],
        )
        .on(DESCRIBE, [described])
}

/// What the change asks for.
async fn asks(prior: Json, wanted: Json) -> Vec<Json> {
    let script = aws(described_of("KRO", json!({})));
    with(&script).apply(&prior, &wanted).await;
    sent(&script, UPDATE)
}

async fn asks_of_argo_cd(prior: Json, wanted: Json, expected: Json) {
    let prior = state_of("ARGOCD", known_argo_cd(prior));
    let asked = asks(prior, config_of("ARGOCD", argo_cd(wanted))).await;
    assert_eq!(asked, [json!({"configuration": {"argoCd": expected}})]);
}

#[tokio::test]
async fn another_role_is_an_update_to_wait_for() {
    let writer = "arn:aws:iam::123456789012:role/writer";
    let script = aws(described_of("KRO", json!({"roleArn": writer})));
    let wanted = config_of("KRO", json!({"role_arn": writer}));
    let answer = with(&script)
        .apply(&state_of("KRO", json!({})), &wanted)
        .await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(sent(&script, UPDATE), [json!({"roleArn": writer})]);
    let looks = script.requests();
    let looks = looks.iter().filter(|request| *request == DESCRIBE_UPDATE);
    assert_eq!(looks.count(), 2);
    assert_eq!(answer.state.get("role_arn").as_str(), Some(writer));
}

#[tokio::test]
async fn users_get_a_role_and_lose_it() {
    let mappings = |mappings: &[Json]| json!({"rbac_role_mapping": mappings});
    let (set, removed) = ("addOrUpdateRoleMappings", "removeRoleMappings");
    asks_of_argo_cd(
        mappings(&[]),
        mappings(&[mapping("ADMIN", &["ann"])]),
        json!({"rbacRoleMappings": {set: [described_mapping("ADMIN", &["ann"])]}}),
    )
    .await;
    asks_of_argo_cd(
        mappings(&[mapping("ADMIN", &["ann"]), mapping("VIEWER", &["bob"])]),
        mappings(&[mapping("ADMIN", &["ann"])]),
        json!({"rbacRoleMappings": {removed: [described_mapping("VIEWER", &["bob"])]}}),
    )
    .await;
    asks_of_argo_cd(
        mappings(&[
            mapping("ADMIN", &["ann", "bob"]),
            mapping("EDITOR", &["eve"]),
        ]),
        mappings(&[
            mapping("ADMIN", &["bob", "cid"]),
            mapping("EDITOR", &["eve"]),
        ]),
        json!({"rbacRoleMappings": {
            set: [described_mapping("ADMIN", &["bob", "cid"])],
            removed: [described_mapping("ADMIN", &["ann"])],
        }}),
    )
    .await;
}

#[tokio::test]
async fn endpoints_are_set_as_a_whole_and_removed_with_the_block() {
    let access = |ids: &[&str]| json!({"network_access": [{"vpce_ids": ids}]});
    asks_of_argo_cd(
        access(&["vpce-0a"]),
        access(&["vpce-0a", "vpce-0b"]),
        json!({"networkAccess": {"vpceIds": ["vpce-0a", "vpce-0b"]}}),
    )
    .await;
    asks_of_argo_cd(
        access(&["vpce-0a"]),
        json!({}),
        json!({"networkAccess": {"vpceIds": []}}),
    )
    .await;
}

#[tokio::test]
async fn settings_of_ack_are_sent_where_they_differ() {
    let on = || json!({"enable_cross_namespace": true, "disabled_services": ["s3"]});
    let off = json!({"enableCrossNamespace": false, "disabledServices": []});
    for (prior, wanted, expected) in [
        (
            ack(json!({"enable_cross_namespace": false})),
            ack(json!({"enable_cross_namespace": true})),
            json!({"enableCrossNamespace": true}),
        ),
        (
            ack(on()),
            ack(json!({"enable_cross_namespace": true, "disabled_services": ["ec2"]})),
            json!({"disabledServices": ["ec2"]}),
        ),
        (
            json!({}),
            ack(on()),
            json!({"enableCrossNamespace": true, "disabledServices": ["s3"]}),
        ),
        (ack(on()), json!({}), off.clone()),
        (ack(on()), ack(json!({})), off),
    ] {
        let asked = asks(state_of("ACK", prior), config_of("ACK", wanted)).await;
        assert_eq!(asked, [json!({"configuration": {"ack": expected}})]);
    }
}

#[tokio::test]
async fn a_block_that_says_what_is_so_anyway_asks_for_nothing() {
    let script = aws(described_of("ACK", described_ack(false, &[])));
    let wanted = config_of("ACK", ack(json!({"enable_cross_namespace": false})));
    let prior = state_of("ACK", json!({}));
    let answer = with(&script).apply(&prior, &wanted).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.changes(), "");
    let state = to_json(&answer.state);
    let after = with(&script).plan(&state, &wanted).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn tags_alone_are_no_update() {
    let script = Script::default().on(
        "POST /tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Acapability%2Fproduction%2Fargocd%2Fgitops%2F6ac4",
        [Answer::Body(json!({}))],
    );
    let script = script.on(DESCRIBE, [described_of("KRO", json!({"tags": {"a": "b"}}))]);
    let wanted = config_of("KRO", json!({"tags": {"a": "b"}}));
    let answer = with(&script)
        .apply(&state_of("KRO", json!({})), &wanted)
        .await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.changes().lines().count(), 1, "{}", script.changes());
}

#[tokio::test]
async fn new_roles_and_other_updates_are_waited_for() {
    let writer = "arn:aws:iam::123456789012:role/writer";
    let lag = "Role provided in the request does not exist.";
    let lag = refused("InvalidParameterException", lag);
    let busy = "Capability gitops cannot be updated as it is currently in UPDATING status";
    let busy = refused("ResourceInUseException", busy);
    let script = aws(described_of("KRO", json!({"roleArn": writer})));
    let script = script.on(UPDATE, [lag, busy, update("InProgress")]);
    let wanted = config_of("KRO", json!({"role_arn": writer}));
    let answer = with(&script)
        .apply(&state_of("KRO", json!({})), &wanted)
        .await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(sent(&script, UPDATE).len(), 3);
}

#[tokio::test]
async fn a_failed_update_says_why() {
    let error = json!({"errorCode": "AccessDenied", "errorMessage": "The role may not"});
    let failed = json!({"update": {"id": "u-1", "status": "Failed", "errors": [error]}});
    let script = aws(described_of("KRO", json!({})));
    let script = script.on(DESCRIBE_UPDATE, [Answer::Body(failed)]);
    let writer = "arn:aws:iam::123456789012:role/writer";
    let wanted = config_of("KRO", json!({"role_arn": writer}));
    let answer = with(&script)
        .apply(&state_of("KRO", json!({})), &wanted)
        .await;
    let said = texts(answer.diagnostics).concat();
    assert!(said.contains("AccessDenied: The role may not"), "{said}");
    assert_eq!(answer.state.get("role_arn").as_str(), Some(ROLE));
}

#[tokio::test]
async fn a_degraded_one_is_mended_by_another_role() {
    let writer = "arn:aws:iam::123456789012:role/writer";
    let issue = json!({"code": "AccessDenied", "message": "The role may not"});
    let ill = described_of(
        "KRO",
        json!({"status": "DEGRADED", "health": {"issues": [issue]}}),
    );
    let well = described_of("KRO", json!({"roleArn": writer}));
    let script = aws(well.clone()).on(DESCRIBE, [ill, well]);
    let prior = state_of("KRO", json!({"status": "DEGRADED"}));
    let wanted = config_of("KRO", json!({"role_arn": writer}));
    let answer = with(&script).apply(&prior, &wanted).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("status").as_str(), Some("ACTIVE"));
}
