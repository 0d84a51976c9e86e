//! Node groups, through HTTP.

use eks_simulator::{Ending, Issue, LaunchTemplate, Target};
use serde_json::{Value, json};

use crate::client::{Client, cluster_request, node_group_request};

const GROUPS: &str = "/clusters/demo/node-groups";
const GROUP: &str = "/clusters/demo/node-groups/web";

#[test]
fn is_created_described_and_deleted_with_the_states_between() {
    let client = Client::with_cluster_of("1.34");
    let created = client
        .post(GROUPS, node_group_request("web", json!({})))
        .ok();
    assert_eq!(created["nodegroup"]["status"], "CREATING");
    assert_eq!(created["nodegroup"]["resources"], Value::Null);
    client.settle();
    let active = client.node_group("demo", "web");
    assert_eq!(active["status"], "ACTIVE");
    let arn = active["nodegroupArn"].as_str().expect("an ARN");
    let uid = arn
        .strip_prefix("arn:aws:eks:eu-west-1:111122223333:nodegroup/demo/web/")
        .expect(arn);
    let group = json!([{"name": format!("eks-web-{uid}")}]);
    assert_eq!(active["resources"]["autoScalingGroups"], group);
    assert_eq!(client.get(GROUPS).ok()["nodegroups"], json!(["web"]));

    let expected = "409 ResourceInUseException: Cluster has nodegroups attached";
    assert_eq!(client.delete("/clusters/demo").refusal(), expected);
    assert_eq!(client.delete(GROUP).ok()["nodegroup"]["status"], "DELETING");
    client.settle();
    let gone = client.get(GROUP);
    assert_eq!(gone.body["nodegroupName"], "web");
    assert_eq!(
        gone.refusal(),
        "404 ResourceNotFoundException: No node group found for name: web."
    );
}

#[test]
fn gets_the_defaults_that_aws_fills_in() {
    let client = Client::with_cluster_of("1.34");
    let node_group = client.active_node_group("demo", "web", json!({}));
    let expected = json!({
        "amiType": "AL2023_x86_64_STANDARD", "capacityType": "ON_DEMAND", "diskSize": 20,
        "instanceTypes": ["t3.medium"], "version": "1.34", "releaseVersion": "1.34.7-20261105",
        "updateConfig": {"maxUnavailable": 1}, "labels": {}, "taints": null, "launchTemplate": null,
        "remoteAccess": null, "health": {"issues": []}, "tags": {},
    });
    for (member, value) in expected.as_object().expect("an object") {
        assert_eq!(node_group[member], *value, "{member}");
    }
}

#[test]
fn needs_an_active_cluster() {
    let client = Client::frozen();
    client
        .post("/clusters", cluster_request("demo", json!({})))
        .ok();
    let create = || client.post(GROUPS, node_group_request("web", json!({})));
    let expected = "400 InvalidRequestException: Cluster 'demo' is not in ACTIVE status";
    assert_eq!(create().refusal(), expected);
    client.settle();
    client
        .post(
            "/clusters/demo/update-config",
            json!({"deletionProtection": true}),
        )
        .ok();
    assert_eq!(create().refusal(), expected);
    client.settle();
    create().ok();
}

