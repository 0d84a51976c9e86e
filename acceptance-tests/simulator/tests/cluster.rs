//! Clusters, through HTTP.

mod common;

use common::{Client, cluster_request};
use eks_simulator::{Effect, Ending, Fault, Issue, Target, UpdateError};
use serde_json::{Value, json};

#[test]
fn is_created_described_and_deleted_with_the_states_between() {
    let client = Client::frozen();
    let created = client
        .post("/clusters", cluster_request("demo", json!({})))
        .ok();
    assert_eq!(created["cluster"]["status"], "CREATING");
    assert_eq!(created["cluster"]["endpoint"], Value::Null);
    assert_eq!(
        created["cluster"]["resourcesVpcConfig"]["clusterSecurityGroupId"],
        Value::Null
    );
    assert_eq!(client.cluster("demo")["status"], "CREATING");

    client.settle();
    let active = client.cluster("demo");
    assert_eq!(active["status"], "ACTIVE");
    assert_eq!(
        active["arn"],
        "arn:aws:eks:eu-west-1:111122223333:cluster/demo"
    );
    assert!(
        active["endpoint"]
            .as_str()
            .expect("an endpoint")
            .ends_with(".gr7.eu-west-1.eks.amazonaws.com")
    );
    let issuer = active["identity"]["oidc"]["issuer"]
        .as_str()
        .expect("an issuer");
    assert!(issuer.starts_with("https://oidc.eks.eu-west-1.amazonaws.com/id/"));
    assert!(active["createdAt"].as_f64().expect("epoch seconds") > 1.7e9);

    assert_eq!(
        client.delete("/clusters/demo").ok()["cluster"]["status"],
        "DELETING"
    );
    assert_eq!(client.cluster("demo")["status"], "DELETING");
    client.settle();
    let gone = client.get("/clusters/demo");
    assert_eq!(gone.body["clusterName"], "demo");
    assert!(gone.request_id.is_some());
    assert_eq!(
        gone.refusal(),
        "404 ResourceNotFoundException: No cluster found for name: demo."
    );
}

#[test]
fn gets_the_defaults_that_aws_fills_in() {
    let client = Client::frozen();
    let cluster = client.active_cluster("demo", json!({"bootstrapSelfManagedAddons": true}));
    let expected = json!({
        "version": "1.35",
        "accessConfig": {"authenticationMode": "CONFIG_MAP"},
        "upgradePolicy": {"supportType": "EXTENDED"},
        "deletionProtection": false,
        "controlPlaneScalingConfig": {"tier": "standard"},
        "kubernetesNetworkConfig": {
            "ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16",
            "elasticLoadBalancing": {"enabled": false},
        },
        "health": {"issues": []},
        "tags": {},
    });
    for (member, value) in expected.as_object().expect("an object") {
        assert_eq!(cluster[member], *value, "{member}");
    }
    let vpc = &cluster["resourcesVpcConfig"];
    assert_eq!(vpc["publicAccessCidrs"], json!(["0.0.0.0/0"]));
    assert_eq!(vpc["endpointPublicAccess"], true);
    assert_eq!(vpc["endpointPrivateAccess"], false);
    assert!(
        cluster.get("bootstrapSelfManagedAddons").is_none(),
        "is never answered"
    );
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::frozen();
    let refusal = |members: Value| {
        client
            .post("/clusters", cluster_request("demo", members))
            .refusal()
    };
    let cases = [
        (json!({"version": "1.12"}), "unsupported Kubernetes version"),
        (json!({"roleArn": null}), "Value at 'roleArn'"),
        (json!({"name": "-x"}), "regular expression pattern"),
        (
            json!({"resourcesVpcConfig": {"subnetIds": ["subnet-1"]}}),
            "at least two different AZs",
        ),
        (
            json!({"resourcesVpcConfig": {"subnetIds": ["a", "b"], "endpointPublicAccess": false}}),
            "Private and public endpoint access cannot be false",
        ),
        (
            json!({"accessConfig": {"authenticationMode": "NONE"}}),
            "enum value set",
        ),
        (
            json!({"computeConfig": {"enabled": true}}),
            "must all be enabled or all be disabled",
        ),
        (
            json!({"encryptionConfig": [{"resources": ["pods"]}]}),
            "is secrets",
        ),
        (
            json!({"kubernetesNetworkConfig": {"serviceIpv4Cidr": "8.8.8.0/24"}}),
            "serviceIpv4Cidr",
        ),
        (
            json!({"accessConfig": {"bootstrapClusterCreatorAdminPermissions": false}}),
            "bootstrapClusterCreatorAdminPermissions must be true",
        ),
    ];
    for (members, expected) in cases {
        let refusal = refusal(members.clone());
        assert!(
            refusal.starts_with("400 InvalidParameterException"),
            "{members}: {refusal}"
        );
        assert!(refusal.contains(expected), "{members}: {refusal}");
    }
    assert_eq!(
        client.get("/clusters").ok()["clusters"],
        json!([]),
        "nothing was created"
    );
}

