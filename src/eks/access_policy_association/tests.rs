//! Tests of access policy associations as Terraform would drive them: through the framework, with AWS as a script.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Resource, to_json};

use super::AccessPolicyAssociation;
use crate::kind::Managed;
use crate::testing::{Answer, Harness, Script, merged, now, texts};

const ROLE: &str = "arn:aws:iam::123456789012:role/admin";
const VIEW: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const EDIT: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const OFFERED: &str = "GET /access-policies";
const LIST: &str = "GET /clusters/production/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fadmin/access-policies";
const ASSOCIATE: &str = "POST /clusters/production/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fadmin/access-policies";
const DISASSOCIATE: &str = "DELETE /clusters/production/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fadmin/access-policies/\
     arn%3Aaws%3Aeks%3A%3Aaws%3Acluster-access-policy%2FAmazonEKSViewPolicy";
const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<AccessPolicyAssociation>(script.clone())
}

fn config(more: Json) -> Json {
    let least = json!({
        "cluster_name": "production",
        "principal_arn": ROLE,
        "policy_arn": VIEW,
        "access_scope": [{"type": "cluster"}],
    });
    merged(least, more)
}

fn state(more: Json) -> Json {
    let known = json!({
        "id": format!("production#{ROLE}#{VIEW}"),
        "associated_at": "1970-01-01T00:00:00Z",
        "modified_at": "1970-01-01T00:00:00Z",
        "region": "eu-west-1",
    });
    merged(merged(config(json!({})), known), more)
}

fn association(policy: &str, scope: Json, at: f64) -> Json {
    json!({"policyArn": policy, "accessScope": scope, "associatedAt": at, "modifiedAt": at})
}

fn whole() -> Json {
    json!({"type": "cluster", "namespaces": []})
}

fn listed(associations: &[Json]) -> Answer {
    Answer::Body(json!({"associatedAccessPolicies": associations}))
}

fn associated(association: Json) -> Answer {
    Answer::Body(json!({"associatedAccessPolicy": association}))
}

fn offered() -> Answer {
    Answer::Body(json!({"accessPolicies": [{"arn": VIEW}, {"arn": EDIT}]}))
}

fn no_entry() -> Answer {
    let message = "The specified principalArn could not be found. You can view your available access entries with \
                   'list-access-entries'.";
    Answer::Error(404, "ResourceNotFoundException", message.to_owned())
}

