//! Data sources, beside the resources that manage the same objects.

use acceptance_tests::{SimulatedAws, each_cli, stack};
use eks_simulator::{Kind, Target, insights};
use serde_json::{Value, json};

const READ: &str = r#"
data "eks_cluster" "this" {
  name = eks_cluster.this.id
}

data "eks_clusters" "all" {
  depends_on = [eks_cluster.this]
}

data "eks_node_group" "workers" {
  cluster_name    = eks_cluster.this.name
  node_group_name = eks_node_group.workers.node_group_name
  depends_on      = [eks_node_group.workers]
}

data "eks_node_groups" "this" {
  cluster_name = eks_cluster.this.name
  depends_on   = [eks_node_group.workers]
}
"#;

const READ_PROFILES: &str = r#"
data "eks_fargate_profile" "batch" {
  cluster_name         = eks_cluster.this.name
  fargate_profile_name = eks_fargate_profile.batch.fargate_profile_name
  depends_on           = [eks_fargate_profile.batch]
}

data "eks_fargate_profiles" "this" {
  cluster_name = eks_cluster.this.name
  depends_on   = [eks_fargate_profile.batch]
}
"#;

const TAGS: &str = "  tags = {\n    team = \"platform\"\n  }\n";

#[test]
fn tell_what_the_resources_have() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let taint = "  taint {\n    key    = \"dedicated\"\n    effect = \"NO_SCHEDULE\"\n  }\n";
        let group = stack::scaling(1, 2, 3) + taint;
        let hcl = stack::cluster("eks", &ground, TAGS)
            + &stack::node_group("eks", &ground, "workers", &group)
            + READ;
        scenario.apply(&hcl);
        let state = scenario.state();
        let of = |address: &str| state.attributes(address).unwrap();
        let cluster = differing(of("eks_cluster.this"), of("data.eks_cluster.this"));
        assert_eq!(cluster, ["access_config", "kubernetes_network_config"]);
        let (group, source) = ("eks_node_group.workers", "data.eks_node_group.workers");
        assert_eq!(differing(of(group), of(source)), [""; 0]);
        assert_eq!(nulls(of("data.eks_cluster.this")), NULLS_OF_CLUSTER);
        assert_eq!(nulls(of(source)), NULLS_OF_NODE_GROUP);
        assert_eq!(
            of("data.eks_cluster.this")["tags"],
            json!({"team": "platform"})
        );
        assert_eq!(of(source)["taints"][0]["key"], "dedicated");
        assert_eq!(of("data.eks_clusters.all")["names"], json!(["example"]));
        assert_eq!(of("data.eks_node_groups.this")["names"], json!(["workers"]));
    });
}

#[test]
fn tell_of_fargate_profiles() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = stack::cluster("eks", &ground, "")
            + &stack::fargate_profile("eks", &ground, "batch")
            + READ_PROFILES;
        scenario.apply(&hcl);
        let state = scenario.state();
        let of = |address: &str| state.attributes(address).unwrap();
        let source = of("data.eks_fargate_profile.batch");
        assert_eq!(differing(of("eks_fargate_profile.batch"), source), [""; 0]);
        assert_eq!(source["selectors"][0]["namespace"], "batch");
        let names = &of("data.eks_fargate_profiles.this")["names"];
        assert_eq!(*names, json!(["batch"]));
    });
}

#[test]
fn tell_what_is_on_moto() {
    each_cli(SimulatedAws::with_moto_eks, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        // What moto says of a node group that has no remote access.
        scenario.aws.account.create_key_pair("eksKeypair").unwrap();
        let access = "  remote_access {\n    ec2_ssh_key = \"eksKeypair\"\n  }\n";
        let group = stack::scaling(1, 2, 3) + access;
        let hcl = stack::cluster("eks", &ground, "")
            + &stack::node_group("eks", &ground, "workers", &group)
            + &stack::fargate_profile("eks", &ground, "batch")
            + READ
            + READ_PROFILES;
        scenario.apply(&hcl);
        let state = scenario.state();
        for (source, names) in [
            ("data.eks_clusters.all", ["example"]),
            ("data.eks_node_groups.this", ["workers"]),
            ("data.eks_fargate_profiles.this", ["batch"]),
        ] {
            assert_eq!(state.attribute(source, "/names"), Some(&json!(names)));
        }
    });
}