#[test]
fn the_same_request_with_the_same_token_is_answered_again() {
    let client = Client::frozen();
    let request = cluster_request("demo", json!({"clientRequestToken": "t-1"}));
    let first = client.post("/clusters", request.clone()).ok();
    assert_eq!(first["cluster"]["clientRequestToken"], "t-1");
    assert_eq!(client.post("/clusters", request.clone()).ok(), first);
    let other = cluster_request("demo", json!({"clientRequestToken": "t-2"}));
    let expected = "409 ResourceInUseException: Cluster already exists with name: demo";
    assert_eq!(client.post("/clusters", other).refusal(), expected);
    let changed = cluster_request(
        "demo",
        json!({"clientRequestToken": "t-1", "version": "1.34"}),
    );
    assert_eq!(client.post("/clusters", changed).refusal(), expected);
}

#[test]
fn one_update_at_a_time_and_no_deletion_meanwhile() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let change = json!({"resourcesVpcConfig": {"endpointPrivateAccess": true}});
    let update = client.post("/clusters/demo/update-config", change).ok()["update"].clone();
    assert_eq!(update["type"], "EndpointAccessUpdate");
    assert_eq!(
        update["params"],
        json!([{"type": "EndpointPrivateAccess", "value": "true"}])
    );
    let id = update["id"].as_str().expect("an id");
    assert_eq!(client.cluster("demo")["status"], "UPDATING");

    let second = client.post(
        "/clusters/demo/update-config",
        json!({"deletionProtection": true}),
    );
    let expected = format!(
        "409 ResourceInUseException: Cannot DeletionProtectionUpdate because cluster demo \
         currently has update {id} in progress"
    );
    assert_eq!(second.refusal(), expected);
    assert!(
        client
            .delete("/clusters/demo")
            .refusal()
            .contains("an update in progress")
    );

    client.settle();
    let done = client.get(&format!("/clusters/demo/updates/{id}")).ok();
    assert_eq!(done["update"]["status"], "Successful");
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
    assert_eq!(
        client.cluster("demo")["resourcesVpcConfig"]["endpointPrivateAccess"],
        true
    );
    assert_eq!(
        client.get("/clusters/demo/updates").ok()["updateIds"],
        json!([id])
    );
}

