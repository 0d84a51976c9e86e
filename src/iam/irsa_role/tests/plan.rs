//! What is known at plan, and what is refused there.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Value, to_json};

use super::{
    ARN, CLUSTER, ISSUER, NONE, PROVIDER, actions, caller, cluster, config, settled, state, trust,
    with,
};
use crate::testing::{Script, merged, texts};

const CALLER: &str = "GetCallerIdentity";

async fn planned(script: &Script, prior: &Json, config: &Json) -> Value {
    let plan = with(script).plan(prior, config).await;
    assert_eq!(texts(plan.diagnostics), NONE);
    plan.planned
}

async fn refused(script: &Script, config: &Json) -> Vec<String> {
    let plan = with(script).plan(&Json::Null, config).await;
    texts(plan.diagnostics)
}

/// A configuration that names the cluster.
fn of_cluster(more: Json) -> Json {
    let cluster = json!({"cluster_name": "production", "oidc_provider_arns": null});
    merged(config(cluster), more)
}

#[tokio::test]
async fn a_new_role_is_known_at_plan() {
    let script = settled().on(CALLER, [caller("123456789012")]);
    let planned = planned(&script, &Json::Null, &config(json!({}))).await;
    assert_eq!(planned.get("arn").as_str(), Some(ARN));
    assert_eq!(planned.get("id").as_str(), Some("reader"));
    assert_eq!(
        planned.get("assume_role_policy").as_str(),
        Some(trust().as_str())
    );
    let annotations = to_json(planned.get("service_account_annotations"));
    assert_eq!(annotations, json!({"eks.amazonaws.com/role-arn": ARN}));
    assert!(planned.get("unique_id").is_unknown());
    assert_eq!(actions(&script), [CALLER]);
}

#[tokio::test]
async fn a_path_is_part_of_the_arn() {
    let script = settled().on(CALLER, [caller("123456789012")]);
    let config = config(json!({"path": "/eks/"}));
    let planned = planned(&script, &Json::Null, &config).await;
    let arn = "arn:aws:iam::123456789012:role/eks/reader";
    assert_eq!(planned.get("arn").as_str(), Some(arn));
}

/// A workload whose policy names the account of the role.
fn karpenter() -> Json {
    json!({"workload": {
        "name": "karpenter",
        "cluster_name": "production",
        "node_role_arns": ["arn:aws:iam::210987654321:role/nodes"],
    }})
}

#[tokio::test]
async fn a_role_is_in_the_account_of_the_caller() {
    // The provider is one of the account 123456789012.
    let script = settled().on(CALLER, [caller("210987654321")]);
    let planned_role = planned(&script, &Json::Null, &config(karpenter())).await;
    let arn = "arn:aws:iam::210987654321:role/reader";
    assert_eq!(planned_role.get("arn").as_str(), Some(arn));
    let policy = planned_role.get("workload_policy").as_str().unwrap();
    let profiles = "arn:aws:iam::210987654321:instance-profile/*";
    assert!(policy.contains(profiles), "{policy}");
    // Nobody tells the account: what it is part of is known after apply.
    let planned_role = planned(&settled(), &Json::Null, &config(karpenter())).await;
    for name in ["arn", "service_account_annotations", "workload_policy"] {
        assert!(planned_role.get(name).is_unknown(), "{name}");
    }
    assert_eq!(to_json(planned_role.get("workload_policy_arns")), json!([]));
    let balancer = config(json!({"workload": {"name": "aws-load-balancer-controller"}}));
    let planned_role = planned(&settled(), &Json::Null, &balancer).await;
    assert!(planned_role.get("workload_policy").as_str().is_some());
    // A role that is there is where it is.
    let planned_role = planned(&settled(), &state(json!({})), &config(karpenter())).await;
    let policy = planned_role.get("workload_policy").as_str().unwrap();
    assert!(
        policy.contains("123456789012:instance-profile/*"),
        "{policy}"
    );
}

