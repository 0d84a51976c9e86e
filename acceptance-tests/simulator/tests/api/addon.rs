//! Add-ons, through HTTP: creation, health, associations and deletion.

use eks_simulator::Target;
use serde_json::{Value, json};

use crate::client::{Client, addon_request};

const ADDONS: &str = "/clusters/demo/addons";
const VPC_CNI: &str = "/clusters/demo/addons/vpc-cni";
const ROLE: &str = "arn:aws:iam::111122223333:role/cni";

#[test]
fn is_created_described_and_deleted_with_the_states_between() {
    let client = Client::with_cluster_of("1.34");
    let body = addon_request("vpc-cni", json!({"tags": {"a": "1"}}));
    let first = client.post(ADDONS, body).ok();
    assert_eq!(first["addon"]["status"], "CREATING");
    client.settle();
    let active = client.addon("demo", "vpc-cni");
    let expected = json!({
        "addonName": "vpc-cni", "clusterName": "demo", "status": "ACTIVE",
        "addonVersion": "v1.20.4-eksbuild.2", "health": {"issues": []}, "tags": {"a": "1"},
        "serviceAccountRoleArn": null, "publisher": null, "owner": null,
        "marketplaceInformation": null, "configurationValues": null, "namespaceConfig": null,
        "podIdentityAssociations": [],
    });
    for (member, value) in expected.as_object().expect("an object") {
        assert_eq!(active[member], *value, "{member}");
    }
    let arn = active["addonArn"].as_str().expect("an ARN");
    let prefix = "arn:aws:eks:eu-west-1:111122223333:addon/demo/vpc-cni/";
    assert!(arn.starts_with(prefix), "{arn}");
    assert_eq!(client.get(ADDONS).ok()["addons"], json!(["vpc-cni"]));
    assert_eq!(
        client.get(&format!("/tags/{arn}")).ok()["tags"],
        json!({"a": "1"})
    );

    assert_eq!(client.delete(VPC_CNI).ok()["addon"]["status"], "DELETING");
    client.settle();
    let gone = client.get(VPC_CNI);
    assert_eq!(gone.body["addonName"], "vpc-cni");
    assert_eq!(
        gone.refusal(),
        "404 ResourceNotFoundException: No addon: vpc-cni found in cluster: demo"
    );
}

#[test]
fn a_cluster_is_deleted_with_its_add_ons() {
    let client = Client::with_cluster_of("1.34");
    client.created_addon("demo", "vpc-cni", json!({}));
    client.delete("/clusters/demo").ok();
    client.settle();
    assert_eq!(client.get("/clusters/demo").status, 404);
}

#[test]
fn the_same_request_is_answered_again_and_another_one_refused() {
    let client = Client::with_cluster_of("1.34");
    let body = addon_request("vpc-cni", json!({"clientRequestToken": "t"}));
    let first = client.post(ADDONS, body.clone()).ok();
    client.settle();
    assert_eq!(client.post(ADDONS, body).ok(), first);
    assert_eq!(
        client
            .post(ADDONS, addon_request("vpc-cni", json!({})))
            .refusal(),
        "409 ResourceInUseException: Addon already exists."
    );
}

#[test]
fn without_nodes_a_deployment_is_degraded_until_there_are_some() {
    let client = Client::with_cluster_of("1.34");
    let issue = json!({
        "code": "InsufficientNumberOfReplicas",
        "message":
            "The add-on is unhealthy because it doesn't have the desired number of replicas.",
        "resourceIds": null,
    });
    let coredns = client.created_addon("demo", "coredns", json!({}));
    assert_eq!(coredns["status"], "DEGRADED");
    assert_eq!(coredns["health"]["issues"], json!([issue]));
    assert_eq!(
        client.created_addon("demo", "kube-proxy", json!({}))["status"],
        "ACTIVE"
    );

    let empty = json!({"scalingConfig": {"minSize": 0, "maxSize": 1, "desiredSize": 0}});
    client.active_node_group("demo", "none", empty);
    assert_eq!(client.addon("demo", "coredns")["status"], "DEGRADED");
    client.active_node_group("demo", "web", json!({}));
    let coredns = client.addon("demo", "coredns");
    assert_eq!(coredns["status"], "ACTIVE");
    assert_eq!(coredns["health"]["issues"], json!([]));
    client.simulator.remove(&Target::node_group("demo", "web"));
    assert_eq!(client.addon("demo", "coredns")["status"], "DEGRADED");

    let profile = json!({
        "fargateProfileName": "system", "podExecutionRoleArn": ROLE,
        "selectors": [{"namespace": "kube-system"}],
    });
    client.post("/clusters/demo/fargate-profiles", profile).ok();
    assert_eq!(client.addon("demo", "coredns")["status"], "DEGRADED");
    client.settle();
    assert_eq!(client.addon("demo", "coredns")["status"], "ACTIVE");
}

