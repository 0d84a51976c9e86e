//! Create, read and delete: the requests in order, and what they come to.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Resource, from_value, to_json, to_value};

use super::super::{Cluster, Model};
use super::{DESCRIBE, cluster, config, harness, model, with};
use crate::kind::Managed;
use crate::testing::{Answer, Script, merged};

const CREATE: &str = "POST /clusters";
const DELETE: &str = "DELETE /clusters/demo";

fn in_use(message: &str) -> Answer {
    Answer::Error(409, "ResourceInUseException", message.to_owned())
}

/// What the plan of a new cluster hands to `create`.
async fn planned(over: Json) -> Model {
    let answer = harness(Script::default())
        .plan(&Json::Null, &with(config(), over))
        .await;
    assert!(!answer.diagnostics.has_errors(), "{:?}", answer.diagnostics);
    from_value(&answer.planned).unwrap()
}

/// The only request that creating makes.
async fn check_create(over: Json, expected: Json) {
    let script = Script::default()
        .on(CREATE, [cluster(json!({"status": "CREATING"}))])
        .on(DESCRIBE, [cluster(json!({}))]);
    Managed::<Cluster>::create(&script.call(), planned(over).await)
        .await
        .unwrap();
    let smallest = json!({
        "name": "demo", "roleArn": super::ROLE, "clientRequestToken": "token", "bootstrapSelfManagedAddons": true,
        "resourcesVpcConfig": {
            "subnetIds": ["subnet-a", "subnet-b"], "endpointPrivateAccess": false, "endpointPublicAccess": true
        }
    });
    assert_eq!(
        script.changes(),
        format!("{CREATE} {}\n", with(smallest, expected))
    );
}

#[tokio::test]
async fn sends_only_what_is_set() {
    check_create(json!({}), json!({})).await;
    check_create(
        json!({
            "version": "1.32", "tags": {"a": "b"}, "enabled_cluster_log_types": ["audit", "api"],
            "access_config": [{"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": false}],
            "encryption_config": [{"resources": ["secrets"], "provider": [{"key_arn": super::KEY}]}],
            "kubernetes_network_config": [{"service_ipv4_cidr": "10.1.0.0/16"}],
            "remote_network_config": [{"remote_node_networks": [{"cidrs": ["10.2.0.0/16"]}]}],
            "kube_scheduler_config": [{"node_resources_fit": [{"scoring_strategy": [
                {"type": "MostAllocated", "resource": [{"name": "cpu", "weight": 2}]}
            ]}]}],
            "zonal_shift_config": [{"enabled": true}], "deletion_protection": true
        }),
        json!({
            "version": "1.32", "tags": {"a": "b"},
            "logging": {"clusterLogging": [{"types": ["api", "audit"], "enabled": true}]},
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": false},
            "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": super::KEY}}],
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.1.0.0/16", "ipFamily": "ipv4"},
            "remoteNetworkConfig": {"remoteNodeNetworks": [{"cidrs": ["10.2.0.0/16"]}], "remotePodNetworks": []},
            "kubeSchedulerConfig": {"nodeResourcesFit": {"scoringStrategy": {
                "type": "MostAllocated", "resources": [{"name": "cpu", "weight": 2}]
            }}},
            "zonalShiftConfig": {"enabled": true}, "deletionProtection": true
        }),
    )
    .await;
}

#[tokio::test]
async fn sends_the_three_switches_of_auto_mode() {
    check_create(
        json!({
            "bootstrap_self_managed_addons": false,
            "access_config": [{"authentication_mode": "API"}],
            "compute_config": [{"enabled": true, "node_pools": ["system"], "node_role_arn": super::ROLE}],
            "storage_config": [{"block_storage": [{"enabled": true}]}],
            "kubernetes_network_config": [
                {"elastic_load_balancing": [{"enabled": true, "gateway_api": [{"crds": [{"managed": true}]}]}]}
            ]
        }),
        json!({
            "bootstrapSelfManagedAddons": false,
            "accessConfig": {"authenticationMode": "API"},
            "computeConfig": {"enabled": true, "nodePools": ["system"], "nodeRoleArn": super::ROLE},
            "storageConfig": {"blockStorage": {"enabled": true}},
            "kubernetesNetworkConfig": {
                "ipFamily": "ipv4",
                "elasticLoadBalancing": {"enabled": true, "gatewayApi": {"crds": {"managed": true}}}
            }
        }),
    )
    .await;
}

#[tokio::test]
async fn a_cluster_whose_answer_was_lost_is_ours() {
    let exists = in_use("Cluster already exists with name: demo");
    let script = Script::default()
        .on(CREATE, [Answer::Lost, exists])
        .on(DESCRIBE, [cluster(json!({}))]);
    let made = Managed::<Cluster>::create(&script.call(), planned(json!({})).await)
        .await
        .unwrap();
    assert_eq!(made.status.as_deref(), Some("ACTIVE"));
}

