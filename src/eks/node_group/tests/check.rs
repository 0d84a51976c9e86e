//! What is refused before AWS is asked, on which attribute, and in which words.

use serde_json::{Value as Json, json};

use tfplugin_rs::tf::Resource;

use super::{NodeGroup, config, offline};
use crate::kind::Managed;

/// The configuration, with this in it, gives this message and no other.
fn refuses(more: Json, expected: &str) {
    assert_eq!(told(more.clone()), [expected], "{more}");
}

fn accepts(more: Json) {
    assert_eq!(told(more.clone()), [] as [String; 0], "{more}");
}

/// Messages as `path: detail`.
fn told(more: Json) -> Vec<String> {
    let messages = offline().validate(&config(more));
    let without_summary = |message: String| {
        let (path, rest) = message.split_once(": ").unwrap();
        let (_, detail) = rest.split_once(": ").unwrap();
        format!("{path}: {detail}")
    };
    messages.into_iter().map(without_summary).collect()
}

#[test]
fn sizes_must_fit_each_other() {
    let sizes = |min: i64, desired: i64, max: i64| json!({"scaling_config": [{"min_size": min, "desired_size": desired, "max_size": max}]});
    accepts(sizes(0, 0, 1));
    accepts(sizes(3, 3, 3));
    // With ignore_changes it is not the size of the configuration that counts, and it is not known here.
    accepts(sizes(2, 1, 4));
    accepts(sizes(2, 5, 4));
    refuses(
        sizes(5, 9, 2),
        "scaling_config[0].max_size: max_size must be at least min_size, which is 5, got 2.",
    );
    refuses(
        sizes(0, 0, 0),
        "scaling_config[0].max_size: max_size must be a whole number from 1 to 2147483647, got 0.",
    );
}

#[test]
fn names_are_those_of_eks() {
    accepts(json!({"node_group_name": "0_a-B"}));
    accepts(json!({"node_group_name": "n".repeat(63)}));
    accepts(json!({"node_group_name": null, "node_group_name_prefix": "p".repeat(37)}));
    refuses(
        json!({"node_group_name": "-a"}),
        "node_group_name: node_group_name must be 1 to 63 letters, digits, hyphens and underscores, beginning with a \
         letter or digit, got \"-a\".",
    );
    let long = "p".repeat(38);
    refuses(
        json!({"node_group_name": null, "node_group_name_prefix": long}),
        &format!(
            "node_group_name_prefix: node_group_name_prefix must be 1 to 37 letters, digits, hyphens and underscores, \
             beginning with a letter or digit, got \"{long}\"."
        ),
    );
    refuses(
        json!({"node_group_name_prefix": "a"}),
        "node_group_name_prefix: node_group_name and node_group_name_prefix exclude each other: keep the one, remove the \
         other.",
    );
}

#[test]
fn a_launch_template_has_one_name_and_rules_alone() {
    let by_id = json!({"id": "lt-0a", "version": "1"});
    accepts(json!({"launch_template": [by_id]}));
    accepts(json!({"launch_template": [{"name": "nodes", "version": "$Latest"}]}));
    refuses(
        json!({"launch_template": [{"id": "lt-0a", "name": "nodes", "version": "1"}]}),
        "launch_template[0].name: id and name of the launch template exclude each other: keep the one, remove the other.",
    );
    refuses(
        json!({"launch_template": [{"version": "1"}]}),
        "launch_template: launch_template needs the id or the name of the template.",
    );
    refuses(
        json!({"launch_template": [{"name": "nodes", "version": "latest"}]}),
        "launch_template[0].version: version must be a number, \"$Latest\" or \"$Default\", got \
         \"latest\".",
    );
    refuses(
        json!({"launch_template": [by_id], "disk_size": 50}),
        "disk_size: disk_size conflicts with launch_template: remove it and set the size in the block_device_mappings of \
         the template.",
    );
    refuses(
        json!({"launch_template": [by_id], "remote_access": [{"ec2_ssh_key": "k", "source_security_group_ids": ["sg-0a"]}]}),
        "remote_access: remote_access conflicts with launch_template: remove it and set key_name and \
         vpc_security_group_ids in the template.",
    );
}