#[test]
fn every_type_of_configuration_can_be_changed() {
    let cases = [
        (
            json!({"deletionProtection": true}),
            "DeletionProtectionUpdate",
        ),
        (
            json!({"upgradePolicy": {"supportType": "STANDARD"}}),
            "UpgradePolicyUpdate",
        ),
        (
            json!({"zonalShiftConfig": {"enabled": true}}),
            "ZonalShiftConfigUpdate",
        ),
        (
            json!({"controlPlaneScalingConfig": {"tier": "tier-xl"}}),
            "ControlPlaneScalingConfigUpdate",
        ),
        (
            json!({"kubeApiServerConfig": {"eventTtl": "30m"}}),
            "ControlPlaneComponentConfigUpdate",
        ),
        (
            json!({"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}}),
            "AccessConfigUpdate",
        ),
        (
            json!({"remoteNetworkConfig": {"remoteNodeNetworks": [{"cidrs": ["10.0.0.0/16"]}]}}),
            "RemoteNetworkConfigUpdate",
        ),
    ];
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    for (change, kind) in cases {
        assert_eq!(client.update_cluster("demo", change.clone())["type"], kind);
        let cluster = client.cluster("demo");
        for (member, value) in change.as_object().expect("an object") {
            assert_eq!(cluster[member], *value, "{kind}");
        }
        let again = client
            .post("/clusters/demo/update-config", change)
            .refusal();
        assert!(
            again.starts_with("400 InvalidParameterException"),
            "{again}"
        );
    }
    let none = json!({"remoteNetworkConfig": {"remoteNodeNetworks": [], "remotePodNetworks": []}});
    client.update_cluster("demo", none);
    assert_eq!(client.cluster("demo")["remoteNetworkConfig"], Value::Null);
}

#[test]
fn vpc_changes_are_of_three_types() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let change = |vpc: Value| client.update_cluster("demo", json!({"resourcesVpcConfig": vpc}));
    assert_eq!(
        change(json!({"securityGroupIds": ["sg-1"]}))["type"],
        "VpcConfigUpdate"
    );
    let egress = change(json!({"controlPlaneEgressMode": "CUSTOMER_ROUTED"}));
    assert_eq!(egress["type"], "ControlPlaneEgressUpdate");
    let restrict = json!({"endpointPrivateAccess": true, "publicAccessCidrs": ["203.0.113.0/24"]});
    assert_eq!(change(restrict.clone())["type"], "EndpointAccessUpdate");
    let vpc = client.cluster("demo")["resourcesVpcConfig"].clone();
    assert_eq!(vpc["securityGroupIds"], json!(["sg-1"]));
    assert_eq!(vpc["publicAccessCidrs"], json!(["203.0.113.0/24"]));

    let again = client.post(
        "/clusters/demo/update-config",
        json!({"resourcesVpcConfig": restrict}),
    );
    assert!(again.refusal().contains(
        "already at the desired configuration with endpointPrivateAccess: true , \
         endpointPublicAccess: true"
    ));
    let back = json!({"resourcesVpcConfig": {"controlPlaneEgressMode": "AWS_MANAGED"}});
    let back = client.post("/clusters/demo/update-config", back).refusal();
    assert!(
        back.contains("update from CUSTOMER_ROUTED to AWS_MANAGED"),
        "{back}"
    );
}

#[test]
fn logging_is_answered_as_what_is_on_and_what_is_off() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let change = json!({"logging": {"clusterLogging": [
        {"types": ["scheduler", "api"], "enabled": true}, {"types": ["audit"], "enabled": false},
    ]}});
    assert_eq!(
        client.update_cluster("demo", change.clone())["type"],
        "LoggingUpdate"
    );
    let expected = json!({"clusterLogging": [
        {"types": ["api", "scheduler"], "enabled": true},
        {"types": ["audit", "authenticator", "controllerManager"], "enabled": false},
    ]});
    assert_eq!(client.cluster("demo")["logging"], expected);
    let again = client
        .post("/clusters/demo/update-config", change)
        .refusal();
    assert!(
        again.ends_with("No changes needed for the logging config provided"),
        "{again}"
    );
}

#[test]
fn only_one_type_of_change_per_call() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let refusal = |change: Value| {
        client
            .post("/clusters/demo/update-config", change)
            .refusal()
    };
    let two = "400 InvalidParameterException: Only one type of update can be allowed.";
    assert_eq!(
        refusal(json!({"deletionProtection": true, "upgradePolicy": {"supportType": "STANDARD"}})),
        two
    );
    let both = json!({"endpointPrivateAccess": true, "subnetIds": ["subnet-3", "subnet-4"]});
    assert_eq!(refusal(json!({"resourcesVpcConfig": both})), two);
    let none = "400 InvalidParameterException: The type for cluster update was not provided.";
    assert_eq!(refusal(json!({})), none);
    assert_eq!(refusal(json!({"computeConfig": {"enabled": true}})), none);
}