/// As real answers are: they do not tell with which token a cluster was made.
#[tokio::test]
async fn a_cluster_without_a_token_is_ours_if_it_is_new_and_what_was_asked_for() {
    let made = |over: Json, age: f64| {
        let exists = in_use("Cluster already exists with name: demo");
        let found = merged(
            json!({"clientRequestToken": null, "createdAt": now() - age}),
            over,
        );
        let script = Script::default()
            .on(CREATE, [Answer::Lost, exists])
            .on(DESCRIBE, [cluster(found)]);
        async move {
            let planned = planned(json!({})).await;
            Managed::<Cluster>::create(&script.call(), planned).await
        }
    };
    assert!(made(json!({}), 0.0).await.is_ok());
    assert!(made(json!({}), 3600.0).await.is_err());
    let other = json!({"roleArn": "arn:aws:iam::111122223333:role/other"});
    assert!(made(other, 0.0).await.is_err());
    let other = json!({"resourcesVpcConfig": {"subnetIds": ["subnet-a", "subnet-c"]}});
    assert!(made(other, 0.0).await.is_err());
}

fn now() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs_f64()
}

#[tokio::test]
async fn a_cluster_whose_answer_was_lost_is_kept_when_terraform_is_stopped() {
    let script = Script::default()
        .on(CREATE, [Answer::Lost])
        .on(DESCRIBE, [cluster(json!({"status": "CREATING"}))]);
    let call = script.call();
    call.stop().request();
    let error = Managed::<Cluster>::create(&call, planned(json!({})).await)
        .await
        .unwrap_err();
    assert!(error.unfinished, "{}", error.detail);
    assert_eq!(script.changes().lines().count(), 1);
    let kept = call.partial().unwrap();
    assert_eq!(kept.get("status").as_str(), Some("CREATING"));
}

#[tokio::test]
async fn a_cluster_whose_answer_was_lost_is_looked_for_whatever_came_after() {
    let expired = Answer::Error(403, "ExpiredTokenException", "expired".to_owned());
    let create = async |describe: Answer| {
        let script = Script::default()
            .on(CREATE, [Answer::Lost, expired.clone()])
            .on(DESCRIBE, [describe]);
        Managed::<Cluster>::create(&script.call(), planned(json!({})).await).await
    };
    assert!(create(cluster(json!({}))).await.is_ok());
    let gone = Answer::Error(404, "ResourceNotFoundException", "No cluster".to_owned());
    let error = create(gone).await.unwrap_err().detail;
    assert!(error.contains("ExpiredTokenException") && !error.contains("not known"));
    let error = create(expired.clone()).await.unwrap_err().detail;
    assert!(
        error.contains("Whether AWS has made it is not known"),
        "{error}"
    );
}

#[tokio::test]
async fn a_cluster_of_somebody_else_is_offered_for_import() {
    let script = Script::default()
        .on(CREATE, [in_use("Cluster already exists with name: demo")])
        .on(
            DESCRIBE,
            [cluster(json!({"clientRequestToken": "another"}))],
        );
    let call = script.call();
    let error = Managed::<Cluster>::create(&call, planned(json!({})).await)
        .await
        .unwrap_err();
    assert!(
        error
            .detail
            .contains("import {\n  to = eks_cluster.example\n  id = \"demo\"\n}"),
        "{}",
        error.detail
    );
    assert_eq!(call.partial(), None);
}

#[tokio::test]
async fn a_role_that_iam_has_not_made_known_is_waited_for() {
    let message = "Role could not be assumed because the trusted entity is not correct";
    let propagating = Answer::Error(400, "InvalidParameterException", message.to_owned());
    let script = Script::default()
        .on(CREATE, [propagating, cluster(json!({}))])
        .on(DESCRIBE, [cluster(json!({}))]);
    Managed::<Cluster>::create(&script.call(), planned(json!({})).await)
        .await
        .unwrap();
    assert_eq!(script.changes().lines().count(), 2);
}

#[tokio::test]
async fn a_failed_create_says_why_and_keeps_what_exists() {
    let failed = json!({"status": "FAILED", "health": {"issues": [
        {"code": "Ec2SubnetNotFound", "message": "No such subnet", "resourceIds": ["subnet-a"]}
    ]}});
    let script = Script::default()
        .on(CREATE, [cluster(json!({"status": "CREATING"}))])
        .on(DESCRIBE, [cluster(failed)]);
    let call = script.call();
    let error = Managed::<Cluster>::create(&call, planned(json!({})).await)
        .await
        .unwrap_err();
    for text in [
        "Ec2SubnetNotFound: No such subnet [subnet-a]",
        "request id request-1",
    ] {
        assert!(error.detail.contains(text), "{}", error.detail);
    }
    assert_eq!(
        call.partial().unwrap().get("status").as_str(),
        Some("CREATING")
    );
}