#[test]
fn a_custom_image_needs_a_template_and_has_no_version() {
    let template = json!([{"id": "lt-0a", "version": "1"}]);
    accepts(json!({"ami_type": "CUSTOM", "launch_template": template}));
    refuses(
        json!({"ami_type": "CUSTOM"}),
        "ami_type: ami_type \"CUSTOM\" means the image of a launch template. Add a launch_template block, or choose \
         another ami_type.",
    );
    refuses(
        json!({"ami_type": "CUSTOM", "launch_template": template, "version": "1.33"}),
        "version: version conflicts with ami_type \"CUSTOM\": the image in the launch template decides. Remove version.",
    );
    refuses(
        json!({"capacity_type": "CAPACITY_BLOCK"}),
        "capacity_type: A capacity block is named by a launch template. Add a launch_template block, or choose another \
         capacity_type.",
    );
}

#[test]
fn words_are_those_that_aws_knows() {
    accepts(json!({"ami_type": "BOTTLEROCKET_ARM_64_NVIDIA_FIPS", "capacity_type": "SPOT"}));
    let said = told(json!({"ami_type": "AL2"})).concat();
    assert!(
        said.starts_with("ami_type: ami_type must be one of AL2023_ARM_64_NVIDIA, "),
        "{said}"
    );
    refuses(
        json!({"capacity_type": "spot"}),
        "capacity_type: capacity_type must be one of \"CAPACITY_BLOCK\", \"ON_DEMAND\", \"SPOT\", got \"spot\".",
    );
    refuses(
        json!({"version": "1.33.1"}),
        "version: version must be a Kubernetes minor version such as \"1.33\", without a patch, got \"1.33.1\".",
    );
    refuses(
        json!({"instance_types": ["large"]}),
        "instance_types: instance_types must be an EC2 instance type, such as \"m5.large\", got \"large\".",
    );
    refuses(
        json!({"subnet_ids": []}),
        "subnet_ids: subnet_ids must have at least 1 elements.",
    );
}

#[test]
fn remote_access_says_who() {
    accepts(
        json!({"remote_access": [{"ec2_ssh_key": "k", "source_security_group_ids": ["sg-0a"]}]}),
    );
    refuses(
        json!({"remote_access": [{}]}),
        "remote_access: remote_access names neither a key nor security groups. Set ec2_ssh_key, or remove the block.",
    );
    refuses(
        json!({"remote_access": [{"ec2_ssh_key": "k"}]}),
        "remote_access[0].ec2_ssh_key: Without source_security_group_ids EKS opens the SSH port of every node (RDP on \
         Windows) to the whole internet, 0.0.0.0/0. Name the security groups from which the nodes may be reached.",
    );
}

#[test]
fn labels_are_those_of_kubernetes_and_eks() {
    accepts(json!({"labels": {"team": "a", "example.com/role": "web-1.2_x"}}));
    refuses(
        json!({"labels": {"team": ""}}),
        "labels: labels must have values of 1 to 63 characters, which EKS demands, got \"\" for \"team\".",
    );
    for key in ["", "-a", "a b", "/a", "a/", &"k".repeat(64)] {
        refuses(
            json!({"labels": {key: "a"}}),
            &format!(
                "labels: labels must have keys of 1 to 63 characters as in Kubernetes: letters, digits, hyphens, \
                 underscores and dots between letters or digits, with an optional DNS name and a slash before them, \
                 got {key:?}."
            ),
        );
    }
    refuses(
        json!({"labels": {"team": "a b"}}),
        "labels: labels must have values of up to 63 letters, digits, hyphens, underscores and dots, beginning and \
         ending with a letter or digit, got \"a b\" for \"team\".",
    );
}

#[test]
fn taints_are_told_apart_by_key_and_effect() {
    let taint =
        |value: &str, effect: &str| json!({"key": "dedicated", "value": value, "effect": effect});
    accepts(
        json!({"taint": [taint("a", "NO_SCHEDULE"), taint("a", "NO_EXECUTE"), {"key": "k", "effect": "NO_SCHEDULE"}]}),
    );
    refuses(
        json!({"taint": [taint("a", "NO_SCHEDULE"), taint("b", "NO_SCHEDULE")]}),
        "taint: There are two taints with key \"dedicated\" and effect \"NO_SCHEDULE\". They would be one: remove one of \
         them.",
    );
    refuses(
        json!({"taint": [taint("a", "NoSchedule")]}),
        "taint: taint.effect must be one of \"NO_EXECUTE\", \"NO_SCHEDULE\", \"PREFER_NO_SCHEDULE\", got \"NoSchedule\".",
    );
    let many: Vec<_> = (0..51)
        .map(|i| json!({"key": format!("k{i}"), "effect": "NO_SCHEDULE"}))
        .collect();
    refuses(
        json!({"taint": many}),
        "taint: taint must have 0 to 50 elements.",
    );
}