#[test]
fn refuses_what_the_service_refuses() {
    let client = Client::with_cluster_of("1.34");
    let template = json!({"id": "lt-1", "version": "1"});
    let cases = [
        (json!({"subnets": null}), "Value at 'subnets'"),
        (json!({"amiType": "AL3"}), "enum value set"),
        (
            json!({"labels": {"k": ""}}),
            "length greater than or equal to 1",
        ),
        (
            json!({"taints": [{"key": "k", "effect": "NONE"}]}),
            "taints.1.member.effect",
        ),
        (
            json!({"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 5}}),
            "minSize can't be greater than desiredSize",
        ),
        (
            json!({"scalingConfig": {"minSize": 1, "desiredSize": 6, "maxSize": 5}}),
            "desiredSize can't be greater than maxSize",
        ),
        (
            json!({"scalingConfig": {"maxSize": 0}}),
            "greater than or equal to 1",
        ),
        (
            json!({"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 10}}),
            "cannot both be specified",
        ),
        (
            json!({"version": "1.33"}),
            "must match the cluster version 1.34",
        ),
        (
            json!({"releaseVersion": "1.33.1-20250101"}),
            "not valid for kubernetes version 1.34.",
        ),
        (
            json!({"launchTemplate": template, "diskSize": 30}),
            "within the launch template",
        ),
        (
            json!({"launchTemplate": template, "remoteAccess": {}}),
            "Remote access configuration cannot be specified",
        ),
        (
            json!({"launchTemplate": {"id": "lt-1", "name": "web"}}),
            "Either provide launch template ID or launch template name",
        ),
    ];
    for (members, expected) in cases {
        let refusal = client
            .post(GROUPS, node_group_request("web", members.clone()))
            .refusal();
        assert!(
            refusal.starts_with("400 InvalidParameterException"),
            "{members}: {refusal}"
        );
        assert!(refusal.contains(expected), "{members}: {refusal}");
    }
    assert_eq!(
        client.get(GROUPS).ok()["nodegroups"],
        json!([]),
        "nothing was created"
    );
}

#[test]
fn the_same_request_with_the_same_token_is_answered_again() {
    let client = Client::with_cluster_of("1.34");
    let request = node_group_request("web", json!({"clientRequestToken": "t-1"}));
    let first = client.post(GROUPS, request.clone()).ok();
    assert_eq!(client.post(GROUPS, request).ok(), first);
    let other = node_group_request("web", json!({"clientRequestToken": "t-2"}));
    let expected =
        "409 ResourceInUseException: NodeGroup already exists with name web and cluster name demo";
    assert_eq!(client.post(GROUPS, other).refusal(), expected);
}

#[test]
fn configuration_is_updated_in_place() {
    let client = Client::with_cluster_of("1.34");
    let taint =
        |key: &str, value: &str| json!({"key": key, "value": value, "effect": "NO_SCHEDULE"});
    let members =
        json!({"labels": {"a": "1", "b": "2"}, "taints": [taint("x", "1"), taint("y", "1")]});
    client.active_node_group("demo", "web", members);
    let change = json!({
        "labels": {"addOrUpdateLabels": {"c": "3"}, "removeLabels": ["a"]},
        "taints": {"addOrUpdateTaints": [taint("x", "2")], "removeTaints": [taint("y", "1")]},
        "scalingConfig": {"minSize": 0, "maxSize": 9, "desiredSize": 4},
        "updateConfig": {"maxUnavailablePercentage": 50},
        "warmPoolConfig": {"enabled": true, "minSize": 1},
        "nodeRepairConfig": {"enabled": true},
    });
    let path = format!("{GROUP}/update-config");
    let update = client.post(&path, change).ok()["update"].clone();
    assert_eq!(update["type"], "ConfigUpdate");
    assert_eq!(client.node_group("demo", "web")["status"], "UPDATING");
    assert_eq!(client.cluster("demo")["status"], "ACTIVE");
    let second = client
        .post(&path, json!({"scalingConfig": {"maxSize": 3}}))
        .refusal();
    let expected = "409 ResourceInUseException: Nodegroup cannot be updated as it is currently \
                    not in Active State";
    assert_eq!(second, expected);

    client.settle();
    let node_group = client.node_group("demo", "web");
    assert_eq!(node_group["labels"], json!({"b": "2", "c": "3"}));
    assert_eq!(node_group["taints"], json!([taint("x", "2")]));
    assert_eq!(
        node_group["scalingConfig"],
        json!({"minSize": 0, "maxSize": 9, "desiredSize": 4})
    );
    assert_eq!(
        node_group["updateConfig"],
        json!({"maxUnavailablePercentage": 50})
    );
    assert_eq!(node_group["warmPoolConfig"]["poolState"], "STOPPED");
    assert_eq!(node_group["nodeRepairConfig"], json!({"enabled": true}));
    let id = update["id"].as_str().expect("an id");
    let query = "nodegroupName=web";
    let done = client
        .get(&format!("/clusters/demo/updates/{id}?{query}"))
        .ok();
    assert_eq!(done["update"]["status"], "Successful");
    let listed = client.get(&format!("/clusters/demo/updates?{query}")).ok();
    assert_eq!(listed["updateIds"], json!([id]));
    assert_eq!(
        client.get("/clusters/demo/updates").ok()["updateIds"],
        json!([])
    );
}

#[test]
fn a_minimum_above_the_desired_size_is_refused() {
    let client = Client::with_cluster_of("1.34");
    client.active_node_group("demo", "web", json!({}));
    let change = json!({"scalingConfig": {"minSize": 3, "maxSize": 5}});
    let refusal = client
        .post(&format!("{GROUP}/update-config"), change)
        .refusal();
    assert!(
        refusal.ends_with("Minimum capacity 3 can't be greater than desired size 2"),
        "{refusal}"
    );
}

#[test]
fn a_removed_warm_pool_is_gone() {
    let client = Client::with_cluster_of("1.34");
    client.active_node_group("demo", "web", json!({"warmPoolConfig": {"enabled": true}}));
    let change = json!({"warmPoolConfig": {"enabled": false}});
    client.post(&format!("{GROUP}/update-config"), change).ok();
    client.settle();
    assert_eq!(
        client.node_group("demo", "web")["warmPoolConfig"],
        Value::Null
    );
}

#[test]
fn follows_the_version_of_its_cluster() {
    let client = Client::with_cluster_of("1.34");
    client.active_node_group("demo", "web", json!({}));
    let path = format!("{GROUP}/update-version");
    assert!(
        client
            .post(&path, json!({"version": "1.35"}))
            .refusal()
            .contains("cannot be higher")
    );
    client
        .post("/clusters/demo/updates", json!({"version": "1.35"}))
        .ok();
    client.settle();
    let refusal = client
        .post("/clusters/demo/updates", json!({"version": "1.36"}))
        .refusal();
    let expected = "400 InvalidRequestException: Nodegroups web must be updated to match cluster \
                    version 1.35 before updating cluster version";
    assert_eq!(refusal, expected);
    let update = client.post(&path, json!({"version": "1.35"})).ok()["update"].clone();
    assert_eq!(update["type"], "VersionUpdate");
    client.settle();
    let node_group = client.node_group("demo", "web");
    assert_eq!(node_group["version"], "1.35");
    assert_eq!(node_group["releaseVersion"], "1.35.4-20261105");
    assert!(
        client
            .post(&path, json!({"version": "1.33"}))
            .refusal()
            .contains("more than one minor version lower")
    );
}

#[test]
fn launch_templates_are_answered_with_id_name_and_number() {
    let client = Client::with_cluster_of("1.34");
    client.simulator.add_launch_template(LaunchTemplate {
        id: "lt-1".into(),
        name: "web".into(),
        default_version: 1,
        latest_version: 3,
        image_id: None,
        instance_type: None,
    });
    let members = json!({"launchTemplate": {"id": "lt-1", "version": "$Latest"}});
    let node_group = client.active_node_group("demo", "web", members);
    let expected = json!({"id": "lt-1", "name": "web", "version": "3"});
    assert_eq!(node_group["launchTemplate"], expected);
    assert_eq!(node_group["instanceTypes"], Value::Null);
    assert_eq!(node_group["diskSize"], Value::Null);
    let path = format!("{GROUP}/update-version");
    let other = json!({"launchTemplate": {"id": "lt-2", "version": "1"}});
    assert!(
        client
            .post(&path, other)
            .refusal()
            .contains("different launch template")
    );
    client
        .post(
            &path,
            json!({"launchTemplate": {"name": "web", "version": "2"}}),
        )
        .ok();
    client.settle();
    assert_eq!(
        client.node_group("demo", "web")["launchTemplate"]["version"],
        "2"
    );
}

#[test]
fn what_a_launch_template_brings_is_not_asked_for_again() {
    let client = Client::with_cluster_of("1.34");
    client.simulator.add_launch_template(LaunchTemplate {
        id: "lt-1".into(),
        name: "custom".into(),
        default_version: 1,
        latest_version: 1,
        image_id: Some("ami-1".into()),
        instance_type: Some("m5.large".into()),
    });
    let create = |more: Value| {
        let mut members = json!({"launchTemplate": {"id": "lt-1"}});
        members
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().expect("one"));
        client.post(GROUPS, node_group_request("web", members))
    };
    assert!(
        create(json!({"instanceTypes": ["t3.large"]}))
            .refusal()
            .contains("cannot be specified both")
    );
    assert!(
        create(json!({"version": "1.34"}))
            .refusal()
            .contains("when using custom AMIs")
    );
    let created = create(json!({})).ok()["nodegroup"].clone();
    assert_eq!(created["amiType"], "CUSTOM");
    assert_eq!(created["releaseVersion"], "ami-1");
    client.settle();
    let refusal = client
        .post(&format!("{GROUP}/update-version"), json!({}))
        .refusal();
    assert!(
        refusal.contains("can't be null for Custom ami type"),
        "{refusal}"
    );
}

#[test]
fn creation_can_fail_or_leave_it_degraded_and_deletion_can_fail() {
    let client = Client::with_cluster_of("1.34");
    let issue = Issue {
        code: "NodeCreationFailure".into(),
        message: "Instances failed to join the kubernetes cluster".into(),
        resource_ids: vec!["i-1".into()],
    };
    let end = |degraded: bool| {
        let ending = Ending::Create {
            degraded,
            issues: vec![issue.clone()],
        };
        client
            .simulator
            .plan_ending(Target::node_group("demo", "web"), ending);
        client.active_node_group("demo", "web", json!({}))
    };
    let failed = end(false);
    assert_eq!(failed["status"], "CREATE_FAILED");
    assert_eq!(failed["health"]["issues"][0]["resourceIds"], json!(["i-1"]));
    client.delete(GROUP).ok();
    client.settle();
    assert_eq!(end(true)["status"], "DEGRADED");

    let ending = Ending::Delete {
        issues: vec![issue.clone()],
    };
    client
        .simulator
        .plan_ending(Target::node_group("demo", "web"), ending);
    client.delete(GROUP).ok();
    client.settle();
    assert_eq!(client.node_group("demo", "web")["status"], "DELETE_FAILED");
}