#[tokio::test]
async fn a_workload_has_the_account_of_the_role_that_was_made() {
    let elsewhere = PROVIDER.replace("123456789012", "210987654321");
    let config = merged(
        config(karpenter()),
        json!({"oidc_provider_arns": [elsewhere]}),
    );
    let script = settled();
    with(&script).apply(&Json::Null, &config).await;
    let changes = script.changes();
    let put = changes
        .lines()
        .find(|it| it.starts_with("PutRolePolicy"))
        .unwrap();
    assert!(
        put.contains("iam::123456789012:instance-profile/*"),
        "{put}"
    );
}

#[tokio::test]
async fn a_cluster_tells_its_provider() {
    let script = settled().on(CLUSTER, [cluster(ISSUER)]);
    let planned = planned(&script, &Json::Null, &of_cluster(json!({}))).await;
    assert_eq!(
        to_json(planned.get("oidc_provider_arns")),
        json!([PROVIDER])
    );
    assert_eq!(
        planned.get("assume_role_policy").as_str(),
        Some(trust().as_str())
    );
    assert_eq!(planned.get("arn").as_str(), Some(ARN));
    assert_eq!(script.requests(), [CLUSTER]);
}

#[tokio::test]
async fn a_cluster_that_is_not_there_yet_leaves_the_trust_open() {
    let planned = planned(&settled(), &Json::Null, &of_cluster(json!({}))).await;
    for name in ["oidc_provider_arns", "assume_role_policy"] {
        assert!(planned.get(name).is_unknown(), "{name}");
    }
    assert_eq!(planned.get("id").as_str(), Some("reader"));
}

#[tokio::test]
async fn a_cluster_that_was_made_anew_changes_the_trust() {
    let script = settled().on(
        CLUSTER,
        [cluster("oidc.eks.eu-west-1.amazonaws.com/id/NEW")],
    );
    let prior = state(json!({"cluster_name": "production"}));
    let planned = planned(&script, &prior, &of_cluster(json!({}))).await;
    let trust = planned.get("assume_role_policy").as_str().unwrap();
    assert!(
        trust.contains("id/NEW") && !trust.contains("id/ABC"),
        "{trust}"
    );
    assert_eq!(planned.get("arn").as_str(), Some(ARN));
}

#[tokio::test]
async fn nothing_is_planned_where_nothing_differs() {
    let same = state(json!({}));
    let after = planned(&settled(), &same, &config(json!({}))).await;
    assert_eq!(after, with(&settled()).value(&same));
    let spelled = trust().replace("\":\"", "\": \"");
    let prior = state(json!({"assume_role_policy": spelled}));
    let after = planned(&settled(), &prior, &config(json!({}))).await;
    assert_eq!(after, with(&settled()).value(&prior));
}

#[tokio::test]
async fn inline_policies_are_compared_by_value() {
    let prior =
        state(json!({"inline_policies": {"a": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}}));
    let config = config(
        json!({"inline_policies": {"a": "{ \"Statement\": [], \"Version\": \"2012-10-17\" }"}}),
    );
    let after = planned(&settled(), &prior, &config).await;
    assert_eq!(after, with(&settled()).value(&prior));
}

#[tokio::test]
async fn what_changes_in_place_needs_no_new_role() {
    let config = config(json!({
        "description": "new",
        "max_session_duration": 7200,
        "permissions_boundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "service_accounts": [{"namespace": "*", "name": "cart"}],
        "exclusive": true,
        "tags": {"a": "b"},
        // Roles are global: only what they trust and allow is somewhere.
        "region": "us-east-1",
    }));
    let plan = with(&settled()).plan(&state(json!({})), &config).await;
    assert_eq!(plan.replace, []);
    assert_eq!(plan.identity, Value::object([("name", "reader")]));
    for (name, is_known) in [
        ("arn", true),
        ("unique_id", true),
        ("assume_role_policy", true),
    ] {
        assert_eq!(plan.planned.get(name).is_wholly_known(), is_known, "{name}");
    }
    let trust = plan.planned.get("assume_role_policy").as_str().unwrap();
    assert!(trust.contains("StringLike"), "{trust}");
}

