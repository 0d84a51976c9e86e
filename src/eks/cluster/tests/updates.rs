//! Updates: each change is one request of the right operation, waited for by its id.

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Resource, Result};

use super::super::{Cluster, Model};
use super::{DESCRIBE, KEY, ROLE, cluster, model, state, with};
use crate::kind::Managed;
use crate::testing::{Answer, Script};

const CONFIG: &str = "POST /clusters/demo/update-config";
const VERSION: &str = "POST /clusters/demo/updates";
const ENCRYPTION: &str = "POST /clusters/demo/encryption-config/associate";
const UPDATE: &str = "GET /clusters/demo/updates/u-1";

fn update(status: &str, errors: Json) -> Answer {
    Answer::Body(json!({"update": {"id": "u-1", "status": status, "errors": errors}}))
}

fn script() -> Script {
    let started = || [update("InProgress", json!([]))];
    Script::default()
        .on(CONFIG, started())
        .on(VERSION, started())
        .on(ENCRYPTION, started())
        .on(
            UPDATE,
            [
                update("InProgress", json!([])),
                update("Successful", json!([])),
            ],
        )
        .on(DESCRIBE, [cluster(json!({}))])
}

/// The requests, without their tokens, that lead from the cluster AWS describes with `prior` to the same with `over`.
async fn check(prior: Json, over: Json, expected: &[(&str, Json)]) {
    let prior = state(prior).await;
    let planned = with(prior.clone(), over);
    let script = script();
    Managed::<Cluster>::update(&script.call(), model(&prior), model(&planned))
        .await
        .unwrap();
    let found: Vec<_> = script.changes().lines().map(without_token).collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(request, body)| ((*request).to_owned(), body.clone()))
        .collect();
    assert_eq!(found, expected);
    let waits = script
        .requests()
        .iter()
        .filter(|request| request.starts_with(UPDATE))
        .count();
    assert!(
        waits > expected.len() || expected.is_empty(),
        "{:#?}",
        script.requests()
    );
}

fn without_token(line: &str) -> (String, Json) {
    let at = line.find('{').unwrap_or(line.len());
    let mut body: Json = serde_json::from_str(&line[at..]).unwrap();
    let token = body
        .as_object_mut()
        .unwrap()
        .remove("clientRequestToken")
        .unwrap();
    assert!(token.as_str().unwrap().starts_with("token-"), "{token}");
    (line[..at].trim_end().to_owned(), body)
}

#[tokio::test]
async fn nothing_differs_and_nothing_is_asked_for() {
    check(json!({}), json!({}), &[]).await;
    // To show that the check would see a request: the same with a difference.
    check(
        json!({}),
        json!({"deletion_protection": true}),
        &[(CONFIG, json!({"deletionProtection": true}))],
    )
    .await;
}

#[tokio::test]
async fn every_kind_of_change_is_one_request() {
    check(
        json!({}),
        json!({"version": "1.34"}),
        &[(VERSION, json!({"version": "1.34", "force": false}))],
    )
    .await;
    check(
        json!({}),
        json!({"version": "1.34", "force_update_version": true}),
        &[(VERSION, json!({"version": "1.34", "force": true}))],
    )
    .await;
    check(
        json!({}),
        json!({"access_config": [{"authentication_mode": "API_AND_CONFIG_MAP"}]}),
        &[(
            CONFIG,
            json!({"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}}),
        )],
    )
    .await;
    check(
        json!({}),
        json!({"control_plane_scaling_config": [{"tier": "tier-xl"}]}),
        &[(
            CONFIG,
            json!({"controlPlaneScalingConfig": {"tier": "tier-xl"}}),
        )],
    )
    .await;
    check(
        json!({}),
        json!({"encryption_config": [{"resources": ["secrets"], "provider": [{"key_arn": KEY}]}]}),
        &[(
            ENCRYPTION,
            json!({"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": KEY}}]}),
        )],
    )
    .await;
    check(
        json!({}),
        json!({"upgrade_policy": [{"support_type": "STANDARD"}]}),
        &[(
            CONFIG,
            json!({"upgradePolicy": {"supportType": "STANDARD"}}),
        )],
    )
    .await;
    check(
        json!({"zonalShiftConfig": {"enabled": true}}),
        json!({"zonal_shift_config": [{"enabled": false}]}),
        &[(CONFIG, json!({"zonalShiftConfig": {"enabled": false}}))],
    )
    .await;
}

#[tokio::test]
async fn logs_are_switched_on_and_off() {
    let off = json!({"types": ["audit", "authenticator", "controllerManager", "scheduler"], "enabled": false});
    check(
        json!({"logging": {"clusterLogging": [{"types": ["audit"], "enabled": true}]}}),
        json!({"enabled_cluster_log_types": ["api"]}),
        &[(
            CONFIG,
            json!({"logging": {"clusterLogging": [{"types": ["api"], "enabled": true}, off]}}),
        )],
    )
    .await;
    let all = [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    ];
    check(
        json!({"logging": {"clusterLogging": [{"types": ["audit"], "enabled": true}]}}),
        json!({"enabled_cluster_log_types": null}),
        &[(
            CONFIG,
            json!({"logging": {"clusterLogging": [{"types": all, "enabled": false}]}}),
        )],
    )
    .await;
}