#[test]
fn updates_count_nodes_or_percent() {
    accepts(
        json!({"update_config": [{"max_unavailable_percentage": 33, "update_strategy": "MINIMAL"}]}),
    );
    refuses(
        json!({"update_config": [{"max_unavailable": 1, "max_unavailable_percentage": 33}]}),
        "update_config[0].max_unavailable_percentage: max_unavailable and max_unavailable_percentage exclude each other: \
         keep the one, remove the other.",
    );
    refuses(
        json!({"update_config": [{"update_strategy": "MINIMAL"}]}),
        "update_config: update_config needs max_unavailable or max_unavailable_percentage.",
    );
    refuses(
        json!({"update_config": [{"max_unavailable": 101}]}),
        "update_config[0].max_unavailable: max_unavailable must be a whole number from 1 to 100, got 101.",
    );
}

#[test]
fn repair_counts_nodes_or_percent() {
    accepts(
        json!({"node_repair_config": [{"enabled": true, "max_unhealthy_node_threshold_percentage": 20}]}),
    );
    for (count, percentage) in [
        (
            "max_parallel_nodes_repaired_count",
            "max_parallel_nodes_repaired_percentage",
        ),
        (
            "max_unhealthy_node_threshold_count",
            "max_unhealthy_node_threshold_percentage",
        ),
    ] {
        refuses(
            json!({"node_repair_config": [{count: 1, percentage: 2}]}),
            &format!(
                "node_repair_config[0].{percentage}: {count} and {percentage} exclude each other: keep the one, remove \
                 the other."
            ),
        );
    }
}

#[test]
fn repair_overrides_are_whole() {
    let whole = json!({
        "min_repair_wait_time_mins": 30,
        "node_monitoring_condition": "NetworkingReady",
        "node_unhealthy_reason": "InterfaceNotUp",
        "repair_action": "Reboot",
    });
    accepts(
        json!({"node_repair_config": [{"enabled": true, "node_repair_config_overrides": [whole]}]}),
    );
    let mut less = whole;
    less["repair_action"] = Json::Null;
    refuses(
        json!({"node_repair_config": [{"node_repair_config_overrides": [less]}]}),
        "node_repair_config[0].node_repair_config_overrides[0].repair_action: The argument \"repair_action\" is required, \
         but was not set.",
    );
}

#[test]
fn warm_pools_know_their_operating_system() {
    accepts(json!({"warm_pool_config": [{"pool_state": "HIBERNATED", "reuse_on_scale_in": true}]}));
    accepts(
        json!({"ami_type": "BOTTLEROCKET_x86_64", "warm_pool_config": [{"pool_state": "RUNNING"}]}),
    );
    refuses(
        json!({"ami_type": "BOTTLEROCKET_x86_64", "warm_pool_config": [{"pool_state": "HIBERNATED"}]}),
        "warm_pool_config[0].pool_state: Bottlerocket cannot hibernate. Choose \"STOPPED\" or \"RUNNING\".",
    );
    refuses(
        json!({"ami_type": "BOTTLEROCKET_x86_64", "warm_pool_config": [{"reuse_on_scale_in": true}]}),
        "warm_pool_config[0].reuse_on_scale_in: Bottlerocket nodes cannot go back to a warm pool. Set reuse_on_scale_in to \
         false, or remove it.",
    );
    refuses(
        json!({"warm_pool_config": [{"max_group_prepared_capacity": 0}]}),
        "warm_pool_config[0].max_group_prepared_capacity: max_group_prepared_capacity must be at least 1, or -1 for no limit, got 0.",
    );
}

#[test]
fn import_ids_name_cluster_and_node_group() {
    let import = Managed::<NodeGroup>::import;
    let imported = import("production:system").unwrap();
    assert_eq!(imported.cluster_name, "production");
    assert_eq!(imported.node_group_name.as_deref(), Some("system"));
    for wrong in ["", "production", "production:", ":system"] {
        let said = import(wrong).unwrap_err().detail;
        let expected = "The id has the form cluster_name:node_group_name";
        assert_eq!(said, format!("{expected}, got {wrong:?}."));
    }
}
