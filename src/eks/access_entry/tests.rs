//! Tests of access entries as Terraform would drive them: through the framework, with AWS as a script.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::AccessEntry;
use crate::testing::{Answer, Harness, Script, merged, now, read, refused, texts};

const ROLE: &str = "arn:aws:iam::123456789012:role/team/admin";
const NAME: &str = "arn:aws:sts::123456789012:assumed-role/admin/{{SessionName}}";
const CREATE: &str = "POST /clusters/production/access-entries";
const ENTRY: &str =
    "/clusters/production/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fadmin";
const VIEW: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const EDIT: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const OFFERED: &str = "GET /access-policies";
const NONE: [&str; 0] = [];

fn describe() -> String {
    format!("GET {ENTRY}")
}

fn update() -> String {
    format!("POST {ENTRY}")
}

fn list() -> String {
    format!("GET {ENTRY}/access-policies")
}

fn associate() -> String {
    format!("POST {ENTRY}/access-policies")
}

fn disassociate(policy: &str) -> String {
    let name = policy.rsplit('/').next().unwrap();
    format!(
        "DELETE {ENTRY}/access-policies/arn%3Aaws%3Aeks%3A%3Aaws%3Acluster-access-policy%2F{name}"
    )
}

fn with(script: &Script) -> Harness {
    Harness::of::<AccessEntry>(script.clone())
}

fn config(more: Json) -> Json {
    merged(
        json!({"cluster_name": "production", "principal_arn": ROLE}),
        more,
    )
}

fn state(more: Json) -> Json {
    let known = json!({
        "type": "STANDARD",
        "kubernetes_groups": [],
        "user_name": NAME,
        "adopt_existing": false,
        "id": format!("production:{ROLE}"),
        "access_entry_arn": "arn:aws:eks:eu-west-1:123456789012:access-entry/production/role/123456789012/admin/1",
        "created_at": "2026-11-20T00:00:00Z",
        "modified_at": "2026-11-20T00:00:00Z",
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config(json!({})), known), more)
}

fn described(more: Json) -> Answer {
    let known = json!({
        "clusterName": "production",
        "principalArn": ROLE,
        "kubernetesGroups": [],
        "accessEntryArn": "arn:aws:eks:eu-west-1:123456789012:access-entry/production/role/123456789012/admin/1",
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": {},
        "username": NAME,
        "type": "STANDARD",
    });
    Answer::Body(json!({"accessEntry": merged(known, more)}))
}

/// As `access_policies` has it, and as AWS lists it.
fn policy(arn: &str, namespaces: &[&str]) -> Json {
    let kind = if namespaces.is_empty() {
        "cluster"
    } else {
        "namespace"
    };
    let scope = match namespaces {
        [] => json!({"type": kind}),
        some => json!({"type": kind, "namespaces": some}),
    };
    json!({"policy_arn": arn, "access_scope": scope})
}

fn associated(policies: &[(&str, &[&str])]) -> Answer {
    let listed = policies.iter().map(|(arn, namespaces)| {
        let kind = if namespaces.is_empty() {
            "cluster"
        } else {
            "namespace"
        };
        json!({"policyArn": arn, "accessScope": {"type": kind, "namespaces": namespaces}})
    });
    Answer::Body(json!({"associatedAccessPolicies": listed.collect::<Vec<_>>()}))
}

fn offered() -> Answer {
    let policy = |arn: &str| json!({"name": arn.rsplit('/').next(), "arn": arn});
    Answer::Body(json!({"accessPolicies": [policy(VIEW), policy(EDIT)]}))
}

fn one_associated() -> Answer {
    Answer::Body(json!({"associatedAccessPolicy": {"policyArn": VIEW}}))
}

fn exists() -> Answer {
    let message = "The specified access entry resource is already in use on this cluster.";
    refused("ResourceInUseException", message)
}