#[tokio::test]
async fn networks_of_hybrid_nodes_are_removed_by_empty_lists() {
    check(
        json!({"remoteNetworkConfig": {"remoteNodeNetworks": [{"cidrs": ["10.2.0.0/16"]}], "remotePodNetworks": []}}),
        json!({"remote_network_config": []}),
        &[(CONFIG, json!({"remoteNetworkConfig": {"remoteNodeNetworks": [], "remotePodNetworks": []}}))],
    )
    .await;
}

#[tokio::test]
async fn what_aws_takes_together_goes_together() {
    let vpc = json!([{
        "subnet_ids": ["subnet-a", "subnet-c"], "security_group_ids": ["sg-2"], "endpoint_private_access": true,
        "endpoint_public_access": true, "public_access_cidrs": ["192.0.2.0/24"],
        "control_plane_egress_mode": "CUSTOMER_ROUTED"
    }]);
    check(
        json!({}),
        json!({
            "vpc_config": vpc,
            "kube_api_server_config": [{"event_ttl": "30m"}],
            "kube_controller_manager_config": [{"pod_gc_controller_config": [{"terminated_pod_gc_threshold": 10}]}]
        }),
        &[
            (CONFIG, json!({"resourcesVpcConfig": {
                "endpointPrivateAccess": true, "endpointPublicAccess": true, "publicAccessCidrs": ["192.0.2.0/24"]
            }})),
            (CONFIG, json!({"resourcesVpcConfig": {
                "subnetIds": ["subnet-a", "subnet-c"], "securityGroupIds": ["sg-2"]
            }})),
            (CONFIG, json!({"resourcesVpcConfig": {"controlPlaneEgressMode": "CUSTOMER_ROUTED"}})),
            (CONFIG, json!({
                "kubeApiServerConfig": {"eventTtl": "30m"},
                "kubeControllerManagerConfig": {"podGcControllerConfig": {"terminatedPodGcThreshold": 10}}
            })),
        ],
    )
    .await;
}

#[tokio::test]
async fn weights_that_are_left_out_stay() {
    let strategy = json!({"type": "MostAllocated", "resources": [{"name": "cpu", "weight": 2}]});
    let described =
        json!({"kubeSchedulerConfig": {"nodeResourcesFit": {"scoringStrategy": strategy}}});
    let configured = |kind: &str| json!({"kube_scheduler_config": [{"node_resources_fit": [{"scoring_strategy": [{"type": kind}]}]}]});
    check(described.clone(), configured("MostAllocated"), &[]).await;
    let weights = json!([{"name": "cpu", "weight": 2}]);
    let strategy = json!({"type": "LeastAllocated", "resources": weights});
    let request =
        json!({"kubeSchedulerConfig": {"nodeResourcesFit": {"scoringStrategy": strategy}}});
    check(
        described,
        configured("LeastAllocated"),
        &[(CONFIG, request)],
    )
    .await;
}

#[tokio::test]
async fn the_switches_of_auto_mode_are_sent_together() {
    let on = json!({
        "compute_config": [{"enabled": true, "node_pools": ["system"], "node_role_arn": ROLE}],
        "storage_config": [{"block_storage": [{"enabled": true}]}],
        "kubernetes_network_config": [{"elastic_load_balancing": [{"enabled": true}]}]
    });
    let switched_on = json!({
        "computeConfig": {"enabled": true, "nodePools": ["system"], "nodeRoleArn": ROLE},
        "storageConfig": {"blockStorage": {"enabled": true}},
        "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": true}}
    });
    check(json!({}), on, &[(CONFIG, switched_on.clone())]).await;
    check(
        switched_on,
        json!({
            "compute_config": [{"enabled": false}], "storage_config": [{"block_storage": [{"enabled": false}]}],
            "kubernetes_network_config": []
        }),
        &[(
            CONFIG,
            json!({
                "computeConfig": {"enabled": false}, "storageConfig": {"blockStorage": {"enabled": false}},
                "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": false}}
            }),
        )],
    )
    .await;
}

