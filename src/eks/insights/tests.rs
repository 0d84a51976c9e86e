//! Tests of insights: what is asked, and what becomes of the answers.

use serde_json::json;

use super::Insights;
use crate::testing::{Answer, Script, read};

const LIST: &str = "POST /clusters/demo/insights";
const FIRST: &str = "GET /clusters/demo/insights/1";
const SECOND: &str = "GET /clusters/demo/insights/2";

fn listed(ids: &[&str], next: Option<&str>) -> Answer {
    let insights: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    Answer::Body(json!({"insights": insights, "nextToken": next}))
}

fn described(id: &str, name: &str) -> Answer {
    Answer::Body(json!({"insight": {
        "id": id, "name": name, "category": "UPGRADE_READINESS", "kubernetesVersion": "1.34",
        "lastRefreshTime": 1_748_390_400.0, "lastTransitionTime": 1_748_390_400.0,
        "description": "Checks for usage of deprecated APIs.",
        "insightStatus": {"status": "ERROR", "reason": "Deprecated API usage detected."},
        "recommendation": "Update manifests.",
        "additionalInfo": {"EKS update cluster documentation": "https://docs.aws.amazon.com/"},
        "resources": [{"insightStatus": {"status": "ERROR"}, "kubernetesResourceUri": "/apis/x/v1beta1"}],
        "categorySpecificSummary": {
            "deprecationDetails": [{
                "usage": "/apis/x/v1beta1", "replacedWith": "/apis/x/v1", "stopServingVersion": "1.34",
                "startServingReplacementVersion": "1.31",
                "clientStats": [{
                    "userAgent": "kubectl", "numberOfRequestsLast30Days": 7, "lastRequestTime": 1_748_390_400.0
                }],
            }],
            "addonCompatibilityDetails": [{"name": "coredns", "compatibleVersions": ["v1.12.1-eksbuild.2"]}],
        },
    }}))
}

#[tokio::test]
async fn tells_everything_about_each() {
    let script = Script::default()
        .on(LIST, [listed(&["2"], Some("more")), listed(&["1"], None)])
        .on(FIRST, [described("1", "A")])
        .on(SECOND, [described("2", "B")]);
    let (found, messages) = read::<Insights>(&script, &json!({"cluster_name": "demo"})).await;
    assert_eq!(messages, [] as [String; 0]);
    let names: Vec<_> = (0..2)
        .map(|place| found["insights"][place]["name"].clone())
        .collect();
    assert_eq!(names, ["A", "B"]);
    let expected = json!({
        "name": "A", "id": "1", "category": "UPGRADE_READINESS", "kubernetes_version": "1.34",
        "status": "ERROR", "reason": "Deprecated API usage detected.",
        "description": "Checks for usage of deprecated APIs.", "recommendation": "Update manifests.",
        "additional_info": {"EKS update cluster documentation": "https://docs.aws.amazon.com/"},
        "last_refresh_time": "2025-05-28T00:00:00Z", "last_transition_time": "2025-05-28T00:00:00Z",
        "resources": [{
            "arn": null, "kubernetes_resource_uri": "/apis/x/v1beta1", "status": "ERROR", "reason": null
        }],
        "deprecations": [{
            "usage": "/apis/x/v1beta1", "replaced_with": "/apis/x/v1", "stop_serving_version": "1.34",
            "start_serving_replacement_version": "1.31",
            "clients": [{
                "user_agent": "kubectl", "number_of_requests_last_30_days": 7,
                "last_request_time": "2025-05-28T00:00:00Z"
            }],
        }],
        "addons": [{"name": "coredns", "compatible_versions": ["v1.12.1-eksbuild.2"]}],
    });
    assert_eq!(found["insights"][0], expected);
}

#[tokio::test]
async fn asks_for_what_is_wanted_only() {
    let script = Script::default().on(LIST, [listed(&["1"], None)]);
    let config = json!({
        "cluster_name": "demo", "categories": ["UPGRADE_READINESS"], "statuses": ["ERROR"],
        "kubernetes_versions": ["1.34"],
    });
    let (found, messages) = read::<Insights>(&script, &config).await;
    assert_eq!(messages, [] as [String; 0]);
    // It went away between the two requests.
    assert_eq!(found["insights"], json!([]));
    let filter = r#"{"filter":{"categories":["UPGRADE_READINESS"],"kubernetesVersions":["1.34"],"statuses":["ERROR"]}}"#;
    assert_eq!(
        script.requests(),
        [format!("{LIST} {filter}"), FIRST.to_owned()]
    );
}

#[tokio::test]
async fn the_cluster_has_to_be_there() {
    let (_, messages) =
        read::<Insights>(&Script::default(), &json!({"cluster_name": "demo"})).await;
    assert!(
        messages[0].contains("ListInsights for demo"),
        "{messages:?}"
    );
}