#[test]
fn authentication_mode_goes_forward_only() {
    let client = Client::frozen();
    client.active_cluster(
        "demo",
        json!({"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}}),
    );
    let change = |mode: &str| {
        let change = json!({"accessConfig": {"authenticationMode": mode}});
        client.post("/clusters/demo/update-config", change)
    };
    let expected = "400 InvalidParameterException: Unsupported authentication mode update from \
                    API_AND_CONFIG_MAP to CONFIG_MAP";
    assert_eq!(change("CONFIG_MAP").refusal(), expected);
    change("API").ok();
    client.settle();
    assert!(
        change("API_AND_CONFIG_MAP")
            .refusal()
            .contains("from API to API_AND_CONFIG_MAP")
    );
}

#[test]
fn auto_mode_switches_agree() {
    let client = Client::frozen();
    let trio = |enabled: bool, pools: Value| {
        let role = enabled.then_some("arn:aws:iam::111122223333:role/node");
        json!({
            "computeConfig": {"enabled": enabled, "nodePools": pools, "nodeRoleArn": role},
            "kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": enabled}},
            "storageConfig": {"blockStorage": {"enabled": enabled}},
        })
    };
    client.active_cluster(
        "demo",
        json!({"accessConfig": {"authenticationMode": "API"}}),
    );
    let off = client
        .post("/clusters/demo/update-config", trio(false, json!([])))
        .refusal();
    assert!(
        off.starts_with("400 InvalidRequestException: Cannot modify EKS Auto Mode"),
        "{off}"
    );
    let on = client.update_cluster("demo", trio(true, json!(["system"])));
    assert_eq!(on["type"], "AutoModeUpdate");
    let cluster = client.cluster("demo");
    assert_eq!(cluster["computeConfig"]["nodePools"], json!(["system"]));
    assert_eq!(
        cluster["storageConfig"],
        json!({"blockStorage": {"enabled": true}})
    );
    assert_eq!(
        cluster["kubernetesNetworkConfig"]["elasticLoadBalancing"]["enabled"],
        true
    );
    assert_eq!(
        cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"],
        "172.20.0.0/16"
    );
    client.update_cluster("demo", trio(false, json!([])));
    assert_eq!(
        client.cluster("demo")["computeConfig"],
        json!({"enabled": false, "nodePools": []})
    );
}

#[test]
fn versions_go_up_one_at_a_time() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"version": "1.33"}));
    let upgrade =
        |version: &str| client.post("/clusters/demo/updates", json!({"version": version}));
    for version in ["1.32", "1.33", "1.35"] {
        let expected = format!(
            "400 InvalidParameterException: Unsupported Kubernetes minor version update from 1.33 \
             to {version}"
        );
        assert_eq!(upgrade(version).refusal(), expected);
    }
    let update = upgrade("1.34").ok()["update"].clone();
    assert_eq!(update["type"], "VersionUpdate");
    assert_eq!(
        client.cluster("demo")["version"],
        "1.33",
        "until the update is done"
    );
    client.settle();
    assert_eq!(client.cluster("demo")["version"], "1.34");
}

#[test]
fn an_upgrade_can_be_rolled_back_and_the_rollback_cancelled() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"version": "1.33"}));
    client
        .post("/clusters/demo/updates", json!({"version": "1.34"}))
        .ok();
    client.settle();
    let rollback = json!({"version": "1.33", "rollbackConfig": {"timeoutMinutes": 120}});
    let update = client.post("/clusters/demo/updates", rollback).ok()["update"].clone();
    assert_eq!(update["type"], "VersionRollback");
    let path = format!(
        "/clusters/demo/updates/{}/cancel-update",
        update["id"].as_str().expect("an id")
    );
    let cancelled = client.post(&path, json!({})).ok()["update"].clone();
    assert_eq!(cancelled["status"], "Cancelled");
    client.settle();
    assert_eq!(client.cluster("demo")["version"], "1.34");
    assert!(
        client
            .post(&path, json!({}))
            .refusal()
            .starts_with("400 InvalidStateException")
    );
}

