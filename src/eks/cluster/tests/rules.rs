//! What a configuration may say.

use serde_json::{Value as Json, json};

use super::{KEY, ROLE, config, harness, with};
use crate::testing::Script;

/// The only message about the smallest configuration with `over` put over it.
#[track_caller]
fn check(over: Json, expected: &str) {
    let found = harness(Script::default()).validate(&with(config(), over));
    match expected {
        "" => assert_eq!(found, Vec::<String>::new()),
        expected => {
            assert_eq!(found.len(), 1, "{found:#?}");
            assert!(found[0].starts_with(expected), "{}\n{expected}", found[0]);
        }
    }
}

fn auto_mode(compute: Json) -> Json {
    json!({
        "compute_config": [compute],
        "storage_config": [{"block_storage": [{"enabled": true}]}],
        "kubernetes_network_config": [{"elastic_load_balancing": [{"enabled": true}]}]
    })
}

#[test]
fn takes_what_aws_takes() {
    check(json!({}), "");
    check(
        json!({
            "version": "1.33", "enabled_cluster_log_types": ["api", "controllerManager"],
            "access_config": [{"authentication_mode": "API"}],
            "encryption_config": [{"resources": ["secrets"], "provider": [{"key_arn": KEY}]}],
            "upgrade_policy": [{"support_type": "STANDARD"}],
            "kube_scheduler_config": [{"node_resources_fit": [{"scoring_strategy": [
                {"type": "MostAllocated", "resource": [{"name": "cpu", "weight": 100}]}
            ]}]}],
            "remote_network_config": [{"remote_node_networks": [{"cidrs": ["10.0.0.0/8"]}]}],
        }),
        "",
    );
    check(
        auto_mode(json!({"enabled": true, "node_pools": ["system"], "node_role_arn": ROLE})),
        "",
    );
}

#[test]
fn refuses_values_with_the_attribute_to_fix() {
    check(
        json!({"name": "-demo"}),
        "name: Invalid name: name must be 1 to 100 letters",
    );
    check(
        json!({"role_arn": "eks"}),
        "role_arn: Invalid role_arn: role_arn must be the ARN of an IAM role",
    );
    check(
        json!({"version": "1.33.1"}),
        "version: Invalid version: version must be a Kubernetes minor version",
    );
    check(
        json!({"enabled_cluster_log_types": ["apis"]}),
        "enabled_cluster_log_types: Invalid enabled_cluster_log_types",
    );
    check(
        json!({"access_config": [{"authentication_mode": "MAP"}]}),
        "access_config[0].authentication_mode: Invalid authentication_mode",
    );
    check(
        json!({"kubernetes_network_config": [{"service_ipv4_cidr": "10.0.0.0/8"}]}),
        "kubernetes_network_config[0].service_ipv4_cidr: Invalid service_ipv4_cidr: service_ipv4_cidr must have a \
         prefix from /12 to /24, got \"10.0.0.0/8\".",
    );
    check(
        json!({"remote_network_config": [{"remote_pod_networks": [{"cidrs": ["8.8.8.0/24"]}]}]}),
        "remote_network_config[0].remote_pod_networks[0].cidrs: Invalid cidrs",
    );
    check(
        json!({"kube_scheduler_config": [{"node_resources_fit": [{"scoring_strategy": [
            {"resource": [{"name": "cpu", "weight": 101}]}
        ]}]}]}),
        "kube_scheduler_config[0].node_resources_fit[0].scoring_strategy[0].resource[0].weight: Invalid weight",
    );
    check(
        json!({"control_plane_scaling_config": [{"tier": "tier-3xl"}]}),
        "control_plane_scaling_config[0].tier: Invalid tier",
    );
    check(
        json!({"upgrade_policy": [{"support_type": "NONE"}]}),
        "upgrade_policy[0].support_type: Invalid",
    );
    check(
        json!({"kube_api_server_config": [{"event_ttl": "1h30m"}]}),
        "kube_api_server_config[0].event_ttl: Invalid event_ttl",
    );
}