#[tokio::test]
async fn changes_are_made_in_order() {
    check(
        json!({}),
        json!({"upgrade_policy": [{"support_type": "STANDARD"}], "version": "1.34", "deletion_protection": true}),
        &[
            (VERSION, json!({"version": "1.34", "force": false})),
            (CONFIG, json!({"deletionProtection": true})),
            (CONFIG, json!({"upgradePolicy": {"supportType": "STANDARD"}})),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_update_in_progress_is_waited_for_by_its_id() {
    let message = "Cannot ConfigUpdate because cluster demo currently has update u-9 in progress";
    let busy = Answer::Error(409, "ResourceInUseException", message.to_owned());
    let other = "GET /clusters/demo/updates/u-9";
    let script = script()
        .on(CONFIG, [busy, update("InProgress", json!([]))])
        .on(
            other,
            [update("InProgress", json!([])), update("Failed", json!([]))],
        );
    let prior = state(json!({})).await;
    let planned = with(prior.clone(), json!({"deletion_protection": true}));
    Managed::<Cluster>::update(&script.call(), model(&prior), model(&planned))
        .await
        .unwrap();
    assert_eq!(script.changes().lines().count(), 2);
    assert_eq!(
        script
            .requests()
            .iter()
            .filter(|request| *request == other)
            .count(),
        2
    );
}

/// Updating with this answer, after which AWS describes the cluster as given.
async fn refused_update(
    code: &'static str,
    message: &str,
    described: Json,
) -> (Script, Result<Model>) {
    let status = if code == "ResourceInUseException" {
        409
    } else {
        400
    };
    let script = script()
        .on(CONFIG, [Answer::Error(status, code, message.to_owned())])
        .on(DESCRIBE, [cluster(described)]);
    let prior = state(json!({})).await;
    let planned = with(prior.clone(), json!({"deletion_protection": true}));
    let answer = Managed::<Cluster>::update(&script.call(), model(&prior), model(&planned)).await;
    (script, answer)
}

// The update that was waited for can be the same one, of a provider that was killed.
#[tokio::test]
async fn an_update_that_has_been_made_already_is_done() {
    let message = "No changes needed for the deletionProtection provided";
    let made = json!({"deletionProtection": true});
    let (script, answer) = refused_update("InvalidParameterException", message, made).await;
    assert_eq!(answer.unwrap().deletion_protection, Some(true));
    assert_eq!(script.changes().lines().count(), 1);
}

#[tokio::test]
async fn a_cluster_that_never_gets_active_is_not_waited_for() {
    let message = "Cluster 'demo' is not in ACTIVE status";
    let issue = json!({"code": "SubnetNotFound", "message": "gone", "resourceIds": ["subnet-a"]});
    let failed = json!({"status": "FAILED", "health": {"issues": [issue]}});
    let (script, answer) = refused_update("InvalidRequestException", message, failed).await;
    let detail = answer.unwrap_err().detail;
    for text in [
        "EKS cluster demo: it is FAILED and not ACTIVE",
        "request id request-1",
        "SubnetNotFound: gone [subnet-a]",
    ] {
        assert!(detail.contains(text), "{detail}");
    }
    assert_eq!(script.changes().lines().count(), 1);
}

#[tokio::test]
async fn a_failed_update_names_every_reason() {
    let errors = json!([
        {"errorCode": "SubnetNotFound", "errorMessage": "gone", "resourceIds": ["subnet-c"]},
        {"errorCode": "EniLimitReached", "errorMessage": "full", "resourceIds": []}
    ]);
    let script = script().on(UPDATE, [update("Failed", errors)]);
    let prior = state(json!({})).await;
    let planned = with(prior.clone(), json!({"deletion_protection": true}));
    let error = Managed::<Cluster>::update(&script.call(), model(&prior), model(&planned))
        .await
        .unwrap_err();
    assert!(
        error.detail.contains("SubnetNotFound: gone [subnet-c]"),
        "{}",
        error.detail
    );
    assert!(
        error.detail.contains("request id request-1"),
        "{}",
        error.detail
    );
    assert!(
        error.detail.contains("EniLimitReached: full"),
        "{}",
        error.detail
    );
}

#[tokio::test]
async fn another_key_that_was_unknown_while_planning_is_refused() {
    let key = |key: &str| json!({"encryption_config": [{"resources": ["secrets"], "provider": [{"key_arn": key}]}]});
    let encrypted =
        json!({"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": KEY}}]});
    let prior = state(encrypted).await;
    let planned = with(
        prior.clone(),
        key("arn:aws:kms:eu-west-1:123456789012:key/2"),
    );
    let script = script();
    let error = Managed::<Cluster>::update(&script.call(), model(&prior), model(&planned))
        .await
        .unwrap_err();
    assert!(
        error.detail.contains("EKS does not exchange keys"),
        "{}",
        error.detail
    );
    assert_eq!(script.changes(), "");
}

#[tokio::test]
async fn tags_are_changed_by_their_own_requests() {
    let tags = "/tags/arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Acluster%2Fdemo";
    let done = || [Answer::Body(json!({}))];
    let script = script()
        .on(&format!("POST {tags}"), done())
        .on(&format!("DELETE {tags}"), done());
    let prior = state(json!({"tags": {"old": "1"}})).await;
    let mut planned = prior.clone();
    for tags in ["tags", "tags_all"] {
        planned[tags] = json!({"new": "2"});
    }
    Managed::<Cluster>::update(&script.call(), model(&prior), model(&planned))
        .await
        .unwrap();
    let changes = script.changes();
    assert!(changes.contains(&format!("DELETE {tags}")), "{changes}");
    assert!(
        changes.contains(&format!("POST {tags} {{\"tags\":{{\"new\":\"2\"}}}}")),
        "{changes}"
    );
}
