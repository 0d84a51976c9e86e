//! eks_addon.

use acceptance_tests::{Action, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack};
use eks_simulator::{Effect, Ending, Fault, Issue, Kind, Target, UpdateError};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_addon.this";

const ROLE: &str = "arn:aws:iam::123456789012:role/network";

/// A cluster, and an add-on with `more` arguments.
fn addon(ground: &Prerequisites, name: &str, more: &str) -> String {
    stack::cluster("eks", ground, "")
        + &format!(
            r#"
resource "eks_addon" "this" {{
  cluster_name = eks_cluster.this.name
  addon_name   = "{name}"
{more}}}
"#
        )
}

/// The same with an add-on that needs no nodes.
fn cni(ground: &Prerequisites, more: &str) -> String {
    addon(ground, "vpc-cni", more)
}

fn describe(scenario: &Scenario, name: &str) -> Value {
    let path = format!("/clusters/example/addons/{name}");
    scenario.aws.eks("GET", &path, &Value::Null).unwrap()["addon"].take()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn association() -> String {
    format!(
        "  pod_identity_association {{\n    service_account = \"aws-node\"\n    role_arn = \"{ROLE}\"\n  }}\n"
    )
}

fn role() -> String {
    format!("  service_account_role_arn = \"{ROLE}\"\n")
}

fn values(values: &str) -> String {
    format!("  configuration_values = jsonencode({values})\n")
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let more = values("{ enableNetworkPolicy = \"true\" }") + &association() + &role();
        let plan = scenario.apply(&cni(&ground, &more));
        assert_eq!(plan.action(ADDRESS), Action::Create);
        let state = scenario.state();
        assert_eq!(state.attribute(ADDRESS, "/status"), Some(&json!("ACTIVE")));
        assert_eq!(state.attribute(ADDRESS, "/health"), Some(&json!([])));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, "example:vpc-cni", &[]);
        }
    });
}

// No updates: neither ministack nor moto has DescribeUpdate, which tells how one ends.
#[test]
fn creates_and_imports_on_ministack() {
    each_cli(SimulatedAws::with_ministack, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cni(&ground, ""));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, "example:vpc-cni", &[]);
        }
    });
}

#[test]
fn updates_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cni(&ground, "  addon_version = \"v1.20.5-eksbuild.1\"\n"));
        for more in [
            "  version_policy = \"latest\"\n".to_owned(),
            values("{ enableNetworkPolicy = \"true\" }"),
            role(),
            association(),
            association() + "  tags = { team = \"network\" }\n",
            "  preserve = true\n".to_owned(),
        ] {
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &cni(&ground, &more));
            let change = plan.change(ADDRESS).unwrap();
            assert!(!change.changed.contains_key("arn"), "{plan}");
        }
    });
}

#[test]
fn removes_role_associations_and_tags_when_unset_and_keeps_version_and_values() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let kept = "  version_policy = \"latest\"\n".to_owned()
            + &values("{ enableNetworkPolicy = \"true\" }");
        let gone = role() + &association() + "  tags = { team = \"network\" }\n";
        scenario.apply(&cni(&ground, &(kept + &gone)));
        let before = describe(scenario, "vpc-cni");
        assert_eq!(text(&before, "serviceAccountRoleArn"), ROLE);
        scenario.apply_expecting(Action::Update, ADDRESS, &cni(&ground, ""));
        let after = describe(scenario, "vpc-cni");
        assert!(after["serviceAccountRoleArn"].is_null(), "{after}");
        assert_eq!(after["podIdentityAssociations"], json!([]));
        assert_eq!(after["tags"], json!({}));
        for kept in ["addonVersion", "configurationValues"] {
            assert_eq!(after[kept], before[kept]);
        }
    });
}

