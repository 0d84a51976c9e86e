//! Tests of `eks_cluster`: rules without AWS, plans, and the requests of the lifecycle.

mod lifecycle;
mod moves;
mod planning;
mod rules;
mod sources;
mod updates;
mod versions;

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{self, Model as _};

use super::{Cluster, Model};
use crate::eks::shared::lookup::find_cluster;
use crate::testing::{Answer, Harness, Script};

const DESCRIBE: &str = "GET /clusters/demo";
const ROLE: &str = "arn:aws:iam::123456789012:role/eks";
const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/1";

/// The smallest configuration.
fn config() -> Json {
    json!({"name": "demo", "role_arn": ROLE, "vpc_config": [{"subnet_ids": ["subnet-a", "subnet-b"]}]})
}

/// A value with others put over it, objects being merged and lists replaced.
fn with(mut value: Json, over: Json) -> Json {
    merge(&mut value, over);
    value
}

fn merge(value: &mut Json, over: Json) {
    match (value, over) {
        (Json::Object(value), Json::Object(over)) => {
            for (key, over) in over {
                merge(value.entry(key).or_insert(Json::Null), over);
            }
        }
        (value, over) => *value = over,
    }
}

/// The cluster of the smallest configuration as AWS describes it.
fn described() -> Json {
    json!({
        "name": "demo",
        "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/demo",
        "createdAt": 1_760_000_000.0,
        "version": "1.33",
        "endpoint": "https://A.gr7.eu-west-1.eks.amazonaws.com",
        "roleArn": ROLE,
        "resourcesVpcConfig": {
            "subnetIds": ["subnet-b", "subnet-a"], "securityGroupIds": [],
            "clusterSecurityGroupId": "sg-1", "vpcId": "vpc-1",
            "endpointPublicAccess": true, "endpointPrivateAccess": false,
            "publicAccessCidrs": ["0.0.0.0/0"], "controlPlaneEgressMode": "AWS_MANAGED"
        },
        "kubernetesNetworkConfig": {
            "serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4", "elasticLoadBalancing": {"enabled": false}
        },
        "logging": {"clusterLogging": [
            {"types": ["api", "audit", "authenticator", "controllerManager", "scheduler"], "enabled": false}
        ]},
        "identity": {"oidc": {"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/A"}},
        "status": "ACTIVE",
        "certificateAuthority": {"data": "Q0E="},
        "clientRequestToken": "token",
        "platformVersion": "eks.5",
        "tags": {},
        "health": {"issues": []},
        "accessConfig": {"authenticationMode": "CONFIG_MAP"},
        "upgradePolicy": {"supportType": "EXTENDED"},
        "deletionProtection": false,
        "controlPlaneScalingConfig": {"tier": "standard"}
    })
}

fn cluster(over: Json) -> Answer {
    Answer::Body(json!({"cluster": with(described(), over)}))
}

fn model(json: &Json) -> Model {
    tf::from_value(&tf::from_json(&Model::attributes(), json).unwrap()).unwrap()
}

/// The state that a refresh makes of what AWS describes, when nothing was known but the name.
async fn state(over: Json) -> Json {
    let script = Script::default().on(DESCRIBE, [cluster(over)]);
    let read = find_cluster(&script.call().eks(None).await.unwrap(), "demo")
        .await
        .unwrap()
        .unwrap();
    let model = super::convert::into_model(
        &script.call(),
        read.object,
        &model(&json!({"name": "demo"})),
    );
    tf::to_json(&tf::to_value(&model).unwrap())
}

fn harness(script: Script) -> Harness {
    Harness::of::<Cluster>(script)
}
