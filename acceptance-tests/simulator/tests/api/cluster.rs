//! How clusters come, go and are listed, through HTTP.

use eks_simulator::{Effect, Ending, Fault, Issue, Target, UpdateError};
use serde_json::{Value, json};

use crate::client::{Client, cluster_request};

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
            "Both private and public endpoint access cannot be false",
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
    // The API has a member for it, but no captured answer of AWS has it.
    assert_eq!(first["cluster"]["clientRequestToken"], json!(null));
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