#[test]
fn list_what_is_on_ministack() {
    each_cli(SimulatedAws::with_ministack, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let group = stack::scaling(1, 2, 3);
        let hcl = stack::cluster("eks", &ground, "")
            + &stack::node_group("eks", &ground, "workers", &group)
            + MEMBERS
            + READ
            + LIST_MEMBERS;
        scenario.apply(&hcl);
        let state = scenario.state();
        for (source, path, expected) in [
            ("eks_clusters.all", "/names", json!(["example"])),
            ("eks_node_groups.this", "/names", json!(["workers"])),
            ("eks_addons.this", "/names", json!(["vpc-cni"])),
            (
                "eks_access_entries.this",
                "/principal_arns",
                json!([READER]),
            ),
            (
                "eks_pod_identity_associations.this",
                "/associations/0/service_account",
                json!("cart"),
            ),
        ] {
            let listed = state.attribute(&format!("data.{source}"), path);
            assert_eq!(listed, Some(&expected), "{source}");
        }
    });
}

const READER: &str = "arn:aws:iam::123456789012:role/reader";

const MEMBERS: &str = r#"
resource "eks_addon" "this" {
  cluster_name = eks_cluster.this.name
  addon_name   = "vpc-cni"
}

resource "eks_access_entry" "this" {
  cluster_name  = eks_cluster.this.name
  principal_arn = "arn:aws:iam::123456789012:role/reader"
  user_name     = "reader"
}

resource "eks_access_policy_association" "this" {
  cluster_name  = eks_access_entry.this.cluster_name
  principal_arn = eks_access_entry.this.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

  access_scope {
    type = "cluster"
  }
}

resource "eks_pod_identity_association" "this" {
  cluster_name    = eks_cluster.this.name
  namespace       = "shop"
  service_account = "cart"
  role_arn        = "arn:aws:iam::123456789012:role/reader"
}
"#;

const LIST_MEMBERS: &str = r#"
data "eks_addons" "this" {
  cluster_name = eks_cluster.this.name
  depends_on   = [eks_addon.this]
}

data "eks_access_entries" "this" {
  cluster_name          = eks_cluster.this.name
  associated_policy_arn = eks_access_policy_association.this.policy_arn
}

data "eks_pod_identity_associations" "this" {
  cluster_name = eks_cluster.this.name
  depends_on   = [eks_pod_identity_association.this]
}
"#;

/// Attributes of a data source that say something else than those of the resource, which is what the resource passes
/// over because nobody wrote it, or what AWS never tells.
fn differing(resource: &Value, source: &Value) -> Vec<String> {
    let there = |name: &str| match name {
        "tags" => said(&resource["tags_all"]),
        "taints" => said(&resource["taint"]),
        "selectors" => said(&resource["selector"]),
        name => said(&resource[name]),
    };
    let told = source.as_object().unwrap().iter();
    let differing = told.filter(|(name, value)| there(name) != said(value));
    differing.map(|(name, _)| name.clone()).collect()
}

/// A value without what says nothing: what nobody set is null in the resource and an empty list in the data source. That
/// it is not null there is for [`nulls`] to see.
fn said(value: &Value) -> Value {
    match value {
        Value::Array(elements) if elements.is_empty() => Value::Null,
        Value::Object(members) if members.is_empty() => Value::Null,
        Value::Array(elements) => elements.iter().map(said).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, member)| (name.clone(), said(member)));
            members.filter(|(_, member)| !member.is_null()).collect()
        }
        other => other.clone(),
    }
}

/// What is null in the data sources of the cluster and the node group here. Collections never are, since `length`,
/// `for_each` and `contains` fail on null: hashicorp/aws has them empty, too.
const NULLS_OF_CLUSTER: [&str; 3] = [
    "/cluster_id",
    "/compute_config/0/node_role_arn",
    "/kubernetes_network_config/0/service_ipv6_cidr",
];
const NULLS_OF_NODE_GROUP: [&str; 4] = [
    "/resources/0/remote_access_security_group_id",
    "/taints/0/value",
    "/update_config/0/max_unavailable_percentage",
    "/update_config/0/update_strategy",
];

