//! Tests of node groups as Terraform would drive them: through the framework, with AWS as a script.

mod check;
mod lifecycle;
mod moves;
mod plan;
mod sources;
mod template;
mod update;

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::to_json;

use super::NodeGroup;
use crate::testing::{Answer, Harness, Script, merged, texts};

const ARN: &str = "arn:aws:eks:eu-west-1:123456789012:nodegroup/production/system/6ac4";
const CREATE: &str = "POST /clusters/production/node-groups";
const DESCRIBE: &str = "GET /clusters/production/node-groups/system";
const DELETE: &str = "DELETE /clusters/production/node-groups/system";
const UPDATE_VERSION: &str = "POST /clusters/production/node-groups/system/update-version";
const UPDATE_CONFIG: &str = "POST /clusters/production/node-groups/system/update-config";

/// The resource, with nothing behind it: every question of AWS is answered by 404.
fn offline() -> Harness {
    Harness::of::<NodeGroup>(Script::default())
}

/// The least that a configuration says, and more.
fn config(more: Json) -> Json {
    let least = json!({
        "cluster_name": "production",
        "node_group_name": "system",
        "node_role_arn": "arn:aws:iam::123456789012:role/nodes",
        "subnet_ids": ["subnet-0a"],
        "scaling_config": [{"min_size": 2, "desired_size": 2, "max_size": 4}],
    });
    merged(least, more)
}

/// The state of the least configuration after its creation, and more.
fn state(more: Json) -> Json {
    let known = json!({
        "id": "production:system",
        "arn": ARN,
        "status": "ACTIVE",
        "version": "1.33",
        "release_version": "1.33.0-20250519",
        "ami_type": "AL2023_x86_64_STANDARD",
        "capacity_type": "ON_DEMAND",
        "disk_size": 20,
        "instance_types": ["t3.medium"],
        "force_update_version": false,
        "update_config": [{"max_unavailable": 1}],
        "resources": [{"autoscaling_groups": [{"name": "eks-system"}]}],
        "health": [],
        "region": "eu-west-1",
        "tags_all": {},
    });
    merged(merged(config(json!({})), known), more)
}

/// What AWS says of the least node group, and more.
fn described(more: Json) -> Answer {
    let known = json!({
        "nodegroupName": "system",
        "nodegroupArn": ARN,
        "clusterName": "production",
        "version": "1.33",
        "releaseVersion": "1.33.0-20250519",
        "status": "ACTIVE",
        "capacityType": "ON_DEMAND",
        "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 2},
        "instanceTypes": ["t3.medium"],
        "subnets": ["subnet-0a"],
        "amiType": "AL2023_x86_64_STANDARD",
        "nodeRole": "arn:aws:iam::123456789012:role/nodes",
        "labels": {},
        "diskSize": 20,
        "health": {"issues": []},
        "updateConfig": {"maxUnavailable": 1},
        "resources": {"autoScalingGroups": [{"name": "eks-system"}]},
        "tags": {},
    });
    Answer::Body(json!({"nodegroup": merged(known, more)}))
}

/// What the plan changes; unknown is `"?"`.
async fn changes(prior: &Json, config: &Json) -> Json {
    let harness = offline();
    let plan = harness.plan(prior, config).await;
    assert_eq!(texts(plan.diagnostics), [] as [String; 0]);
    let before = harness.value(prior);
    let mut changes = serde_json::Map::new();
    for attribute in NodeGroup::names() {
        let value = plan.planned.get(&attribute);
        if value != before.get(&attribute) {
            let text = if value.is_unknown() {
                "?".into()
            } else {
                to_json(value)
            };
            changes.insert(attribute, text);
        }
    }
    Json::Object(changes)
}

impl NodeGroup {
    fn names() -> Vec<String> {
        let attributes = <super::Model as tfplugin_rs::tf::Model>::attributes();
        attributes
            .into_iter()
            .map(|attribute| attribute.name)
            .collect()
    }
}

/// The paths that need a new node group.
async fn replaced(prior: &Json, config: &Json) -> Vec<String> {
    let plan = offline().plan(prior, config).await;
    assert_eq!(texts(plan.diagnostics), [] as [String; 0]);
    plan.replace.iter().map(ToString::to_string).collect()
}
