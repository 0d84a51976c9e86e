//! Updates of clusters, through HTTP.

use serde_json::{Value, json};

use crate::client::Client;

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