#[test]
fn encryption_is_associated_once() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({}));
    let path = "/clusters/demo/encryption-config/associate";
    let config = json!([{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:::key/1"}}]);
    let request = json!({"encryptionConfig": config});
    let update = client.post(path, request.clone()).ok()["update"].clone();
    assert_eq!(update["type"], "AssociateEncryptionConfig");
    client.settle();
    assert_eq!(client.cluster("demo")["encryptionConfig"], config);
    assert!(
        client
            .post(path, request)
            .refusal()
            .starts_with("400 InvalidRequestException")
    );
}

#[test]
fn deletion_protection_protects() {
    let client = Client::frozen();
    client.active_cluster("demo", json!({"deletionProtection": true}));
    assert!(
        client
            .delete("/clusters/demo")
            .refusal()
            .starts_with("400 InvalidRequestException")
    );
    client.update_cluster("demo", json!({"deletionProtection": false}));
    client.delete("/clusters/demo").ok();
}

#[test]
fn creation_update_and_deletion_can_end_badly() {
    let client = Client::frozen();
    let issue = Issue {
        code: "IamRoleNotFound".into(),
        message: "gone".into(),
        resource_ids: vec!["role".into()],
    };
    let issues = vec![issue];
    let failed = Ending::Create {
        degraded: false,
        issues: issues.clone(),
    };
    client.simulator.plan_ending(Target::cluster("bad"), failed);
    let cluster = client.active_cluster("bad", json!({}));
    assert_eq!(cluster["status"], "FAILED");
    let expected = json!([{"code": "IamRoleNotFound", "message": "gone", "resourceIds": ["role"]}]);
    assert_eq!(cluster["health"]["issues"], expected);

    client.active_cluster("demo", json!({}));
    let error = UpdateError {
        error_code: "SubnetNotFound".into(),
        error_message: "no such subnet".into(),
        resource_ids: vec!["subnet-9".into()],
    };
    client.simulator.plan_ending(
        Target::cluster("demo"),
        Ending::Update {
            errors: vec![error],
        },
    );
    let update = client.update_cluster("demo", json!({"zonalShiftConfig": {"enabled": true}}));
    let path = format!(
        "/clusters/demo/updates/{}",
        update["id"].as_str().expect("an id")
    );
    let update = client.get(&path).ok()["update"].clone();
    assert_eq!(update["status"], "Failed");
    assert_eq!(update["errors"][0]["errorCode"], "SubnetNotFound");
    assert_eq!(client.cluster("demo")["zonalShiftConfig"], Value::Null);

    client
        .simulator
        .plan_ending(Target::any(), Ending::Delete { issues });
    client.delete("/clusters/demo").ok();
    client.settle();
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
}

#[test]
fn lists_come_in_pages() {
    let client = Client::frozen();
    for name in ["c", "a", "b"] {
        client.active_cluster(name, json!({}));
    }
    let first = client.get("/clusters?maxResults=2").ok();
    assert_eq!(first["clusters"], json!(["a", "b"]));
    let token = first["nextToken"].as_str().expect("a token");
    let second = client
        .get(&format!("/clusters?maxResults=2&nextToken={token}"))
        .ok();
    assert_eq!(second, json!({"clusters": ["c"], "nextToken": null}));
    assert!(
        client
            .get("/clusters?maxResults=101")
            .refusal()
            .contains("maxResults")
    );
    assert!(
        client
            .get("/clusters?nextToken=x")
            .refusal()
            .contains("nextToken")
    );
}

#[test]
fn accounts_do_not_see_each_other() {
    let mut client = Client::frozen();
    client.active_cluster("demo", json!({}));
    client.as_account("444455556666");
    assert_eq!(client.get("/clusters").ok()["clusters"], json!([]));
    client.as_account("AKIAEXAMPLE");
    let other = client.active_cluster("demo", json!({}));
    assert_eq!(
        other["arn"],
        "arn:aws:eks:eu-west-1:123456789012:cluster/demo"
    );
}

#[test]
fn a_lost_answer_is_found_again_by_its_token() {
    let client = Client::frozen();
    client
        .simulator
        .inject(Fault::next("CreateCluster", Effect::ResetAfter));
    let request = cluster_request("demo", json!({"clientRequestToken": "t"}));
    assert!(
        client.try_post("/clusters", &request).is_err(),
        "the connection is reset"
    );
    assert_eq!(client.cluster("demo")["status"], "CREATING");
    assert_eq!(
        client.post("/clusters", request).ok()["cluster"]["name"],
        "demo"
    );
}
