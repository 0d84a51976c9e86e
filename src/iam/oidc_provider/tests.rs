//! Tests of OIDC providers as Terraform would drive them: through the framework, with AWS as a script.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::OidcProvider;
use crate::testing::{Answer, Harness, Script, merged, texts};

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const URL: &str = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const ARN: &str = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const THUMBPRINT: &str = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";
const CLUSTER: &str = "GET /clusters/production";
const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<OidcProvider>(script.clone())
}

fn config(more: Json) -> Json {
    merged(json!({"cluster_name": "production"}), more)
}

fn state(more: Json) -> Json {
    let known = json!({
        "cluster_name": "production",
        "url": URL,
        "client_id_list": ["sts.amazonaws.com"],
        "thumbprint_list": [THUMBPRINT],
        "adopt_existing": false,
        "region": "eu-west-1",
        "tags_all": {},
        "id": ARN,
        "arn": ARN,
        "issuer": ISSUER,
    });
    merged(known, more)
}

fn cluster(id: &str) -> Answer {
    Answer::Body(json!({"cluster": {
        "name": "production",
        "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/production",
        "identity": {"oidc": {"issuer": format!("https://oidc.eks.eu-west-1.amazonaws.com/id/{id}")}},
    }}))
}

fn iam(action: &str, result: &str) -> Answer {
    Answer::Xml(format!(
        "<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
    ))
}

fn members(texts: &[&str]) -> String {
    let members = texts.iter().map(|text| format!("<member>{text}</member>"));
    members.collect()
}

/// The provider as IAM tells of it.
fn described(client_ids: &[&str]) -> Answer {
    let result = format!(
        "<Url>{ISSUER}</Url><ClientIDList>{}</ClientIDList><ThumbprintList>{}</ThumbprintList>\
         <CreateDate>2026-01-02T03:04:05Z</CreateDate>",
        members(client_ids),
        members(&[THUMBPRINT])
    );
    iam("GetOpenIDConnectProvider", &result)
}

fn no_such() -> Answer {
    Answer::Error(
        404,
        "NoSuchEntity",
        "OpenIDConnect Provider not found".to_owned(),
    )
}

fn exists() -> Answer {
    let message = "Provider with url already exists.".to_owned();
    Answer::Error(409, "EntityAlreadyExists", message)
}

/// An IAM in which everything can be done, and an EKS with the cluster.
fn settled() -> Script {
    let created = format!("<OpenIDConnectProviderArn>{ARN}</OpenIDConnectProviderArn>");
    let listed = format!(
        "<OpenIDConnectProviderList><member><Arn>arn:aws:iam::123456789012:oidc-provider/other</Arn></member>\
         <member><Arn>{ARN}</Arn></member></OpenIDConnectProviderList>"
    );
    let mut script = Script::default()
        .on(CLUSTER, [cluster("ABC")])
        .on(
            "CreateOpenIDConnectProvider",
            [iam("CreateOpenIDConnectProvider", &created)],
        )
        .on(
            "ListOpenIDConnectProviders",
            [iam("ListOpenIDConnectProviders", &listed)],
        )
        .on(
            "GetOpenIDConnectProvider",
            [described(&["sts.amazonaws.com"])],
        );
    for action in [
        "AddClientIDToOpenIDConnectProvider",
        "RemoveClientIDFromOpenIDConnectProvider",
        "UpdateOpenIDConnectProviderThumbprint",
        "TagOpenIDConnectProvider",
        "UntagOpenIDConnectProvider",
        "DeleteOpenIDConnectProvider",
    ] {
        script = script.on(action, [iam(action, "")]);
    }
    script
}

#[tokio::test]
async fn is_known_at_plan_when_the_cluster_exists() {
    let script = settled();
    let plan = with(&script).plan(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(plan.diagnostics), NONE);
    for (name, value) in [("url", URL), ("arn", ARN), ("id", ARN), ("issuer", ISSUER)] {
        assert_eq!(plan.planned.get(name).as_str(), Some(value), "{name}");
    }
    assert!(plan.planned.get("thumbprint_list").is_unknown());
    assert_eq!(script.requests(), [CLUSTER]);
}