#[test]
fn the_endpoint_must_be_reachable() {
    let vpc = |over: Json| json!({"vpc_config": [with(json!({"subnet_ids": ["subnet-a", "subnet-b"]}), over)]});
    check(
        vpc(json!({"endpoint_public_access": false, "endpoint_private_access": true})),
        "",
    );
    check(
        vpc(json!({"endpoint_public_access": false})),
        "vpc_config[0].endpoint_private_access: Nobody could reach the API server",
    );
    check(
        vpc(json!({"public_access_cidrs": []})),
        "vpc_config[0].public_access_cidrs: No CIDR blocks",
    );
    check(
        vpc(json!({"public_access_cidrs": ["1.2.3.4/8"]})),
        "vpc_config[0].public_access_cidrs: Invalid",
    );
    check(
        vpc(json!({"subnet_ids": ["subnet-a"]})),
        "vpc_config[0].subnet_ids: One subnet is not enough",
    );
}

#[test]
fn local_clusters_have_less() {
    let outpost = json!([{
        "control_plane_instance_type": "m5.large",
        "outpost_arns": ["arn:aws:outposts:eu-west-1:123456789012:outpost/op-1"]
    }]);
    check(
        json!({"outpost_config": outpost, "vpc_config": [{"subnet_ids": ["subnet-a"]}]}),
        "",
    );
    check(
        json!({"outpost_config": outpost, "remote_network_config": [{}]}),
        "remote_network_config: remote_network_config does not go with outpost_config",
    );
    check(
        json!({"outpost_config": outpost, "kubernetes_network_config": [{"ip_family": "ipv4"}]}),
        "kubernetes_network_config: kubernetes_network_config does not go with outpost_config",
    );
}

#[test]
fn the_three_switches_of_auto_mode_agree() {
    check(
        with(
            auto_mode(json!({"enabled": true})),
            json!({"storage_config": [{"block_storage": [{"enabled": false}]}]}),
        ),
        "storage_config[0].block_storage[0].enabled: EKS Auto Mode is half on: compute_config.enabled is true, so \
         storage_config.block_storage.enabled must be true, too",
    );
    check(
        with(
            auto_mode(json!({"enabled": true})),
            json!({"kubernetes_network_config": null}),
        ),
        "compute_config: EKS Auto Mode is half on: compute_config.enabled is true, so \
         kubernetes_network_config.elastic_load_balancing.enabled must be true, too",
    );
    check(
        with(
            auto_mode(json!({"enabled": true})),
            json!({"kubernetes_network_config": [{"ip_family": "ipv4"}]}),
        ),
        "kubernetes_network_config[0]: EKS Auto Mode is half on",
    );
    check(
        auto_mode(json!({"enabled": true, "node_pools": ["system"]})),
        "compute_config[0].node_pools: Node pools need a role",
    );
    check(
        with(
            auto_mode(json!({"enabled": true})),
            json!({"access_config": [{"authentication_mode": "CONFIG_MAP"}]}),
        ),
        // With ignore_changes it is not the mode of the configuration that counts.
        "",
    );
    let gateway =
        json!([{"elastic_load_balancing": [{"gateway_api": [{"crds": [{"managed": true}]}]}]}]);
    check(
        json!({"kubernetes_network_config": gateway}),
        "kubernetes_network_config[0].elastic_load_balancing[0].gateway_api[0].crds[0].managed: Gateway API needs",
    );
}

#[test]
fn ranges_and_families_make_sense() {
    let range = |min: Json, max: Json| json!({"kube_api_server_config": [{"service_node_port_range": [{"min_port": min, "max_port": max}]}]});
    check(range(json!(30000), json!(32767)), "");
    check(
        range(json!(3), json!(2)),
        "kube_api_server_config[0].service_node_port_range[0].max_port: Empty port range",
    );
    check(
        range(json!(3), Json::Null),
        "kube_api_server_config[0].service_node_port_range: Half a port range: A range has two ends: add max_port.",
    );
    check(
        json!({"kubernetes_network_config": [{"ip_family": "ipv6", "service_ipv4_cidr": "10.1.0.0/16"}]}),
        "kubernetes_network_config[0].service_ipv4_cidr: No IPv4 services in an IPv6 cluster",
    );
}

#[test]
fn terraform_accepts_the_schema() {
    assert_eq!(
        harness(Script::default()).schema_violations(),
        Vec::<String>::new()
    );
}