/// The SDK sends a token of its own with updates.
fn without_tokens(changes: &str) -> String {
    let cut = |line: &str| match line.split_once("\"clientRequestToken\":\"") {
        None => line.to_owned(),
        Some((before, after)) => {
            let after = after.split_once('"').unwrap().1;
            format!("{before}{}", after.trim_start_matches(','))
        }
    };
    changes
        .lines()
        .map(|line| cut(line).replace(ENTRY, "") + "\n")
        .collect()
}

#[tokio::test]
async fn makes_it_with_one_request_and_plans_nothing_more() {
    let script = Script::default().on(CREATE, [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let sent = without_tokens(&script.requests().join("\n"));
    let expected = format!("{CREATE} {{\"principalArn\":\"{ROLE}\",\"type\":\"STANDARD\"}}\n");
    assert_eq!(sent, expected);
    let state = to_json(&answer.state);
    assert_eq!(state["user_name"], json!(NAME));
    let after = with(&script).plan(&state, &config(json!({}))).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn names_of_nodes_are_left_to_eks() {
    let node = json!({
        "type": "EC2_LINUX",
        "username": "system:node:{{EC2PrivateDNSName}}",
        "kubernetesGroups": ["system:nodes"],
    });
    let script = Script::default().on(CREATE, [described(node)]);
    let nodes = config(json!({"type": "EC2_LINUX"}));
    let answer = with(&script).apply(&Json::Null, &nodes).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let state = to_json(&answer.state);
    assert_eq!(state["kubernetes_groups"], json!(["system:nodes"]));
    let after = with(&script).plan(&state, &nodes).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn a_principal_that_iam_has_not_made_known_yet_is_tried_again() {
    let lag = "The specified principalArn is invalid: invalid principal.";
    let lag = refused("InvalidParameterException", lag);
    let script = Script::default().on(CREATE, [lag, described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn one_that_is_there_is_an_error_with_the_way_out() {
    let script = Script::default()
        .on(CREATE, [exists()])
        .on(&describe(), [described(json!({"createdAt": 1}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with("principal_arn: "), "{said}");
    assert!(said.contains("set adopt_existing = true"), "{said}");
    assert!(
        said.contains(&format!("id = \"production:{ROLE}\"")),
        "{said}"
    );
    assert!(answer.state.is_null());
}

#[tokio::test]
async fn the_mode_of_the_cluster_is_what_to_change() {
    let message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this \
                   operation.";
    let script = Script::default().on(CREATE, [refused("InvalidRequestException", message)]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(
        said.contains("access_config { authentication_mode"),
        "{said}"
    );
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up() {
    let script = Script::default()
        .on(CREATE, [Answer::Lost, exists()])
        .on(&describe(), [described(json!({}))]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("user_name").as_str(), Some(NAME));
}

/// The policies of what is taken over are not known until they are listed, and have to become as planned as well.
#[tokio::test]
async fn one_that_is_adopted_becomes_as_planned() {
    let before = described(json!({"createdAt": 1, "kubernetesGroups": ["a"]}));
    let script = Script::default()
        .on(OFFERED, [offered()])
        .on(CREATE, [exists()])
        .on(&describe(), [before, described(json!({}))])
        .on(&update(), [described(json!({}))])
        .on(
            &list(),
            [associated(&[(EDIT, &[])]), associated(&[(VIEW, &[])])],
        )
        .on(&associate(), [one_associated()])
        .on(&disassociate(EDIT), [Answer::Body(json!({}))]);
    let adopting = config(json!({"adopt_existing": true, "access_policies": [policy(VIEW, &[])]}));
    let answer = with(&script).apply(&Json::Null, &adopting).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let changes = without_tokens(&script.changes());
    let expected = format!(
        "POST  {{\"kubernetesGroups\":[],\"username\":\"{NAME}\"}}\n\
         POST /access-policies {{\"accessScope\":{{\"type\":\"cluster\"}},\"policyArn\":\"{VIEW}\"}}\n{}\n",
        disassociate(EDIT).replace(ENTRY, "")
    );
    let (_, changes) = changes.split_once('\n').unwrap();
    assert_eq!(changes, expected);
}

/// Taken over as what it is not, it would be replaced by the next apply, and nodes would be locked out meanwhile.
#[tokio::test]
async fn one_of_another_type_is_not_adopted() {
    let script = Script::default().on(CREATE, [exists()]).on(
        &describe(),
        [described(json!({"createdAt": 1, "type": "EC2_LINUX"}))],
    );
    let adopting = config(json!({"adopt_existing": true}));
    let answer = with(&script).apply(&Json::Null, &adopting).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with("type: "), "{said}");
    assert!(said.contains("has type = \"EC2_LINUX\""), "{said}");
    assert!(answer.state.is_null());
    assert_eq!(script.changes().lines().count(), 1, "{}", script.changes());
}

/// What a change of the configuration sends.
async fn changes(prior: Json, config: Json, script: Script) -> String {
    let script = script
        .on(OFFERED, [offered()])
        .on(&update(), [described(json!({}))])
        .on(&describe(), [described(json!({}))])
        .on(&associate(), [one_associated()])
        .on(&disassociate(VIEW), [Answer::Body(json!({}))])
        .on(&disassociate(EDIT), [Answer::Body(json!({}))]);
    with(&script).apply(&prior, &config).await;
    without_tokens(&script.changes())
}

#[tokio::test]
async fn removes_groups_and_user_name_when_unset() {
    let prior = state(json!({"kubernetes_groups": ["a", "b"], "user_name": "team:ann"}));
    let sent = changes(prior.clone(), config(json!({})), Script::default()).await;
    assert_eq!(
        sent,
        format!("POST  {{\"kubernetesGroups\":[],\"username\":\"{NAME}\"}}\n")
    );
    let fewer = config(json!({"kubernetes_groups": ["a"], "user_name": "team:ann"}));
    let sent = changes(prior, fewer, Script::default()).await;
    assert_eq!(
        sent,
        "POST  {\"kubernetesGroups\":[\"a\"],\"username\":\"team:ann\"}\n"
    );
}

#[tokio::test]
async fn tags_alone_are_no_update() {
    let tagged = config(json!({"tags": {"team": "a"}}));
    let sent = changes(state(json!({})), tagged, Script::default()).await;
    assert!(
        sent.starts_with("POST /tags/") && sent.lines().count() == 1,
        "{sent}"
    );
}

#[tokio::test]
async fn makes_policies_after_the_entry_and_waits_until_it_is_known() {
    let missing = "The specified principalArn could not be found. You can view your available access entries with \
                   'list-access-entries'.";
    let missing = Answer::Error(404, "ResourceNotFoundException", missing.to_owned());
    let script = Script::default()
        .on(OFFERED, [offered()])
        .on(CREATE, [described(json!({}))])
        .on(
            &list(),
            [
                missing.clone(),
                associated(&[]),
                associated(&[]),
                associated(&[(VIEW, &["a"])]),
            ],
        )
        .on(&associate(), [missing, one_associated()]);
    let scoped = config(json!({"access_policies": [policy(VIEW, &["a"])]}));
    let answer = with(&script).apply(&Json::Null, &scoped).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let state = to_json(&answer.state);
    assert_eq!(state["access_policies"], json!([policy(VIEW, &["a"])]));
    let after = with(&script).plan(&state, &scoped).await;
    assert_eq!(to_json(&after.planned), state);
}

#[tokio::test]
async fn policies_change_in_place_and_only_those_that_differ() {
    let there: &[(&str, &[&str])] = &[(VIEW, &["a"]), (EDIT, &[])];
    let script = || Script::default().on(&list(), [associated(there)]);
    let prior = state(json!({"access_policies": [policy(VIEW, &["a"]), policy(EDIT, &[])]}));
    let wider = config(json!({"access_policies": [policy(VIEW, &["a", "b"]), policy(EDIT, &[])]}));
    let sent = changes(prior.clone(), wider, script()).await;
    let scope = "{\"namespaces\":[\"a\",\"b\"],\"type\":\"namespace\"}";
    assert_eq!(
        sent,
        format!("POST /access-policies {{\"accessScope\":{scope},\"policyArn\":\"{VIEW}\"}}\n")
    );
    let fewer = config(json!({"access_policies": [policy(VIEW, &["a"])]}));
    let sent = changes(prior.clone(), fewer, script()).await;
    assert_eq!(sent, disassociate(EDIT).replace(ENTRY, "") + "\n");
    let none = config(json!({"access_policies": []}));
    assert_eq!(
        changes(prior.clone(), none, script()).await.lines().count(),
        2
    );
    // No longer managed here.
    assert_eq!(changes(prior, config(json!({})), script()).await, "");
}

#[tokio::test]
async fn policies_are_read_only_where_they_are_managed() {
    let script = Script::default().on(&describe(), [described(json!({}))]);
    let answer = with(&script).read(&state(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(script.requests(), [describe()]);
    let script = script.on(&list(), [associated(&[(VIEW, &[]), (EDIT, &[])])]);
    let managed = state(json!({"access_policies": [policy(VIEW, &[])]}));
    let answer = with(&script).read(&managed).await;
    assert_eq!(answer.state.get("access_policies").len(), 2);
    let said = texts(answer.diagnostics).join("\n");
    assert!(said.contains("AmazonEKSEditPolicy is associated"), "{said}");
    assert!(!said.contains("AmazonEKSViewPolicy"), "{said}");
    assert!(said.contains("eks_access_policy_association"), "{said}");
}

#[tokio::test]
async fn policies_that_eks_does_not_have_are_refused_at_plan() {
    let script = Script::default().on(OFFERED, [offered()]);
    let typo = VIEW.replace("View", "Veiw");
    let wrong = config(json!({"access_policies": [policy(&typo, &[])]}));
    let plan = with(&script).plan(&Json::Null, &wrong).await;
    let said = texts(plan.diagnostics).join("");
    assert!(
        said.starts_with("access_policies: Unknown access policy"),
        "{said}"
    );
    assert!(said.contains(VIEW) && said.contains(EDIT), "{said}");
    // Without an answer the plan goes on.
    let plan = with(&Script::default()).plan(&Json::Null, &wrong).await;
    assert_eq!(texts(plan.diagnostics), NONE);
    let known = state(json!({"access_policies": [policy(VIEW, &[])]}));
    let rescoped = config(json!({"access_policies": [policy(VIEW, &["a"])]}));
    let script = Script::default();
    with(&script).plan(&known, &rescoped).await;
    assert_eq!(script.requests(), NONE);
}

#[tokio::test]
async fn entries_of_one_run_ask_once_which_policies_there_are() {
    let script = Script::default().on(OFFERED, [offered()]);
    let harness = with(&script).in_one_process();
    for name in [VIEW, EDIT] {
        let wanted = config(json!({"access_policies": [policy(name, &[])]}));
        let plan = harness.plan(&Json::Null, &wanted).await;
        assert_eq!(texts(plan.diagnostics), NONE);
    }
    assert_eq!(script.requests(), [OFFERED]);
}

#[tokio::test]
async fn an_entry_that_is_gone_is_gone() {
    let missing = "The specified principalArn could not be found.";
    let missing = Answer::Error(404, "ResourceNotFoundException", missing.to_owned());
    let script = Script::default()
        .on(&describe(), [missing.clone()])
        .on(&format!("DELETE {ENTRY}"), [missing]);
    assert!(with(&script).read(&state(json!({}))).await.state.is_null());
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
}

#[tokio::test]
async fn an_import_reads_everything_but_the_policies() {
    let stub = json!({"cluster_name": "production", "principal_arn": ROLE});
    let script = Script::default().on(
        &describe(),
        [described(json!({"createdAt": 0, "modifiedAt": 0}))],
    );
    let answer = with(&script).read(&stub).await;
    let epoch = "1970-01-01T00:00:00Z";
    let expected = state(json!({"created_at": epoch, "modified_at": epoch}));
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&expected))
    );
    let plan = with(&script)
        .plan(&to_json(&answer.state), &config(json!({})))
        .await;
    assert_eq!(plan.planned, answer.state);
}

#[tokio::test]
async fn takes_over_the_state_of_hashicorp_aws() {
    let theirs = json!({
        "access_entry_arn": "arn:aws:eks:eu-west-1:123456789012:access-entry/production/role/123456789012/admin/1",
        "cluster_name": "production",
        "created_at": "2026-11-20T00:00:00Z",
        "id": format!("production:{ROLE}"),
        "kubernetes_groups": [],
        "modified_at": "2026-11-20T00:00:00Z",
        "principal_arn": ROLE,
        "region": "eu-west-1",
        "tags": {},
        "tags_all": {},
        "timeouts": null,
        "type": "STANDARD",
        "user_name": NAME,
    });
    let script = Script::default().on(&describe(), [described(json!({}))]);
    let harness = with(&script);
    let moved = harness.moved("aws_eks_access_entry", &theirs).await;
    assert_eq!(harness.changes(&moved, &config(json!({}))).await, NONE);
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    let both = [policy(VIEW, &[]), policy(VIEW, &["a"])];
    let in_cluster =
        json!({"policy_arn": VIEW, "access_scope": {"type": "cluster", "namespaces": ["a"]}});
    let nowhere = json!({"policy_arn": VIEW, "access_scope": {"type": "namespace"}});
    for (more, path) in [
        (
            json!({"principal_arn": "arn:aws:sts::123456789012:assumed-role/admin/ann"}),
            "principal_arn",
        ),
        (
            json!({"type": "EC2_LINUX", "kubernetes_groups": ["a"]}),
            "kubernetes_groups",
        ),
        (
            json!({"type": "EC2_LINUX", "user_name": "ann"}),
            "user_name",
        ),
        (
            json!({"type": "EC2", "principal_arn": "arn:aws:iam::123456789012:user/ann"}),
            "principal_arn",
        ),
        (json!({"type": "ec2"}), "type"),
        (json!({"type": "NEW"}), "type"),
        (
            json!({"kubernetes_groups": ["system:masters"]}),
            "kubernetes_groups",
        ),
        (json!({"user_name": "eks:ann"}), "user_name"),
        (json!({"user_name": "{{SessionName}}"}), "user_name"),
        (json!({"access_policies": both}), "access_policies"),
        (json!({"access_policies": [in_cluster]}), "access_policies"),
        (json!({"access_policies": [nowhere]}), "access_policies"),
        (
            json!({"type": "EC2_LINUX", "access_policies": [policy(VIEW, &[])]}),
            "access_policies",
        ),
    ] {
        let said = harness.validate(&config(more.clone()));
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("{path}: ")),
            "{more}: {said:?}"
        );
    }
    for more in [
        json!({}),
        json!({"user_name": "team:{{SessionName}}", "kubernetes_groups": ["a"]}),
        json!({"type": "EC2", "access_policies": [policy(VIEW, &[])]}),
        json!({"access_policies": [policy(VIEW, &["dev-*"]), policy(EDIT, &[])]}),
    ] {
        assert_eq!(harness.validate(&config(more)), NONE);
    }
}

#[tokio::test]
async fn the_data_source_lists_every_page() {
    let entries = "GET /clusters/production/access-entries";
    let page = Answer::Body(json!({"accessEntries": [ROLE], "nextToken": "2"}));
    let last = Answer::Body(json!({"accessEntries": ["arn:aws:iam::123456789012:user/ann"]}));
    let script = Script::default().on(entries, [page, last]);
    let config = json!({"cluster_name": "production"});
    let (found, said) = read::<super::AccessEntries>(&script, &config).await;
    assert_eq!(said, NONE);
    let expected = json!([ROLE, "arn:aws:iam::123456789012:user/ann"]);
    assert_eq!(found["principal_arns"], expected);
}