#[tokio::test]
async fn another_name_or_path_is_another_role() {
    for more in [json!({"name": "other"}), json!({"path": "/x/"})] {
        let plan = with(&settled())
            .plan(&state(json!({})), &config(more.clone()))
            .await;
        assert_eq!(plan.replace.len(), 1, "{more}");
    }
}

#[tokio::test]
async fn a_workload_brings_its_policies_and_service_accounts() {
    let config = config(json!({
        "service_accounts": null,
        "workload": {"name": "vpc-cni", "network_policy_log": true},
    }));
    let script = settled().on(CALLER, [caller("123456789012")]);
    let planned = planned(&script, &Json::Null, &config).await;
    let trust = planned.get("assume_role_policy").as_str().unwrap();
    assert!(
        trust.contains("system:serviceaccount:kube-system:aws-node"),
        "{trust}"
    );
    assert_eq!(
        to_json(planned.get("workload_policy_arns")),
        json!(["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"])
    );
    let policy = planned.get("workload_policy").as_str().unwrap();
    assert!(policy.contains("logs:PutLogEvents"), "{policy}");
}

#[tokio::test]
async fn a_workload_runs_on_the_cluster_of_the_role() {
    let script = settled().on(CLUSTER, [cluster(ISSUER)]);
    let autoscaler = of_cluster(json!({"workload": {"name": "cluster-autoscaler"}}));
    let with_cluster = planned(&script, &Json::Null, &autoscaler).await;
    let policy = with_cluster.get("workload_policy").as_str().unwrap();
    assert!(
        policy.contains("kubernetes.io/cluster/production"),
        "{policy}"
    );
    let dns =
        json!({"name": "external-dns", "hosted_zone_arns": ["arn:aws:route53:::hostedzone/Z1"]});
    let planned = planned(&script, &Json::Null, &of_cluster(json!({"workload": dns}))).await;
    assert!(planned.get("workload_policy").as_str().is_some());
}

#[tokio::test]
async fn parameters_of_workloads_are_refused_by_name() {
    for (workload, expected) in [
        (
            json!({"name": "external-dns"}),
            "workload: Invalid hosted_zone_arns: hosted_zone_arns must be set for the workload \
             external-dns.",
        ),
        (
            json!({"name": "velero", "bucket_arns": ["backups"]}),
            "workload: Invalid bucket_arns: bucket_arns must be ARNs such as \"arn:aws:s3:::example\", got \
             \"backups\".",
        ),
        (
            json!({"name": "vpc-cni", "cluster_name": "production"}),
            "workload: Invalid cluster_name: cluster_name is no parameter of the workload vpc-cni, which \
             has ip_family, network_policy_log.",
        ),
    ] {
        let said = refused(&settled(), &config(json!({"workload": workload}))).await;
        assert_eq!(said, [expected]);
    }
}

#[tokio::test]
async fn policies_that_are_too_long_together_are_refused() {
    let text = format!("{{\"a\":\"{}\"}}", "x".repeat(9000));
    let config = config(json!({
        "workload": {"name": "aws-load-balancer-controller"},
        "inline_policies": {"own": text},
    }));
    let said = refused(&settled(), &config).await;
    assert!(
        said.len() == 1 && said[0].starts_with("inline_policies: Invalid inline_policies: "),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_made_up_name_is_known_after_apply() {
    let config = config(json!({"name": null, "name_prefix": "reader-"}));
    let planned = planned(&settled(), &Json::Null, &config).await;
    for name in ["name", "id", "arn", "service_account_annotations"] {
        assert!(planned.get(name).is_unknown(), "{name}");
    }
}

#[tokio::test]
async fn a_trust_policy_that_may_be_too_long_is_warned_of() {
    let accounts = |count: usize| -> Json {
        let account = |number| json!({"namespace": "shop", "name": format!("cart-{number}")});
        (0..count).map(account).collect()
    };
    for (count, warned) in [(10, 0), (60, 1)] {
        let config = config(json!({"service_accounts": accounts(count)}));
        let said = refused(&settled(), &config).await;
        assert_eq!(said.len(), warned, "{said:?}");
        assert!(
            said.iter().all(|it| it.contains("Long trust policy")),
            "{said:?}"
        );
    }
}
