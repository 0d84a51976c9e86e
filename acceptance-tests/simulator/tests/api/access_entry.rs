//! Access entries and their policies, through HTTP.

use eks_simulator::{Kind, Target};
use serde_json::{Value, json};

use crate::client::{Answer, Client, merged};

const ENTRIES: &str = "/clusters/demo/access-entries";
const ROLE: &str = "arn:aws:iam::111122223333:role/teams/dev";
const USER: &str = "arn:aws:iam::444455556666:user/ann";
const CREATOR: &str = "arn:aws:iam::111122223333:user/creator";

fn with_cluster() -> Client {
    Client::with_cluster_having(json!({ "accessConfig": {
        "authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": false,
    }}))
}

fn request(principal: &str, members: Value) -> Value {
    merged(json!({"principalArn": principal}), members)
}

fn create(client: &Client, principal: &str, members: Value) -> Value {
    let answer = client.post(ENTRIES, request(principal, members)).ok();
    answer["accessEntry"].clone()
}

/// The path of an entry, the ARN encoded as clients do.
fn path(principal: &str) -> String {
    format!("{ENTRIES}/{}", principal.replace('/', "%2F"))
}

fn policy_arn(name: &str) -> String {
    format!("arn:aws:eks::aws:cluster-access-policy/{name}")
}

fn associate(client: &Client, principal: &str, policy: &str, scope: Value) -> Answer {
    let body = json!({"policyArn": policy_arn(policy), "accessScope": scope});
    client.post(&format!("{}/access-policies", path(principal)), body)
}

fn associated(client: &Client, principal: &str) -> Value {
    let answer = client.get(&format!("{}/access-policies", path(principal)));
    let answer = answer.ok();
    assert_eq!(answer["principalArn"], principal);
    answer["associatedAccessPolicies"].clone()
}

#[test]
fn is_there_at_once_and_gone_at_once() {
    let client = with_cluster();
    let created = create(&client, ROLE, json!({"tags": {"team": "a"}}));
    let arn = created["accessEntryArn"].as_str().expect("an ARN");
    let prefix = "arn:aws:eks:eu-west-1:111122223333:access-entry/demo/role/111122223333/dev/";
    assert_eq!(arn.strip_prefix(prefix).map(str::len), Some(36), "{arn}");
    let expected = json!({
        "clusterName": "demo", "principalArn": ROLE, "kubernetesGroups": [], "type": "STANDARD",
        "username": "arn:aws:sts::111122223333:assumed-role/dev/{{SessionName}}",
        "tags": {"team": "a"}, "accessEntryArn": arn,
        "createdAt": created["createdAt"], "modifiedAt": created["createdAt"],
    });
    assert_eq!(created, expected);
    assert_eq!(client.get(&path(ROLE)).ok()["accessEntry"], created);
    assert_eq!(client.get(ENTRIES).ok()["accessEntries"], json!([ROLE]));
    assert_eq!(client.delete(&path(ROLE)).ok(), json!({}));
    let expected = "404 ResourceNotFoundException: The specified principalArn could not be found. \
                    You can view your available access entries with 'list-access-entries'.";
    assert_eq!(client.get(&path(ROLE)).refusal(), expected);
    assert_eq!(client.delete(&path(ROLE)).refusal(), expected);
}

#[test]
fn there_is_one_for_each_principal() {
    let client = with_cluster();
    let token = json!({"clientRequestToken": "t"});
    let created = create(&client, ROLE, token.clone());
    assert_eq!(create(&client, ROLE, token), created, "the same request");
    let expected = "409 ResourceInUseException: The specified access entry resource is already in \
                    use on this cluster.";
    let again = client.post(ENTRIES, request(ROLE, json!({})));
    assert_eq!(again.refusal(), expected);
}

#[test]
fn names_in_kubernetes_follow_from_principal_and_type() {
    let client = with_cluster();
    assert_eq!(create(&client, USER, json!({}))["username"], USER);
    let cases = [
        (
            "EC2_LINUX",
            "system:node:{{EC2PrivateDNSName}}",
            json!(["system:nodes"]),
        ),
        (
            "EC2_WINDOWS",
            "system:node:{{EC2PrivateDNSName}}",
            json!(["eks:kube-proxy-windows", "system:nodes"]),
        ),
        (
            "HYBRID_LINUX",
            "system:node:{{SessionName}}",
            json!(["system:nodes"]),
        ),
    ];
    for (kind, username, groups) in cases {
        let role = format!("arn:aws:iam::111122223333:role/{kind}");
        let entry = create(&client, &role, json!({"type": kind}));
        assert_eq!(entry["username"], username, "{kind}");
        assert_eq!(entry["kubernetesGroups"], groups, "{kind}");
    }
}