#[test]
fn auto_mode_brings_nodes() {
    let client = Client::with_cluster_of("1.34");
    let compute = json!({"computeConfig": {"enabled": true}});
    client.simulator.modify(&Target::cluster("demo"), &compute);
    assert_eq!(
        client.created_addon("demo", "metrics-server", json!({}))["status"],
        "ACTIVE"
    );
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::with_cluster_of("1.34");
    let cases = [
        ("weave", json!({}), "Addon specified is not supported"),
        (
            "vpc-cni",
            json!({"addonVersion": "v1.0.0-eksbuild.1"}),
            "Addon version specified is not supported",
        ),
        // Exists, but not for 1.34.
        (
            "coredns",
            json!({"addonVersion": "v1.10.1-eksbuild.38"}),
            "Addon version specified is not supported",
        ),
        (
            "vpc-cni",
            json!({"resolveConflicts": "PRESERVE"}),
            "Resolve conflicts option preserve is not supported for operation CreateAddon",
        ),
        (
            "vpc-cni",
            json!({"resolveConflicts": "FORCE"}),
            "enum value set",
        ),
        (
            "coredns",
            json!({"configurationValues": "null"}),
            "ConfigurationValue provided in request is not supported: Json schema validation \
             failed with error: [$: null found, object expected]",
        ),
        (
            "coredns",
            json!({"configurationValues": "{\"replicaCount\":\"2\",\"replicas\":2}"}),
            "[$.replicaCount: string found, integer expected, $.replicas: is not defined in the \
             schema and the schema does not allow additional properties]",
        ),
        (
            "coredns",
            json!({"configurationValues": "{"}),
            "Invalid JSON",
        ),
        (
            "coredns",
            json!({"podIdentityAssociations": [{"serviceAccount": "coredns", "roleArn": ROLE}]}),
            "Pod Identity feature is not supported for addon version: v1.12.4-eksbuild.9",
        ),
        (
            "vpc-cni",
            json!({"podIdentityAssociations": [{"serviceAccount": "node", "roleArn": ROLE}]}),
            "Service account node in pod identity configuration is not supported for addon \
             vpc-cni",
        ),
        (
            "vpc-cni",
            json!({"namespaceConfig": {"namespace": "A_b"}}),
            "RFC 1123",
        ),
        (
            "vpc-cni",
            json!({"tags": {"aws:a": "1"}}),
            "cannot start with aws:",
        ),
    ];
    for (name, members, expected) in cases {
        let refusal = client.post(ADDONS, addon_request(name, members)).refusal();
        assert!(
            refusal.starts_with("400 InvalidParameterException"),
            "{refusal}"
        );
        assert!(refusal.contains(expected), "{refusal}");
    }
    assert_eq!(client.get(ADDONS).ok()["addons"], json!([]));
}

#[test]
fn owns_the_pod_identity_associations_it_is_given() {
    let client = Client::with_cluster_of("1.34");
    let given = |role: &str| json!({"podIdentityAssociations": [{"serviceAccount": "aws-node", "roleArn": role}]});
    let made = client.created_addon("demo", "vpc-cni", given(ROLE));
    let association = client.associations("demo").pop().expect("an association");
    assert_eq!(
        made["podIdentityAssociations"],
        json!([association["associationArn"]])
    );
    assert_eq!(association["ownerArn"], made["addonArn"]);
    assert_eq!(association["namespace"], "kube-system");

    let other = "arn:aws:iam::111122223333:role/other";
    client.updated_addon("demo", "vpc-cni", given(other));
    let id = association["associationId"].as_str().expect("an id");
    let path = format!("/clusters/demo/pod-identity-associations/{id}");
    assert_eq!(client.get(&path).ok()["association"]["roleArn"], other);
    client.updated_addon("demo", "vpc-cni", json!({}));
    assert_eq!(client.associations("demo").len(), 1);
    client.updated_addon("demo", "vpc-cni", json!({"podIdentityAssociations": []}));
    assert_eq!(client.associations("demo").len(), 0);
    assert_eq!(
        client.addon("demo", "vpc-cni")["podIdentityAssociations"],
        json!([])
    );

    client.updated_addon("demo", "vpc-cni", given(ROLE));
    client.delete(VPC_CNI).ok();
    client.settle();
    assert_eq!(client.associations("demo").len(), 0);

    client.created_addon("demo", "vpc-cni", given(ROLE));
    client.delete(&format!("{VPC_CNI}?preserve=true")).ok();
    client.settle();
    let free = client.associations("demo").pop().expect("an association");
    assert_eq!(free["ownerArn"], Value::Null);
    let refusal = client
        .post(ADDONS, addon_request("vpc-cni", given(ROLE)))
        .refusal();
    assert!(refusal.contains("Association already exists"), "{refusal}");
}
