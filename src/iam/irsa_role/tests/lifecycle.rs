//! Which requests are sent, and what is in the state then.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::{
    ARN, CLUSTER, ISSUER, NONE, OWN, POLICY, PROVIDER, actions, attached, cluster, config, done,
    given, inline, inline_names, no_such, refused, role, settled, state, trust, with,
};
use crate::testing::{Answer, texts};

const CNI: &str = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy";

#[tokio::test]
async fn makes_it_and_plans_nothing_more() {
    let script = settled();
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        to_json(&answer.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
    assert_eq!(
        actions(&script),
        ["CreateRole", "GetOpenIDConnectProvider", "GetRole"]
    );
    let create = &script.requests()[0];
    assert!(create.contains("RoleName=reader"), "{create}");
    assert!(
        create.contains(&format!("AssumeRolePolicyDocument={}", trust())),
        "{create}"
    );
    let after = with(&script)
        .plan(&to_json(&answer.state), &config(json!({})))
        .await;
    assert_eq!(after.planned, answer.state);
}

#[tokio::test]
async fn gives_it_its_policies_once_iam_knows_it() {
    let script = settled()
        .on(
            "AttachRolePolicy",
            [no_such("role with name reader"), done("AttachRolePolicy")],
        )
        .on(
            "ListAttachedRolePolicies",
            [attached(&[]), attached(&[POLICY])],
        )
        .on(
            "GetRolePolicy",
            [no_such("role policy"), inline("own", OWN)],
        );
    let config = config(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
    let answer = with(&script).apply(&Json::Null, &config).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let changes: Vec<_> = actions(&script)
        .into_iter()
        .filter(|action| !action.starts_with("Get") && !action.starts_with("List"))
        .collect();
    assert_eq!(
        changes,
        [
            "CreateRole",
            "AttachRolePolicy",
            "AttachRolePolicy",
            "PutRolePolicy"
        ]
    );
    assert_eq!(to_json(answer.state.get("policy_arns")), json!([POLICY]));
    assert_eq!(
        to_json(answer.state.get("inline_policies")),
        json!({"own": OWN})
    );
}

#[tokio::test]
async fn the_state_is_as_planned_although_iam_shows_it_late() {
    let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let shown = format!(
        "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>\
         <PermissionsBoundaryArn>{boundary}</PermissionsBoundaryArn></PermissionsBoundary>"
    );
    for (wanted, shown) in [
        (
            json!({"description": "cart"}),
            "<Description>cart</Description>",
        ),
        (
            json!({"max_session_duration": 7200}),
            "<MaxSessionDuration>7200</MaxSessionDuration>",
        ),
        (json!({"permissions_boundary": boundary}), &shown),
        (
            json!({"tags": {"a": "b"}}),
            "<Tags><member><Key>a</Key><Value>b</Value></member></Tags>",
        ),
    ] {
        let (late, now) = (
            role("GetRole", &trust(), ""),
            role("GetRole", &trust(), shown),
        );
        let script = settled().on("GetRole", [late, now]);
        let config = config(wanted);
        let answer = with(&script).apply(&state(json!({})), &config).await;
        assert_eq!(texts(answer.diagnostics), NONE);
        let looks = actions(&script).into_iter().filter(|it| it == "GetRole");
        assert_eq!(looks.count(), 2, "{config}");
        let plan = with(&script).plan(&to_json(&answer.state), &config).await;
        assert_eq!(plan.planned, answer.state);
    }
}

#[tokio::test]
async fn tells_that_the_provider_is_missing() {
    let script = settled().on("GetOpenIDConnectProvider", [no_such("provider")]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with(": No OIDC provider in IAM: "), "{said}");
    assert!(!answer.state.is_null());
}

#[tokio::test]
async fn finds_the_provider_of_a_cluster_that_was_made_meanwhile() {
    let missing = Answer::Error(404, "ResourceNotFoundException", "No cluster".to_owned());
    let script = settled().on(CLUSTER, [missing, cluster(ISSUER)]);
    let config = config(json!({"cluster_name": "production", "oidc_provider_arns": null}));
    let answer = with(&script).apply(&Json::Null, &config).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        to_json(answer.state.get("oidc_provider_arns")),
        json!([PROVIDER])
    );
    assert_eq!(
        answer.state.get("assume_role_policy").as_str(),
        Some(trust().as_str())
    );
}

#[tokio::test]
async fn one_that_is_there_is_an_error_with_the_way_out() {
    let exists = Answer::Error(
        409,
        "EntityAlreadyExists",
        "Role with name reader already exists.".to_owned(),
    );
    let script = settled().on("CreateRole", [exists.clone()]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with("name: "), "{said}");
    assert!(said.contains("id = \"reader\""), "{said}");
    // The id of an import has the cluster where the configuration has.
    let script = settled()
        .on(CLUSTER, [cluster(ISSUER)])
        .on("CreateRole", [exists.clone()]);
    let of_cluster = config(json!({"cluster_name": "production", "oidc_provider_arns": null}));
    let answer = with(&script).apply(&Json::Null, &of_cluster).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.contains("id = \"production:reader\""), "{said}");
    // Made long before, so it is not ours although an answer was lost.
    let script = settled().on("CreateRole", [Answer::Lost, exists]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert!(answer.state.is_null());
}

/// The requests that a change takes, without what is only asked. All policies there are were configured.
async fn update(prior: Json, wanted: Json) -> Vec<String> {
    let script = settled();
    let configured = given(&[POLICY, CNI], &["own", "vpc-cni"]);
    let harness = with(&script).with_private(&configured);
    harness.apply(&prior, &config(wanted)).await;
    script.changes().lines().map(ToOwned::to_owned).collect()
}

/// Looks ask for the policies of a model: after an update for those that are planned, not for those that there were.
#[tokio::test]
async fn an_update_looks_for_what_it_gave() {
    let script = settled()
        .on("ListAttachedRolePolicies", [attached(&[POLICY])])
        .on("GetRolePolicy", [inline("own", OWN)]);
    let wanted = config(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
    let harness = with(&script).with_private(&given(&[], &[]));
    let answer = harness.apply(&state(json!({})), &wanted).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let looks = script.requests();
    let looks = looks.iter().filter(|it| it.starts_with("GetRole "));
    assert_eq!(looks.count(), 1, "{:?}", script.requests());
}

#[tokio::test]
async fn sends_what_differs_only() {
    let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (prior, wanted, expected) in [
        (
            json!({}),
            json!({"description": "new", "max_session_duration": 7200}),
            "UpdateRole RoleName=reader Description=new MaxSessionDuration=7200".to_owned(),
        ),
        (
            json!({"description": "old"}),
            json!({}),
            "UpdateRole RoleName=reader Description= MaxSessionDuration=3600".to_owned(),
        ),
        (
            json!({}),
            json!({"permissions_boundary": boundary}),
            format!("PutRolePermissionsBoundary RoleName=reader PermissionsBoundary={boundary}"),
        ),
        (
            json!({"permissions_boundary": boundary}),
            json!({}),
            "DeleteRolePermissionsBoundary RoleName=reader".to_owned(),
        ),
        (
            json!({}),
            json!({"policy_arns": [POLICY]}),
            format!("AttachRolePolicy RoleName=reader PolicyArn={POLICY}"),
        ),
        (
            json!({"policy_arns": [POLICY]}),
            json!({}),
            format!("DetachRolePolicy RoleName=reader PolicyArn={POLICY}"),
        ),
        (
            json!({"inline_policies": {"own": "{}"}}),
            json!({"inline_policies": {"own": OWN}}),
            format!("PutRolePolicy RoleName=reader PolicyName=own PolicyDocument={OWN}"),
        ),
        (
            json!({"inline_policies": {"own": OWN}}),
            json!({}),
            "DeleteRolePolicy RoleName=reader PolicyName=own".to_owned(),
        ),
        (
            json!({}),
            json!({"tags": {"a": "b"}}),
            "TagRole RoleName=reader Tags.member.1.Key=a Tags.member.1.Value=b".to_owned(),
        ),
        (
            json!({"tags": {"a": "b"}, "tags_all": {"a": "b"}}),
            json!({}),
            "UntagRole RoleName=reader TagKeys.member.1=a".to_owned(),
        ),
    ] {
        assert_eq!(update(state(prior), wanted).await, [expected]);
    }
}

#[tokio::test]
async fn others_are_trusted_with_one_request() {
    let accounts = json!({"service_accounts": [{"namespace": "shop", "name": "other"}]});
    let changes = update(state(json!({})), accounts).await;
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(
        changes[0].starts_with("UpdateAssumeRolePolicy RoleName=reader"),
        "{changes:?}"
    );
    assert!(
        changes[0].contains("serviceaccount:shop:other"),
        "{changes:?}"
    );
}

#[tokio::test]
async fn another_workload_takes_the_place_of_the_first() {
    let prior = state(json!({
        "workload": {"name": "vpc-cni", "network_policy_log": true},
        "workload_policy": OWN,
        "workload_policy_arns": [CNI],
    }));
    let dns =
        json!({"name": "external-dns", "hosted_zone_arns": ["arn:aws:route53:::hostedzone/Z1"]});
    let changes = update(prior, json!({"workload": dns})).await;
    assert!(
        changes[0].starts_with("PutRolePolicy RoleName=reader PolicyName=external-dns"),
        "{changes:?}"
    );
    assert_eq!(
        changes[1..],
        [
            format!("DetachRolePolicy RoleName=reader PolicyArn={CNI}"),
            "DeleteRolePolicy RoleName=reader PolicyName=vpc-cni".to_owned(),
        ]
    );
}

#[tokio::test]
async fn asks_no_more_than_it_has_to() {
    for (known, expected) in [
        (json!({}), vec!["GetRole"]),
        (
            json!({"policy_arns": [POLICY]}),
            vec!["GetRole", "ListAttachedRolePolicies"],
        ),
        (
            json!({"inline_policies": {"own": OWN}}),
            vec!["GetRole", "GetRolePolicy"],
        ),
        (
            json!({"exclusive": true}),
            vec!["GetRole", "ListAttachedRolePolicies", "ListRolePolicies"],
        ),
    ] {
        let script = settled()
            .on("GetRolePolicy", [inline("own", OWN)])
            .on("ListRolePolicies", [inline_names(&[])]);
        with(&script).read(&state(known.clone())).await;
        assert_eq!(actions(&script), expected, "{known}");
    }
}

#[tokio::test]
async fn a_change_that_fails_half_way_forgets_no_policy() {
    let script = settled()
        .on("PutRolePolicy", [refused()])
        .on("ListAttachedRolePolicies", [attached(&[POLICY])]);
    let both = config(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
    for prior in [Json::Null, state(json!({}))] {
        let answer = with(&script).apply(&prior, &both).await;
        let said = texts(answer.diagnostics).join("");
        assert!(said.contains("Syntax errors in policy"), "{said}");
        assert_eq!(to_json(answer.state.get("policy_arns")), json!([POLICY]));
        let inline = answer.state.get("inline_policies");
        assert!(inline.is_null() || inline.is_empty());
    }
}

#[tokio::test]
async fn drift_of_the_trust_is_mended() {
    let changed = trust().replace("shop", "evil");
    let script = settled().on("GetRole", [role("GetRole", &changed, "")]);
    let read = with(&script).read(&state(json!({}))).await;
    let drifted = to_json(&read.state);
    assert_eq!(drifted["assume_role_policy"], json!(changed));
    let plan = with(&script).plan(&drifted, &config(json!({}))).await;
    assert_eq!(
        plan.planned.get("assume_role_policy").as_str(),
        Some(trust().as_str())
    );
}

#[tokio::test]
async fn an_import_reads_everything() {
    let script = settled()
        .on("ListAttachedRolePolicies", [attached(&[POLICY])])
        .on("ListRolePolicies", [inline_names(&["own"])])
        .on("GetRolePolicy", [inline("own", OWN)]);
    let read = with(&script).read(&json!({"name": "reader"})).await;
    let expected = state(json!({"policy_arns": [POLICY], "inline_policies": {"own": OWN}}));
    assert_eq!(
        to_json(&read.state),
        to_json(&with(&script).value(&expected))
    );
    assert_eq!(read.state.get("arn").as_str(), Some(ARN));
}

#[tokio::test]
async fn one_that_is_gone_is_gone() {
    let script = settled().on("GetRole", [no_such("role")]);
    let read = with(&script).read(&state(json!({}))).await;
    assert!(read.state.is_null());
}