#[tokio::test]
async fn makes_it_where_there_is_none_and_plans_nothing_more() {
    let script = Script::default()
        .on(OFFERED, [offered()])
        .on(LIST, [listed(&[association(EDIT, whole(), 0.0)])])
        .on(ASSOCIATE, [associated(association(VIEW, whole(), 0.0))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
    let after = with(&script)
        .plan(&to_json(&answer.state), &config(json!({})))
        .await;
    assert_eq!(after.planned, answer.state);
}

#[tokio::test]
async fn an_entry_that_was_made_a_moment_ago_is_waited_for() {
    let script = Script::default()
        .on(OFFERED, [offered()])
        .on(LIST, [no_entry(), listed(&[])])
        .on(
            ASSOCIATE,
            [no_entry(), associated(association(VIEW, whole(), 0.0))],
        );
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
}

#[tokio::test]
async fn one_that_is_there_is_not_overwritten() {
    let theirs = association(VIEW, json!({"type": "namespace", "namespaces": ["a"]}), 0.0);
    let script = Script::default()
        .on(OFFERED, [offered()])
        .on(LIST, [listed(&[theirs])]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with("policy_arn: "), "{said}");
    assert!(
        said.contains(&format!("id = \"production#{ROLE}#{VIEW}\"")),
        "{said}"
    );
    assert_eq!(script.changes(), "");
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let ours = association(VIEW, whole(), now());
    let script = Script::default()
        .on(OFFERED, [offered()])
        .on(LIST, [listed(&[]), listed(&[ours])])
        .on(ASSOCIATE, [Answer::Lost]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("policy_arn").as_str(), Some(VIEW));
}

#[tokio::test]
async fn another_scope_is_a_change_in_place() {
    let scope = json!({"type": "namespace", "namespaces": ["a", "b"]});
    let changed = association(VIEW, scope.clone(), 0.0);
    let script = Script::default()
        .on(ASSOCIATE, [associated(changed.clone())])
        .on(LIST, [listed(&[changed])]);
    let scoped = config(json!({"access_scope": [scope]}));
    let answer = with(&script).apply(&state(json!({})), &scoped).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let expected = format!(
        "{ASSOCIATE} {{\"accessScope\":{{\"namespaces\":[\"a\",\"b\"],\"type\":\"namespace\"}},\"policyArn\":\"{VIEW}\"}}\n"
    );
    assert_eq!(script.changes(), expected);
}

/// A hundred are on a page at most.
#[tokio::test]
async fn reads_every_page() {
    let first =
        json!({"associatedAccessPolicies": [association(EDIT, whole(), 0.0)], "nextToken": "2"});
    let last = listed(&[association(VIEW, whole(), 0.0)]);
    let script = Script::default().on(LIST, [Answer::Body(first), last]);
    let answer = with(&script).read(&state(json!({}))).await;
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn one_that_is_gone_is_gone() {
    for answer in [listed(&[association(EDIT, whole(), 0.0)]), no_entry()] {
        let script = Script::default().on(LIST, [answer]);
        assert!(with(&script).read(&state(json!({}))).await.state.is_null());
    }
    let script = Script::default().on(DISASSOCIATE, [no_entry()]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests(), [DISASSOCIATE]);
}

#[test]
fn an_import_id_has_three_parts() {
    let stub =
        Managed::<AccessPolicyAssociation>::import(&format!("production#{ROLE}#{VIEW}")).unwrap();
    assert_eq!(stub.principal_arn, ROLE);
    assert_eq!(stub.policy_arn, VIEW);
    let wrong = Managed::<AccessPolicyAssociation>::import(&format!("production#{ROLE}"));
    let said = wrong.unwrap_err().detail;
    assert!(
        said.contains("cluster_name#principal_arn#policy_arn"),
        "{said}"
    );
}

#[tokio::test]
async fn takes_over_the_state_of_hashicorp_aws() {
    let theirs = json!({
        "access_scope": [{"namespaces": [], "type": "cluster"}],
        "associated_at": "1970-01-01 00:00:00 +0000 UTC",
        "cluster_name": "production",
        "id": format!("production#{ROLE}#{VIEW}"),
        "modified_at": "1970-01-01 00:00:00 +0000 UTC",
        "policy_arn": VIEW,
        "principal_arn": ROLE,
        "region": "eu-west-1",
        "timeouts": null,
    });
    let script = Script::default().on(LIST, [listed(&[association(VIEW, whole(), 0.0)])]);
    let harness = with(&script);
    let moved = harness
        .moved("aws_eks_access_policy_association", &theirs)
        .await;
    assert_eq!(harness.changes(&moved, &config(json!({}))).await, NONE);
}

#[tokio::test]
async fn policies_that_eks_does_not_have_are_refused_at_plan() {
    let script = Script::default().on(OFFERED, [offered()]);
    let typo = VIEW.replace("View", "Veiw");
    let plan = with(&script)
        .plan(&Json::Null, &config(json!({"policy_arn": typo})))
        .await;
    let said = texts(plan.diagnostics).join("");
    assert!(
        said.starts_with("policy_arn: Unknown access policy"),
        "{said}"
    );
    assert!(said.contains(VIEW) && said.contains(EDIT), "{said}");
    // What is there already is not checked again.
    let script = Script::default();
    with(&script)
        .plan(&state(json!({})), &config(json!({})))
        .await;
    assert_eq!(script.requests(), NONE);
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    assert_eq!(harness.validate(&config(json!({}))), NONE);
    let iam = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
    let scope = |kind: &str, namespaces: Json| json!({"access_scope": [{"type": kind, "namespaces": namespaces}]});
    let namespaces = "access_scope[0].namespaces";
    for (more, path) in [
        (json!({"policy_arn": iam}), "policy_arn"),
        (json!({"policy_arn": "AmazonEKSViewPolicy"}), "policy_arn"),
        (json!({"principal_arn": "admin"}), "principal_arn"),
        (scope("pod", json!(["a"])), "access_scope[0].type"),
        (scope("namespace", Json::Null), namespaces),
        (scope("namespace", json!([])), namespaces),
        (scope("cluster", json!(["a"])), namespaces),
        (scope("namespace", json!(["A"])), namespaces),
    ] {
        let said = harness.validate(&config(more.clone()));
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("{path}: ")),
            "{more}: {said:?}"
        );
    }
    let said = harness
        .validate(&config(json!({"policy_arn": iam})))
        .join("");
    assert!(
        said.contains("a policy of IAM permits nothing in Kubernetes"),
        "{said}"
    );
    let some = scope("namespace", json!(["a", "dev-*"]));
    assert_eq!(harness.validate(&config(some)), NONE);
}