#[test]
fn updates_replace_groups_and_user_name() {
    let client = with_cluster();
    let created = create(&client, ROLE, json!({"kubernetesGroups": ["a", "b"]}));
    let update = |change: Value| client.post(&path(ROLE), change).ok()["accessEntry"].clone();
    let updated = update(json!({"kubernetesGroups": ["c"]}));
    assert_eq!(updated["kubernetesGroups"], json!(["c"]));
    assert_eq!(updated["username"], created["username"]);
    let updated = update(json!({"username": "ann:{{SessionName}}"}));
    assert_eq!(updated["username"], "ann:{{SessionName}}");
    assert_eq!(client.get(&path(ROLE)).ok()["accessEntry"], updated);

    create(
        &client,
        "arn:aws:iam::111122223333:role/node",
        json!({"type": "EC2_LINUX"}),
    );
    let node = path("arn:aws:iam::111122223333:role/node");
    let sent_back = json!({
        "kubernetesGroups": [], "username": "system:node:{{EC2PrivateDNSName}}",
    });
    assert_eq!(
        client.post(&node, sent_back).refusal(),
        "400 InvalidParameterException: The username must not begin with system:"
    );
    assert_eq!(
        client
            .post(&node, json!({"kubernetesGroups": ["a"]}))
            .refusal(),
        "400 InvalidParameterException: This operation can only be performed on Access Entries \
         with a type of \"STANDARD\"."
    );
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = with_cluster();
    let session = "arn:aws:sts::111122223333:assumed-role/dev/ann";
    let linked = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/X";
    let cases = [
        (
            session,
            json!({}),
            "The specified principalArn is invalid: invalid principal.",
        ),
        (
            linked,
            json!({}),
            "principalArn value of a Service Linked Role",
        ),
        (
            ROLE,
            json!({"kubernetesGroups": ["system:masters"]}),
            "The kubernetes group name system:masters is invalid, it cannot start with system:",
        ),
        (
            ROLE,
            json!({"username": "system:x"}),
            "The username must not begin with system:",
        ),
        (
            ROLE,
            json!({"username": "dev{{SessionName}}"}),
            "must have a colon before",
        ),
        (ROLE, json!({"type": "EC2_MAC"}), "type is invalid"),
        (
            ROLE,
            json!({"type": "EC2_LINUX", "kubernetesGroups": ["a"]}),
            "STANDARD",
        ),
        (ROLE, json!({"type": "EC2", "username": "a"}), "STANDARD"),
        (
            USER,
            json!({"type": "EC2_LINUX"}),
            "need an IAM role in the account",
        ),
        (
            ROLE,
            json!({"tags": {"aws:x": "1"}}),
            "cannot start with aws:",
        ),
    ];
    for (principal, members, expected) in cases {
        let answer = client.post(ENTRIES, request(principal, members.clone()));
        let refusal = answer.refusal();
        assert!(refusal.starts_with("400 InvalidParameter"), "{refusal}");
        assert!(refusal.contains(expected), "{members}: {refusal}");
    }
    let listed = client.get(ENTRIES).ok()["accessEntries"].clone();
    assert_eq!(listed, json!([]), "nothing was created");
}