#[test]
fn another_add_on_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cni(&ground, ""));
        let hcl = addon(&ground, "kube-proxy", "");
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["addon_name"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cni(&ground, ""));
        scenario.disappears(ADDRESS, |aws| {
            let target = Target::object(Kind::Addon, stack::CLUSTER_NAME, "vpc-cni");
            assert!(aws.simulator()?.remove(&target));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    let wrong = values("{ env = { A = \"b\" }, enableNetworkPolicies = true }");
    let cases = [
        (
            "coredns",
            "  addon_version = \"v1.11.4-eksbuild.28\"\n",
            "addon_version",
            "for Kubernetes 1.35. It has: v1.13.2",
        ),
        (
            "core-dns",
            "",
            "addon_name",
            "AWS and the community have for Kubernetes 1.35: ",
        ),
        (
            "coredns",
            "  addon_version = \"v1.12.4-eksbuild.9\"\n  version_policy = \"latest\"\n",
            "version_policy",
            "Remove one of the two",
        ),
        (
            "vpc-cni",
            &wrong,
            "configuration_values",
            "enableNetworkPolicies: there is no such setting",
        ),
        (
            "vpc-cni",
            "  configuration_values = \"a: b\"\n",
            "configuration_values",
            "must be valid JSON",
        ),
    ];
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        for (name, more, attribute, text) in cases {
            scenario.expect_plan_error(&addon(&ground, name, more), attribute, text);
        }
    });
}

#[test]
fn a_policy_moves_the_version_with_the_cluster() {
    let latest = "  version_policy = \"latest\"\n  wait_for = \"active_or_degraded\"\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        let cluster = |version: &str| {
            let target = Target::cluster(stack::CLUSTER_NAME);
            assert!(simulator.modify(&target, &json!({"version": version})));
        };
        scenario.apply(&stack::cluster("eks", &ground, ""));
        cluster("1.33");
        let hcl = addon(&ground, "coredns", latest);
        scenario.apply(&hcl);
        assert_eq!(
            text(&describe(scenario, "coredns"), "addonVersion"),
            "v1.12.4-eksbuild.10"
        );
        cluster("1.34");
        scenario.apply(&hcl);
        assert_eq!(
            text(&describe(scenario, "coredns"), "addonVersion"),
            "v1.13.2-eksbuild.3"
        );
    });
}

#[test]
fn only_what_is_needed_is_asked() {
    let pinned = "  addon_version = \"v1.12.4-eksbuild.9\"\n  wait_for = \"active_or_degraded\"\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&addon(&ground, "coredns", pinned));
        assert_eq!(scenario.calls("DescribeAddonConfiguration"), 0);
        let asked = scenario.calls("DescribeAddonVersions");
        assert!(asked > 0);
        scenario.refresh();
        scenario.plan(&addon(&ground, "coredns", pinned));
        assert_eq!(scenario.calls("DescribeAddonVersions"), asked);
    });
}

#[test]
fn without_nodes_it_fails_soon_and_says_what_to_do() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = addon(&ground, "coredns", "");
        let error = scenario.expect_apply_error(&hcl, "its pods have no nodes to run on");
        assert!(error.says("InsufficientNumberOfReplicas"), "{error}");
        assert!(error.says("wait_for = \"active_or_degraded\""), "{error}");
        assert!(scenario.state().is_tainted(ADDRESS));
        let patient = addon(&ground, "coredns", "  wait_for = \"active_or_degraded\"\n");
        scenario.apply(&patient);
        let state = scenario.state();
        assert_eq!(
            state.attribute(ADDRESS, "/status"),
            Some(&json!("DEGRADED"))
        );
    });
}

#[test]
fn a_submitted_one_is_not_waited_for() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let hcl = cni(&ground, "  wait_for = \"submitted\"\n");
        scenario.apply(&hcl);
        let state = scenario.state();
        assert_eq!(
            state.attribute(ADDRESS, "/status"),
            Some(&json!("CREATING"))
        );
        simulator.thaw();
    });
}

fn conflict() -> Ending {
    let issue = Issue {
        code: "ConfigurationConflict".to_owned(),
        message: "Conflicts found when trying to apply".to_owned(),
        resource_ids: Vec::new(),
    };
    Ending::Create {
        degraded: false,
        issues: vec![issue],
    }
}

