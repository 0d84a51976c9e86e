//! Tests of roles as Terraform would drive them: through the framework, with AWS as a script.

mod check;
mod lifecycle;
mod others;
mod plan;
mod removal;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::IrsaRole;
use crate::testing::{Answer, Harness, Script, merged};

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const PROVIDER: &str =
    "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const ARN: &str = "arn:aws:iam::123456789012:role/reader";
const POLICY: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const CLUSTER: &str = "GET /clusters/production";
const OWN: &str = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<IrsaRole>(script.clone())
}

/// The least that a configuration says, and more.
fn config(more: Json) -> Json {
    let least = json!({
        "oidc_provider_arns": [PROVIDER],
        "service_accounts": [{"namespace": "shop", "name": "cart"}],
        "name": "reader",
    });
    merged(least, more)
}

/// The trust policy of the least configuration.
fn trust() -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{{\"Federated\":\"{PROVIDER}\"}},\
         \"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{{\"StringEquals\":{{\"{ISSUER}:aud\":\
         \"sts.amazonaws.com\",\"{ISSUER}:sub\":\"system:serviceaccount:shop:cart\"}}}}}}]}}"
    )
}

/// The state of the least configuration after its creation, and more.
fn state(more: Json) -> Json {
    let known = json!({
        "path": "/",
        "max_session_duration": 3600,
        "exclusive": false,
        "force_detach_policies": false,
        "region": "eu-west-1",
        "tags_all": {},
        "id": "reader",
        "arn": ARN,
        "unique_id": "AROAEXAMPLE",
        "assume_role_policy": trust(),
        "service_account_annotations": {"eks.amazonaws.com/role-arn": ARN},
        "workload_policy_arns": [],
    });
    merged(merged(config(json!({})), known), more)
}

/// An answer of IAM.
fn iam(action: &str, result: &str) -> Answer {
    Answer::Xml(format!(
        "<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
    ))
}

/// That something was done.
fn done(action: &str) -> Answer {
    iam(action, "")
}

fn no_such(what: &str) -> Answer {
    Answer::Error(404, "NoSuchEntity", format!("The {what} cannot be found."))
}

/// The role as IAM tells of it; `more` is XML.
fn role(action: &str, trust: &str, more: &str) -> Answer {
    let trust = utf8_percent_encode(trust, NON_ALPHANUMERIC);
    let result = format!(
        "<Role><Path>/</Path><RoleName>reader</RoleName><RoleId>AROAEXAMPLE</RoleId><Arn>{ARN}</Arn>\
         <CreateDate>2026-01-02T03:04:05Z</CreateDate><AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument>\
         <MaxSessionDuration>3600</MaxSessionDuration>{more}</Role>"
    );
    iam(action, &result)
}

fn attached(arns: &[&str]) -> Answer {
    let members = arns.iter().map(|arn| {
        let name = arn.rsplit('/').next().unwrap();
        format!("<member><PolicyName>{name}</PolicyName><PolicyArn>{arn}</PolicyArn></member>")
    });
    let members: String = members.collect();
    let result =
        format!("<AttachedPolicies>{members}</AttachedPolicies><IsTruncated>false</IsTruncated>");
    iam("ListAttachedRolePolicies", &result)
}

fn inline_names(names: &[&str]) -> Answer {
    let members = names.iter().map(|name| format!("<member>{name}</member>"));
    let members: String = members.collect();
    let result = format!("<PolicyNames>{members}</PolicyNames><IsTruncated>false</IsTruncated>");
    iam("ListRolePolicies", &result)
}

fn inline(name: &str, text: &str) -> Answer {
    let text = utf8_percent_encode(text, NON_ALPHANUMERIC);
    let result = format!(
        "<RoleName>reader</RoleName><PolicyName>{name}</PolicyName><PolicyDocument>{text}</PolicyDocument>"
    );
    iam("GetRolePolicy", &result)
}

/// The cluster, as EKS describes it.
fn cluster(issuer: &str) -> Answer {
    Answer::Body(json!({"cluster": {
        "name": "production",
        "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/production",
        "identity": {"oidc": {"issuer": format!("https://{issuer}")}},
    }}))
}

/// Whose credentials these are, as STS tells it.
fn caller(account_id: &str) -> Answer {
    iam(
        "GetCallerIdentity",
        &format!("<Account>{account_id}</Account>"),
    )
}

/// An IAM in which the role is as least configured, and everything can be done.
fn settled() -> Script {
    let mut script = Script::default()
        .on("CreateRole", [role("CreateRole", &trust(), "")])
        .on("GetRole", [role("GetRole", &trust(), "")])
        .on(
            "GetOpenIDConnectProvider",
            [done("GetOpenIDConnectProvider")],
        )
        .on("ListAttachedRolePolicies", [attached(&[])])
        .on("GetRolePolicy", [no_such("role policy")]);
    for action in [
        "AttachRolePolicy",
        "DetachRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "PutRolePermissionsBoundary",
        "DeleteRolePermissionsBoundary",
        "TagRole",
        "UntagRole",
        "DeleteRole",
        "RemoveRoleFromInstanceProfile",
    ] {
        script = script.on(action, [done(action)]);
    }
    script
}

/// The first words of the requests: what was done, without with what.
fn actions(script: &Script) -> Vec<String> {
    let requests = script.requests();
    let action = |request: &String| request.split(' ').next().unwrap().to_owned();
    requests.iter().map(action).collect()
}

/// The private data of a role after an apply, by its names of policies.
fn given(attached: &[&str], inline: &[&str]) -> Vec<u8> {
    let memory = json!({".memory": {"attached": attached, "inline": inline}});
    memory.to_string().into_bytes()
}

fn refused() -> Answer {
    Answer::Error(
        400,
        "MalformedPolicyDocument",
        "Syntax errors in policy.".to_owned(),
    )
}
