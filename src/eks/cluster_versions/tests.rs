//! Tests of the versions: what is asked, and what becomes of the answer.

use serde_json::{Value as Json, json};

use super::ClusterVersions;
use crate::testing::{Answer, Script, read};

const DESCRIBE: &str = "GET /cluster-versions";

/// A version as DescribeClusterVersions tells it.
fn version(number: &str, more: Json) -> Json {
    let mut version = json!({
        "clusterVersion": number, "clusterType": "eks", "defaultPlatformVersion": "eks.9",
        "defaultVersion": false, "releaseDate": 1_748_390_400.0,
        "endOfStandardSupportDate": 1_785_369_600.0, "endOfExtendedSupportDate": 1_816_905_600.0,
        "status": "standard-support", "versionStatus": "STANDARD_SUPPORT",
        "kubernetesPatchVersion": "1.33.4"
    });
    let members = version.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    version
}

async fn versions(answers: impl IntoIterator<Item = Json>, config: Json) -> (Json, Script) {
    let script = Script::default().on(DESCRIBE, answers.into_iter().map(Answer::Body));
    let (value, messages) = read::<ClusterVersions>(&script, &config).await;
    assert_eq!(messages, [] as [String; 0]);
    (value["cluster_versions"].clone(), script)
}

#[tokio::test]
async fn lists_every_page() {
    let pages = [
        json!({"clusterVersions": [version("1.33", json!({"defaultVersion": true}))], "nextToken": "more"}),
        json!({"clusterVersions": [version("1.32", json!({"versionStatus": "EXTENDED_SUPPORT"}))]}),
    ];
    let (found, script) = versions(pages, json!({})).await;
    assert_eq!(script.requests().len(), 2);
    assert_eq!(found[0]["cluster_version"], "1.33");
    assert_eq!(found[0]["default_version"], true);
    assert_eq!(found[0]["release_date"], "2025-05-28T00:00:00Z");
    assert_eq!(
        found[0]["end_of_standard_support_date"],
        "2026-07-30T00:00:00Z"
    );
    assert_eq!(found[0]["kubernetes_patch_version"], "1.33.4");
    assert_eq!(found[1]["version_status"], "EXTENDED_SUPPORT");
    assert_eq!(found[1]["default_version"], false);
}

#[tokio::test]
async fn tells_what_can_be_set() {
    let range = json!({"min": 1, "max": 10});
    let duration = json!({"defaultValue": "60m", "constraints": {"min": "10m", "max": "60m"}});
    let components = json!({
        "kubeApiServerConfig": {
            "eventTtl": duration,
            "serviceNodePortRange": {
                "defaultValue": {"minPort": 30000, "maxPort": 32767},
                "constraints": {"minPort": range, "maxPort": range},
            },
        },
        "kubeControllerManagerConfig": {
            "podGcControllerConfig": {"terminatedPodGcThreshold": {"defaultValue": 5, "constraints": range}},
            "horizontalPodAutoscalerControllerConfig": {"horizontalPodAutoscalerSyncPeriod": duration},
        },
        "kubeSchedulerConfig": {"nodeResourcesFit": {"scoringStrategy": {
            "defaultValue": {"type": "LeastAllocated", "resources": [{"name": "cpu", "weight": 1}]},
            "constraints": {
                "scoringStrategy": {"allowedValues": ["LeastAllocated", "MostAllocated"]},
                "resources": {"name": {"allowedValues": ["cpu"]}, "weight": range},
            },
        }}},
    });
    let tier = json!({
        "tierName": "tier-xl", "apiRequestConcurrency": 1700, "podSchedulingRatePerSecond": 167,
        "clusterDatabaseSizeGb": 20, "controlPlaneComponentConfigOverrides": {"kubeApiServerConfig": {"eventTtl": duration}}
    });
    let more =
        json!({"controlPlaneComponentConfig": components, "controlPlaneScalingTiers": [tier]});
    let (found, _) = versions(
        [json!({"clusterVersions": [version("1.33", more)]})],
        json!({}),
    )
    .await;
    let told_duration =
        json!([{"default_value": "60m", "constraints": [{"min": "10m", "max": "60m"}]}]);
    let told_range = json!([{"min": 1, "max": 10}]);
    let told = &found[0]["control_plane_component_config"][0];
    let api_server = &told["kube_api_server_config"][0];
    assert_eq!(api_server["event_ttl"], told_duration);
    let ports = json!([{
        "default_value": [{"min_port": 30000, "max_port": 32767}],
        "constraints": [{"min_port": told_range, "max_port": told_range}],
    }]);
    assert_eq!(api_server["service_node_port_range"], ports);
    let manager = json!([{
        "horizontal_pod_autoscaler_controller_config": [{"horizontal_pod_autoscaler_sync_period": told_duration}],
        "pod_gc_controller_config": [{"terminated_pod_gc_threshold": [{"default_value": 5, "constraints": told_range}]}],
    }]);
    assert_eq!(told["kube_controller_manager_config"], manager);
    let strategy = json!([{
        "default_value": [{"type": "LeastAllocated", "resources": [{"name": "cpu", "weight": 1}]}],
        "constraints": [{
            "scoring_strategy": [{"allowed_values": ["LeastAllocated", "MostAllocated"]}],
            "resources": [{"name": [{"allowed_values": ["cpu"]}], "weight": told_range}],
        }],
    }]);
    assert_eq!(
        told["kube_scheduler_config"][0]["node_resources_fit"][0]["scoring_strategy"],
        strategy
    );
    let tier = &found[0]["control_plane_scaling_tiers"][0];
    assert_eq!(tier["cluster_database_size_gb"], 20);
    let overrides = &tier["control_plane_component_config_overrides"][0];
    assert_eq!(
        overrides["kube_api_server_config"][0]["event_ttl"],
        told_duration
    );
}