#[test]
fn a_conflict_says_how_to_take_over() {
    let overwrite = "  resolve_conflicts_on_create = \"OVERWRITE\"\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        let target = Target::object(Kind::Addon, stack::CLUSTER_NAME, "vpc-cni");
        simulator.plan_ending(target.clone(), conflict());
        let error = scenario.expect_apply_error(&cni(&ground, ""), "ConfigurationConflict");
        assert!(error.says("resolve_conflicts_on_create"), "{error}");
        simulator.plan_ending(target, conflict());
        scenario.apply(&cni(&ground, overwrite));
    });
}

// hashicorp/terraform-provider-aws#49104.
#[test]
fn an_update_that_failed_and_landed_is_a_success() {
    let error = UpdateError {
        error_code: "InsufficientNumberOfReplicas".to_owned(),
        error_message: "The add-on is unhealthy".to_owned(),
        resource_ids: Vec::new(),
    };
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cni(&ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        let target = Target::object(Kind::Addon, stack::CLUSTER_NAME, "vpc-cni");
        let errors = vec![error.clone()];
        simulator.plan_ending(target, Ending::LateUpdate { errors });
        let hcl = cni(&ground, &values("{ enableNetworkPolicy = \"true\" }"));
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
    });
}

#[test]
fn one_that_is_there_is_an_error_and_a_lost_answer_is_found() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let theirs = json!({"addonName": "vpc-cni"});
        let path = "/clusters/example/addons";
        scenario.aws.eks("POST", path, &theirs).unwrap();
        let error =
            scenario.expect_apply_error(&cni(&ground, ""), "There is already an EKS add-on");
        assert!(error.says("id = \"example:vpc-cni\""), "{error}");
        let simulator = scenario.aws.simulator().unwrap();
        simulator.inject(Fault::next("CreateAddon", Effect::ResetAfter));
        scenario.apply(&addon(&ground, "kube-proxy", ""));
    });
}

#[test]
fn what_is_preserved_is_said_at_deletion() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cni(&ground, ""));
        let updates = scenario.calls("UpdateAddon");
        let hcl = cni(&ground, "  preserve = true\n");
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
        assert_eq!(scenario.calls("UpdateAddon"), updates);
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let log = scenario.aws.simulator().unwrap().log();
        let deletion = log.iter().find(|entry| entry.operation == "DeleteAddon");
        assert!(deletion.unwrap().path.ends_with("?preserve=true"));
    });
}

const SOURCES: &str = r#"
data "eks_addon" "this" {
  cluster_name = eks_cluster.this.name
  addon_name   = eks_addon.this.addon_name
  depends_on   = [eks_addon.this]
}

data "eks_addons" "this" {
  cluster_name = eks_cluster.this.name
  depends_on   = [eks_addon.this]
}

data "eks_addon_version" "latest" {
  addon_name         = "kube-proxy"
  kubernetes_version = "1.33"
  most_recent        = true
}

data "eks_addon_version" "default" {
  addon_name         = "coredns"
  kubernetes_version = "1.33"
}

data "eks_addon_configuration" "this" {
  addon_name    = "vpc-cni"
  addon_version = data.eks_addon.this.addon_version
}
"#;

#[test]
fn data_sources_tell_what_there_is() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&(cni(&ground, &association()) + SOURCES));
        let state = scenario.state();
        let of = |address: &str| state.attributes(address).unwrap();
        let (resource, source) = (of(ADDRESS), of("data.eks_addon.this"));
        for name in [
            "addon_version",
            "arn",
            "created_at",
            "status",
            "pod_identity_association",
        ] {
            assert_eq!(resource[name], source[name], "{name}");
        }
        assert_eq!(of("data.eks_addons.this")["names"], json!(["vpc-cni"]));
        // AWS lists v1.33.9-eksbuild.12 before it.
        let latest = of("data.eks_addon_version.latest");
        assert_eq!(latest["version"], "v1.33.10-eksbuild.2");
        let default = of("data.eks_addon_version.default");
        assert_eq!(default["version"], "v1.12.4-eksbuild.9");
        let settings = of("data.eks_addon_configuration.this");
        let accounts = &settings["pod_identity_configuration"];
        assert_eq!(accounts[0]["service_account"], "aws-node");
        assert!(text(settings, "configuration_schema").contains("enableNetworkPolicy"));
    });
}