#[tokio::test]
async fn is_known_after_apply_when_the_cluster_is_made_with_it() {
    let missing = Answer::Error(404, "ResourceNotFoundException", "No cluster".to_owned());
    let script = settled().on(CLUSTER, [missing.clone()]);
    let plan = with(&script).plan(&Json::Null, &config(json!({}))).await;
    for name in ["url", "arn", "issuer"] {
        assert!(plan.planned.get(name).is_unknown(), "{name}");
    }
    let script = settled().on(CLUSTER, [missing.clone(), cluster("ABC")]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(answer.state.get("arn").as_str(), Some(ARN));
    // Still none at apply.
    let script = settled().on(CLUSTER, [missing]);
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(said.starts_with("cluster_name: "), "{said}");
    assert!(
        said.contains("There is no cluster \"production\""),
        "{said}"
    );
}

#[tokio::test]
async fn makes_it_without_thumbprints_and_plans_nothing_more() {
    let script = settled();
    let answer = with(&script).apply(&Json::Null, &config(json!({}))).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        script.changes(),
        format!("CreateOpenIDConnectProvider Url={URL} ClientIDList.member.1=sts.amazonaws.com\n")
    );
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
async fn a_cluster_that_was_made_anew_needs_another_provider() {
    let script = settled().on(CLUSTER, [cluster("NEW")]);
    let plan = with(&script)
        .plan(&state(json!({})), &config(json!({})))
        .await;
    let replaced: Vec<_> = plan.replace.iter().map(ToString::to_string).collect();
    assert_eq!(replaced, ["url"]);
    let arn = plan.planned.get("arn").as_str().unwrap();
    assert!(arn.ends_with("/id/NEW"), "{arn}");
}

#[tokio::test]
async fn one_that_is_there_is_an_error_unless_it_is_adopted() {
    let script = || settled().on("CreateOpenIDConnectProvider", [exists()]);
    let answer = with(&script()).apply(&Json::Null, &config(json!({}))).await;
    let said = texts(answer.diagnostics).join("");
    assert!(
        said.contains("set adopt_existing = true") || said.contains("Set adopt_existing"),
        "{said}"
    );
    assert!(said.contains(&format!("id = \"{ARN}\"")), "{said}");
    assert!(answer.state.is_null());
    let others = described(&["other", "sts.amazonaws.com"]);
    let ours = described(&["sts.amazonaws.com"]);
    let script = script().on("GetOpenIDConnectProvider", [others.clone(), others, ours]);
    let answer = with(&script)
        .apply(&Json::Null, &config(json!({"adopt_existing": true})))
        .await;
    assert_eq!(texts(answer.diagnostics), NONE);
    let changes = script.changes();
    let last = changes.lines().last().unwrap();
    assert_eq!(
        last,
        format!(
            "RemoveClientIDFromOpenIDConnectProvider OpenIDConnectProviderArn={ARN} ClientID=other"
        )
    );
}

/// The requests that a change takes, without the ARN.
async fn update(prior: Json, wanted: Json) -> String {
    let script = settled();
    with(&script).apply(&state(prior), &config(wanted)).await;
    script
        .changes()
        .replace(&format!(" OpenIDConnectProviderArn={ARN}"), "")
}

#[tokio::test]
async fn sends_what_differs_only() {
    let other = "a".repeat(40);
    for (prior, wanted, expected) in [
        (
            json!({}),
            json!({"client_id_list": ["other"]}),
            "AddClientIDToOpenIDConnectProvider ClientID=other\n\
             RemoveClientIDFromOpenIDConnectProvider ClientID=sts.amazonaws.com\n"
                .to_owned(),
        ),
        (
            json!({}),
            json!({"thumbprint_list": [other]}),
            format!("UpdateOpenIDConnectProviderThumbprint ThumbprintList.member.1={other}\n"),
        ),
        (
            json!({}),
            json!({"tags": {"a": "b"}}),
            "TagOpenIDConnectProvider Tags.member.1.Key=a Tags.member.1.Value=b\n".to_owned(),
        ),
        (
            json!({"tags": {"a": "b"}, "tags_all": {"a": "b"}}),
            json!({}),
            "UntagOpenIDConnectProvider TagKeys.member.1=a\n".to_owned(),
        ),
    ] {
        assert_eq!(update(prior, wanted).await, expected);
    }
}

#[tokio::test]
async fn removed_thumbprints_stay_as_they_are() {
    let plan = with(&settled())
        .plan(&state(json!({})), &config(json!({})))
        .await;
    assert_eq!(
        to_json(plan.planned.get("thumbprint_list")),
        json!([THUMBPRINT])
    );
}

#[tokio::test]
async fn is_deleted_and_what_is_gone_is_deleted() {
    let script = settled();
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
    assert_eq!(
        script.requests(),
        [format!(
            "DeleteOpenIDConnectProvider OpenIDConnectProviderArn={ARN}"
        )]
    );
    let script = settled().on("DeleteOpenIDConnectProvider", [no_such()]);
    let answer = with(&script).apply(&state(json!({})), &Json::Null).await;
    assert_eq!(texts(answer.diagnostics), NONE);
}

#[tokio::test]
async fn a_refresh_asks_once_and_one_that_is_gone_is_gone() {
    let script = settled();
    let read = with(&script).read(&state(json!({}))).await;
    assert_eq!(
        to_json(&read.state),
        to_json(&with(&script).value(&state(json!({}))))
    );
    assert_eq!(script.requests().len(), 1);
    let script = settled().on("GetOpenIDConnectProvider", [no_such()]);
    let read = with(&script).read(&state(json!({}))).await;
    assert!(read.state.is_null());
}

#[tokio::test]
async fn one_of_hashicorp_aws_is_taken_over_without_a_difference() {
    let harness = with(&settled());
    let theirs = json!({
        "arn": ARN,
        "client_id_list": ["sts.amazonaws.com"],
        "id": ARN,
        "tags": {},
        "tags_all": {},
        "thumbprint_list": [THUMBPRINT],
        "url": ISSUER,
    });
    let moved = harness
        .moved("aws_iam_openid_connect_provider", &theirs)
        .await;
    let changes = harness.changes(&moved, &json!({"url": URL})).await;
    assert_eq!(changes, NONE);
}

#[test]
fn bad_input_is_refused_on_the_attribute() {
    let harness = with(&Script::default());
    assert_eq!(harness.schema_violations(), NONE);
    assert_eq!(harness.validate(&config(json!({}))), NONE);
    assert_eq!(harness.validate(&json!({"url": URL})), NONE);
    for (config, path) in [
        (json!({}), "cluster_name"),
        (config(json!({"url": URL})), "url"),
        (config(json!({"cluster_name": "a b"})), "cluster_name"),
        (json!({"url": "http://a"}), "url"),
        (json!({"url": "https://a/"}), "url"),
        (config(json!({"client_id_list": []})), "client_id_list"),
        (config(json!({"thumbprint_list": ["x"]})), "thumbprint_list"),
    ] {
        let said = harness.validate(&config);
        assert!(
            said.len() == 1 && said[0].starts_with(&format!("{path}: ")),
            "{config}: {said:?}"
        );
    }
}
