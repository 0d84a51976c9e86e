//! Tests of capabilities as Terraform would drive them: through the framework, with AWS as a script.

mod lifecycle;
mod plan;
mod sources;
mod update;

use serde_json::{Value as Json, json};

use super::Capability;
use crate::testing::{Answer, Harness, Script, merged};

const ARN: &str = "arn:aws:eks:eu-west-1:123456789012:capability/production/argocd/gitops/6ac4";
const ROLE: &str = "arn:aws:iam::123456789012:role/gitops";
const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-1234567890abcdef";
const APPLICATION: &str =
    "arn:aws:sso::123456789012:application/ssoins-1234567890abcdef/apl-1234567890abcdef";
const URL: &str = "https://1234.eks-capabilities.eu-west-1.amazonaws.com";
const CREATE: &str = "POST /clusters/production/capabilities";
const DESCRIBE: &str = "GET /clusters/production/capabilities/gitops";
const UPDATE: &str = "POST /clusters/production/capabilities/gitops";
const DELETE: &str = "DELETE /clusters/production/capabilities/gitops";

const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<Capability>(script.clone())
}

/// The least that a configuration of this type says, without settings, and more.
fn config_of(kind: &str, more: Json) -> Json {
    let least = json!({
        "cluster_name": "production",
        "capability_name": "gitops",
        "type": kind,
        "role_arn": ROLE,
        "delete_propagation_policy": "RETAIN",
    });
    merged(least, more)
}

/// What AWS says of a capability of this type, without settings, and more.
fn described_of(kind: &str, more: Json) -> Answer {
    let known = json!({
        "capabilityName": "gitops",
        "clusterName": "production",
        "arn": ARN,
        "type": kind,
        "roleArn": ROLE,
        "status": "ACTIVE",
        "version": "1.0.0",
        "deletePropagationPolicy": "RETAIN",
        "health": {"issues": []},
        "tags": {},
    });
    Answer::Body(json!({"capability": merged(known, more)}))
}

/// The state of such a capability, without settings, and more.
fn state_of(kind: &str, more: Json) -> Json {
    let known = json!({
        "arn": ARN,
        "version": "1.0.0",
        "status": "ACTIVE",
        "health": [],
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config_of(kind, json!({})), known), more)
}

/// The settings of Argo CD as they are written, with `more` in them.
fn argo_cd(more: Json) -> Json {
    let least = json!({"aws_idc": [{"idc_instance_arn": INSTANCE}]});
    json!({"configuration": [{"argo_cd": [merged(least, more)]}]})
}

/// The same in the state, where AWS has filled in the rest.
fn known_argo_cd(more: Json) -> Json {
    let known = json!({
        "namespace": "argocd",
        "aws_idc": [{
            "idc_instance_arn": INSTANCE,
            "idc_region": "eu-west-1",
            "idc_managed_application_arn": APPLICATION,
        }],
        "server_url": URL,
    });
    argo_cd(merged(known, more))
}

/// The same as AWS says it.
fn described_argo_cd(more: Json) -> Json {
    let known = json!({
        "namespace": "argocd",
        "awsIdc": {
            "idcInstanceArn": INSTANCE,
            "idcRegion": "eu-west-1",
            "idcManagedApplicationArn": APPLICATION,
        },
        "rbacRoleMappings": [],
        "serverUrl": URL,
    });
    json!({"configuration": {"argoCd": merged(known, more)}})
}

fn ack(settings: Json) -> Json {
    json!({"configuration": [{"ack": [settings]}]})
}

fn described_ack(cross_namespace: bool, disabled: &[&str]) -> Json {
    let ack = json!({"enableCrossNamespace": cross_namespace, "disabledServices": disabled});
    json!({"configuration": {"ack": ack}})
}

fn mapping(role: &str, users: &[&str]) -> Json {
    let user = |id: &&str| json!({"id": id, "type": "SSO_USER"});
    json!({"role": role, "identity": users.iter().map(user).collect::<Vec<_>>()})
}

fn described_mapping(role: &str, users: &[&str]) -> Json {
    let user = |id: &&str| json!({"id": id, "type": "SSO_USER"});
    json!({"role": role, "identities": users.iter().map(user).collect::<Vec<_>>()})
}

/// The bodies of the requests to this place, without their tokens.
fn sent(script: &Script, request: &str) -> Vec<Json> {
    let start = format!("{request} {{");
    let bodies = script.requests().into_iter().filter_map(|line| {
        let body = line.strip_prefix(&start)?;
        let body = serde_json::from_str(&format!("{{{body}")).unwrap();
        Some(merged(body, json!({"clientRequestToken": null})))
    });
    bodies.collect()
}