/// Where a value is null.
fn nulls(value: &Value) -> Vec<String> {
    fn inside<'v>(members: impl Iterator<Item = (String, &'v Value)>) -> Vec<String> {
        let found = members.flat_map(|(name, member)| {
            let places = nulls(member).into_iter();
            places.map(move |place| format!("/{name}{place}"))
        });
        found.collect()
    }
    match value {
        Value::Null => vec![String::new()],
        Value::Array(elements) => inside(
            elements
                .iter()
                .enumerate()
                .map(|(n, it)| (n.to_string(), it)),
        ),
        Value::Object(members) => inside(members.iter().map(|(name, it)| (name.clone(), it))),
        _ => Vec::new(),
    }
}

#[test]
fn lists_versions() {
    each_cli(SimulatedAws::new, |scenario| {
        scenario.apply(VERSIONS);
        let state = scenario.state();
        let default = state.output("default").unwrap().as_str().unwrap();
        let supported = state.output("supported").unwrap().as_array().unwrap();
        assert!(
            supported.len() > 1 && supported.contains(&json!(default)),
            "{supported:?}"
        );
    });
}

const VERSIONS: &str = r#"
data "eks_cluster_versions" "default" {
  default_only = true
}

data "eks_cluster_versions" "supported" {
  version_status = "STANDARD_SUPPORT"
}

output "default" {
  value = data.eks_cluster_versions.default.cluster_versions[0].cluster_version
}

output "supported" {
  value = data.eks_cluster_versions.supported.cluster_versions[*].cluster_version
}
"#;

#[test]
fn what_is_not_there_is_an_error() {
    each_cli(SimulatedAws::new, |scenario| {
        let hcl = "data \"eks_cluster\" \"this\" {\n  name = \"nobody\"\n}\n";
        scenario.expect_plan_error(hcl, "name", "There is no EKS cluster \"nobody\"");
    });
}

#[test]
fn tell_what_has_been_changed() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let logging = "  enabled_cluster_log_types = [\"audit\"]\n";
        let hcl = stack::cluster("eks", &ground, logging);
        scenario.apply(&hcl);
        scenario.apply(&format!("{hcl}{UPDATES}"));
        let state = scenario.state();
        let updates = state
            .attribute("data.eks_updates.this", "/updates")
            .unwrap();
        assert_eq!(updates.as_array().unwrap().len(), 1);
        assert_eq!(updates[0]["type"], "LoggingUpdate");
        assert_eq!(updates[0]["status"], "Successful");
        assert!(
            updates[0]["params"]["ClusterLogging"].is_string(),
            "{updates}"
        );
    });
}

const UPDATES: &str = r#"
data "eks_updates" "this" {
  cluster_name = eks_cluster.this.name
}
"#;

#[test]
fn tell_what_stands_in_the_way_of_an_upgrade() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = stack::cluster("eks", &ground, "") + INSIGHTS;
        scenario.apply(&hcl);
        let bad = || scenario.state().output("bad").unwrap().clone();
        assert_eq!(bad(), json!([]));
        let target = Target::object(Kind::Insight, stack::CLUSTER_NAME, insights::KUBELET_SKEW);
        let status = json!({"insightStatus": {"status": "ERROR", "reason": "Nodes are old."}});
        assert!(scenario.aws.simulator().unwrap().modify(&target, &status));
        scenario.apply(&hcl);
        assert_eq!(bad(), json!(["Kubelet version skew: Nodes are old."]));
    });
}

const INSIGHTS: &str = r#"
data "eks_insights" "this" {
  cluster_name = eks_cluster.this.id
  statuses     = ["WARNING", "ERROR"]
}

output "bad" {
  value = [for it in data.eks_insights.this.insights : "${it.name}: ${it.reason}"]
}
"#;