#[tokio::test]
async fn reads_every_computed_attribute() {
    let script = Script::default().on(
        DESCRIBE,
        [cluster(
            json!({"health": {"issues": [{"code": "KmsKeyDisabled"}]}}),
        )],
    );
    let read = Managed::<Cluster>::read(&script.call(), model(&config()))
        .await
        .unwrap()
        .unwrap();
    let state = to_json(&to_value(&read).unwrap());
    assert_eq!(state["certificate_authority"][0]["data"], "Q0E=");
    assert_eq!(
        state["identity"][0]["oidc"][0]["issuer"],
        "https://oidc.eks.eu-west-1.amazonaws.com/id/A"
    );
    assert_eq!(state["created_at"], "2025-10-09T08:53:20Z");
    assert_eq!(state["health"][0]["code"], "KmsKeyDisabled");
    assert_eq!(state["vpc_config"][0]["cluster_security_group_id"], "sg-1");
    assert_eq!(
        state["access_config"][0]["bootstrap_cluster_creator_admin_permissions"],
        true
    );
    assert_eq!(state["kubernetes_network_config"], json!([]));
}

#[tokio::test]
async fn a_cluster_that_is_gone_is_none() {
    let gone = Answer::Error(
        404,
        "ResourceNotFoundException",
        "No cluster found for name: demo.".to_owned(),
    );
    let script = Script::default().on(DESCRIBE, [gone]);
    assert_eq!(
        Managed::<Cluster>::read(&script.call(), model(&config()))
            .await
            .unwrap(),
        None
    );
    let denied = Answer::Error(403, "AccessDeniedException", "no".to_owned());
    let script = Script::default().on(DESCRIBE, [denied]);
    assert!(
        Managed::<Cluster>::read(&script.call(), model(&config()))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn deletes_when_nothing_is_in_progress_and_waits() {
    let gone = Answer::Error(
        404,
        "ResourceNotFoundException",
        "No cluster found for name: demo.".to_owned(),
    );
    let deleting = || cluster(json!({"status": "DELETING"}));
    let busy = in_use("Cannot delete because cluster demo currently has an update in progress");
    let script = Script::default()
        .on(DELETE, [busy, deleting()])
        .on(DESCRIBE, [deleting(), gone.clone()]);
    Managed::<Cluster>::delete(&script.call(), model(&config()))
        .await
        .unwrap();
    assert_eq!(script.changes(), format!("{DELETE}\n{DELETE}\n"));
    let script = Script::default().on(DELETE, [gone]);
    Managed::<Cluster>::delete(&script.call(), model(&config()))
        .await
        .unwrap();
}

#[tokio::test]
async fn names_what_keeps_a_cluster_from_being_deleted() {
    let script = Script::default()
        .on(DELETE, [in_use("Cluster has nodegroups attached")])
        .on(
            "GET /clusters/demo/node-groups",
            [Answer::Body(json!({"nodegroups": ["system", "spot"]}))],
        )
        .on(
            "GET /clusters/demo/fargate-profiles",
            [Answer::Body(json!({"fargateProfileNames": []}))],
        );
    let error = Managed::<Cluster>::delete(&script.call(), model(&config()))
        .await
        .unwrap_err();
    assert!(
        error
            .detail
            .starts_with("The cluster still has node groups system, spot. Delete them"),
        "{}",
        error.detail
    );
}

#[test]
fn imports_by_name() {
    assert_eq!(Managed::<Cluster>::import("demo").unwrap().name, "demo");
    assert!(Managed::<Cluster>::import("arn:aws:eks").is_err());
}

#[tokio::test]
async fn a_create_that_nobody_saw_fail_is_kept_without_an_error_and_resumed() {
    let denied = "User is not authorized to perform: eks:DescribeCluster";
    let creating = || cluster(json!({"status": "CREATING", "endpoint": null}));
    let ends = [
        (
            Answer::Error(403, "ExpiredTokenException", "expired".to_owned()),
            "have expired",
        ),
        (
            Answer::Error(403, "AccessDeniedException", denied.to_owned()),
            denied,
        ),
        (creating(), "timeouts block"),
    ];
    for (end, says) in ends {
        let script = Script::default()
            .on(CREATE, [creating()])
            .on(DESCRIBE, [creating(), end]);
        let wanted = with(config(), json!({"timeouts": {"create": "300ms"}}));
        let made = harness(script).apply(&Json::Null, &wanted).await;
        assert!(!made.diagnostics.has_errors(), "{:?}", made.diagnostics);
        let said = crate::testing::texts(made.diagnostics).concat();
        assert!(
            said.contains("not finished") && said.contains(says),
            "{said}"
        );
        assert_eq!(made.state.get("status").as_str(), Some("CREATING"));

        let script = Script::default().on(DESCRIBE, [creating(), cluster(json!({}))]);
        let resumed = harness(script.clone())
            .apply(&to_json(&made.state), &wanted)
            .await;
        assert!(
            !resumed.diagnostics.has_errors(),
            "{:?}",
            resumed.diagnostics
        );
        assert_eq!(resumed.state.get("status").as_str(), Some("ACTIVE"));
        assert!(resumed.state.get("endpoint").as_str().is_some());
        assert_eq!(script.changes(), "");
    }
}
