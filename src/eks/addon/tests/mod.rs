//! Tests of add-ons as Terraform would drive them: through the framework, with AWS as a script.

mod lifecycle;
mod planning;
mod update;

use serde_json::{Value as Json, json};

use super::Addon;
use crate::testing::{Answer, Harness, Script, merged};

const ARN: &str = "arn:aws:eks:eu-west-1:123456789012:addon/production/coredns/6ac4";
const ROLE: &str = "arn:aws:iam::123456789012:role/dns";
const CREATE: &str = "POST /clusters/production/addons";
const DESCRIBE: &str = "GET /clusters/production/addons/coredns";
const UPDATE: &str = "POST /clusters/production/addons/coredns/update";
const DESCRIBE_UPDATE: &str = "GET /clusters/production/updates/u-1";
const DELETE: &str = "DELETE /clusters/production/addons/coredns";
const CLUSTER: &str = "GET /clusters/production";
const VERSIONS: &str = "GET /addons/supported-versions";
const SCHEMA: &str = "GET /addons/configuration-schemas";
const NODE_GROUPS: &str = "GET /clusters/production/node-groups";
const FARGATE: &str = "GET /clusters/production/fargate-profiles";
const ASSOCIATION: &str = "GET /clusters/production/pod-identity-associations/a-1";

const NONE: [&str; 0] = [];

fn with(script: &Script) -> Harness {
    Harness::of::<Addon>(script.clone())
}

/// A cluster, and what AWS has for it.
fn aws() -> Script {
    Script::default()
        .on(CLUSTER, [cluster(json!({}))])
        .on(VERSIONS, [versions()])
        .on(SCHEMA, [schema()])
}

/// The least that a configuration says, and more.
fn config(more: Json) -> Json {
    let least = json!({"cluster_name": "production", "addon_name": "coredns"});
    merged(least, more)
}

/// The state of the least configuration after its creation, and more.
fn state(more: Json) -> Json {
    let known = json!({
        "addon_version": "v1.12.4-eksbuild.9",
        "resolve_conflicts_on_create": "NONE",
        "resolve_conflicts_on_update": "NONE",
        "preserve": false,
        "wait_for": "active",
        "id": "production:coredns",
        "arn": ARN,
        "created_at": "2025-10-09T08:53:20Z",
        "modified_at": "2025-10-09T08:53:20Z",
        "status": "ACTIVE",
        "health": [],
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config(json!({})), known), more)
}

/// What AWS says of the least add-on, and more.
fn described(more: Json) -> Answer {
    let known = json!({
        "addonName": "coredns",
        "clusterName": "production",
        "status": "ACTIVE",
        "addonVersion": "v1.12.4-eksbuild.9",
        "health": {"issues": []},
        "addonArn": ARN,
        "createdAt": 1_760_000_000,
        "modifiedAt": 1_760_000_000,
        "tags": {},
    });
    Answer::Body(json!({"addon": merged(known, more)}))
}

/// What AWS says of an add-on whose pods do not run.
fn degraded(more: Json) -> Answer {
    let issue = json!({
        "code": "InsufficientNumberOfReplicas",
        "message": "The add-on is unhealthy because it doesn't have the desired number of replicas.",
    });
    let known = json!({"status": "DEGRADED", "health": {"issues": [issue]}});
    described(merged(known, more))
}

fn cluster(more: Json) -> Answer {
    let known = json!({"name": "production", "version": "1.33", "status": "ACTIVE"});
    Answer::Body(json!({"cluster": merged(known, more)}))
}

/// In AWS's order, which is not that of versions.
fn versions() -> Answer {
    let version = |version: &str, is_default: bool| {
        json!({
            "addonVersion": version,
            "compatibilities": [{"clusterVersion": "1.33", "defaultVersion": is_default}],
        })
    };
    let versions = json!([
        version("v1.9.3-eksbuild.40", false),
        version("v1.12.4-eksbuild.9", true),
        version("v1.12.4-eksbuild.10", false),
        version("v1.11.4-eksbuild.28", false),
    ]);
    Answer::Body(json!({"addons": [{"addonName": "coredns", "addonVersions": versions}]}))
}

fn schema() -> Answer {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-06/schema#",
        "type": "object",
        "additionalProperties": false,
        "properties": {"replicaCount": {"type": "integer"}},
    });
    Answer::Body(json!({"configurationSchema": schema.to_string()}))
}

fn updating() -> Answer {
    Answer::Body(json!({"update": {"id": "u-1", "status": "InProgress"}}))
}

fn update_ends(status: &str) -> Answer {
    let errors = json!([{
        "errorCode": "InsufficientNumberOfReplicas",
        "errorMessage": "The add-on is unhealthy.",
    }]);
    let errors = (status == "Failed").then_some(errors);
    Answer::Body(json!({"update": {"id": "u-1", "status": status, "errors": errors}}))
}

fn associated() -> Answer {
    Answer::Body(json!({"association": {
        "associationId": "a-1", "roleArn": ROLE, "serviceAccount": "dns",
    }}))
}