#[test]
fn a_cluster_with_a_config_map_has_none() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let expected = "400 InvalidRequestException: The cluster's authentication mode must be set to \
                    one of [API, API_AND_CONFIG_MAP] to perform this operation.";
    let refused = client.post(ENTRIES, request(ROLE, json!({})));
    assert_eq!(refused.refusal(), expected);
    assert_eq!(client.get(ENTRIES).refusal(), expected);
    let mode = json!({"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}});
    client.update_cluster("demo", mode);
    assert_eq!(client.get(ENTRIES).ok()["accessEntries"], json!([CREATOR]));
}

#[test]
fn the_creator_is_administrator_unless_told_otherwise() {
    let client = Client::frozen();
    let mode = json!({"accessConfig": {"authenticationMode": "API"}});
    client.active_cluster("demo", mode);
    assert_eq!(client.get(ENTRIES).ok()["accessEntries"], json!([CREATOR]));
    let policies = associated(&client, CREATOR);
    assert_eq!(
        policies[0]["policyArn"],
        policy_arn("AmazonEKSClusterAdminPolicy")
    );
    assert_eq!(
        policies[0]["accessScope"],
        json!({"type": "cluster", "namespaces": []})
    );
    let without = with_cluster();
    assert_eq!(without.get(ENTRIES).ok()["accessEntries"], json!([]));
}

#[test]
fn policies_are_associated_once_and_change_their_scope_in_place() {
    let client = with_cluster();
    create(&client, ROLE, json!({}));
    let scope = json!({"type": "namespace", "namespaces": ["web", "dev-*"]});
    let answer = associate(&client, ROLE, "AmazonEKSViewPolicy", scope.clone()).ok();
    assert_eq!(answer["clusterName"], "demo");
    assert_eq!(answer["principalArn"], ROLE);
    let first = answer["associatedAccessPolicy"].clone();
    assert_eq!(first["accessScope"], scope);
    assert_eq!(associated(&client, ROLE), json!([first]));

    let scope = json!({"type": "cluster"});
    associate(&client, ROLE, "AmazonEKSViewPolicy", scope.clone()).ok();
    associate(&client, ROLE, "AmazonEKSEditPolicy", scope).ok();
    let both = associated(&client, ROLE);
    assert_eq!(both.as_array().map(Vec::len), Some(2));
    assert_eq!(
        both[1]["accessScope"],
        json!({"type": "cluster", "namespaces": []})
    );
    assert_eq!(both[1]["associatedAt"], first["associatedAt"]);

    let view = policy_arn("AmazonEKSViewPolicy");
    let with_view = format!("{ENTRIES}?associatedPolicyArn={view}");
    assert_eq!(client.get(&with_view).ok()["accessEntries"], json!([ROLE]));
    let one = format!(
        "{}/access-policies/{}",
        path(ROLE),
        view.replace('/', "%2F")
    );
    client.delete(&one).ok();
    assert_eq!(client.get(&with_view).ok()["accessEntries"], json!([]));
    assert_eq!(associated(&client, ROLE), json!([both[0]]));
    assert_eq!(client.delete(&one).status, 404);
}

#[test]
fn refuses_policies_that_do_not_fit() {
    let client = with_cluster();
    create(&client, ROLE, json!({}));
    let node = "arn:aws:iam::111122223333:role/node";
    create(&client, node, json!({"type": "EC2_LINUX"}));
    let auto = "arn:aws:iam::111122223333:role/auto";
    create(&client, auto, json!({"type": "EC2"}));
    let whole = json!({"type": "cluster"});
    associate(&client, auto, "AmazonEKSAutoNodePolicy", whole.clone()).ok();
    let cases = [
        (
            node,
            "AmazonEKSViewPolicy",
            whole.clone(),
            "with a type of \"STANDARD\".",
        ),
        (ROLE, "AmazonEKSNoPolicy", whole.clone(), "invalid policy"),
        (
            ROLE,
            "AmazonEKSHybridPolicy",
            whole,
            "only be associated with service-linked roles",
        ),
        (
            ROLE,
            "AmazonEKSViewPolicy",
            json!({"type": "namespace"}),
            "is required",
        ),
        (
            ROLE,
            "AmazonEKSViewPolicy",
            json!({"type": "cluster", "namespaces": ["a"]}),
            "must be empty",
        ),
        (
            ROLE,
            "AmazonEKSViewPolicy",
            json!({"type": "pod"}),
            "enum value set",
        ),
    ];
    for (principal, policy, scope, expected) in cases {
        let refusal = associate(&client, principal, policy, scope).refusal();
        assert!(refusal.starts_with("400 InvalidParameter"), "{refusal}");
        assert!(refusal.contains(expected), "{policy}: {refusal}");
    }
    let missing = associate(
        &client,
        USER,
        "AmazonEKSViewPolicy",
        json!({"type": "cluster"}),
    );
    assert_eq!(missing.status, 404);
}

#[test]
fn the_catalogue_has_arns_of_the_partition() {
    let client = Client::frozen();
    let policies = client.get("/access-policies").ok()["accessPolicies"].clone();
    let policies = policies.as_array().expect("a list");
    let named = |name: &str| json!({"name": name, "arn": policy_arn(name)});
    for name in ["AmazonEKSClusterAdminPolicy", "AmazonEKSSecretReaderPolicy"] {
        assert!(policies.contains(&named(name)), "{name}");
    }
}

#[test]
fn has_tags_drift_and_disappears() {
    let client = with_cluster();
    let created = create(&client, ROLE, json!({}));
    let arn = created["accessEntryArn"].as_str().expect("an ARN");
    client
        .post(&format!("/tags/{arn}"), json!({"tags": {"b": "2"}}))
        .ok();
    assert_eq!(
        client.get(&path(ROLE)).ok()["accessEntry"]["tags"],
        json!({"b": "2"})
    );

    associate(
        &client,
        ROLE,
        "AmazonEKSViewPolicy",
        json!({"type": "cluster"}),
    )
    .ok();
    let target = Target::object(Kind::AccessEntry, "demo", ROLE);
    let view = policy_arn("AmazonEKSViewPolicy");
    let patch = json!({
        "kubernetesGroups": ["x"], "associatedAccessPolicies": {view: null},
    });
    assert!(client.simulator.modify(&target, &patch));
    assert_eq!(associated(&client, ROLE), json!([]));
    let entry = client.get(&path(ROLE)).ok()["accessEntry"].clone();
    assert_eq!(entry["kubernetesGroups"], json!(["x"]));
    assert_eq!(entry["associatedAccessPolicies"], Value::Null);
    assert!(client.simulator.remove(&target));
    assert_eq!(client.get(&path(ROLE)).status, 404);
}
