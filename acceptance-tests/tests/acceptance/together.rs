//! A cluster and what depends on it, changed in the same apply.

use acceptance_tests::{Action, Plan, Prerequisites, SimulatedAws, each_cli, stack};
use serde_json::{Value, json};

/// A cluster of that version.
fn cluster(ground: &Prerequisites, version: &str) -> String {
    stack::cluster("eks", ground, &format!("  version = \"{version}\"\n"))
}

/// kube-proxy, which has other versions for each version of Kubernetes, with `more` arguments.
fn kube_proxy(more: &str) -> String {
    format!(
        r#"
resource "eks_addon" "kube_proxy" {{
  cluster_name = eks_cluster.this.name
  addon_name   = "kube-proxy"
{more}}}
"#
    )
}

/// What pods need to take a role.
const IAM: &str = r#"
resource "eks_oidc_provider" "this" {
  cluster_name = eks_cluster.this.name
}

resource "eks_irsa_role" "this" {
  cluster_name     = eks_cluster.this.name
  name             = "reader"
  service_accounts = [{ namespace = "default", name = "reader" }]
}
"#;

const ADDON: &str = "eks_addon.kube_proxy";

fn version<'a>(plan: &'a Plan, address: &str) -> &'a Value {
    &plan.change(address).unwrap().after["addon_version"]
}

#[test]
fn the_version_of_a_new_add_on_is_known_before_there_is_a_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = cluster(&ground, "1.33") + &kube_proxy("  version_policy = \"default\"\n");
        let plan = scenario.apply(&hcl);
        assert_eq!(version(&plan, ADDON), "v1.33.10-eksbuild.2");
    });
}

#[test]
fn a_pinned_version_goes_up_with_the_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = |kubernetes, version| {
            let more = format!("  addon_version = \"{version}\"\n");
            cluster(&ground, kubernetes) + &kube_proxy(&more)
        };
        scenario.apply(&hcl("1.33", "v1.33.10-eksbuild.2"));
        let plan = scenario.apply(&hcl("1.34", "v1.34.6-eksbuild.2"));
        assert_eq!(plan.action(ADDON), Action::Update);
        // And a version that will not run on the cluster is refused although it runs now.
        let hcl = hcl("1.35", "v1.33.9-eksbuild.12") + "\n# 1.33.9 runs on 1.33 to 1.36\n";
        scenario.plan(&hcl);
        let hcl =
            cluster(&ground, "1.35") + &kube_proxy("  addon_version = \"v1.31.14-eksbuild.9\"\n");
        scenario.expect_plan_error(&hcl, "addon_version", "for Kubernetes 1.35");
    });
}

#[test]
fn a_policy_goes_up_with_the_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let policy = "  version_policy = \"default\"\n";
        scenario.apply(&(cluster(&ground, "1.33") + &kube_proxy(policy)));
        let more = policy.to_owned() + "  preserve = true\n";
        let plan = scenario.apply(&(cluster(&ground, "1.34") + &kube_proxy(&more)));
        assert_eq!(plan.action("eks_cluster.this"), Action::Update);
        assert_eq!(version(&plan, ADDON), "v1.34.6-eksbuild.2");
    });
}

#[test]
fn a_cluster_that_is_made_anew_takes_along_what_belongs_to_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = |more: &str| {
            let policy = "  version_policy = \"default\"\n";
            let more = format!("  version = \"1.33\"\n{more}");
            let scaling = stack::scaling(1, 2, 3);
            stack::cluster("eks", &ground, &more)
                + &stack::node_group("eks", &ground, "nodes", &scaling)
                + &kube_proxy(policy)
                + IAM
        };
        scenario.apply(&hcl(""));
        let before = scenario.state();
        let network =
            "  kubernetes_network_config {\n    service_ipv4_cidr = \"10.9.0.0/16\"\n  }\n";
        let plan = scenario.apply(&hcl(network));
        for address in [
            "eks_cluster.this",
            "eks_node_group.nodes",
            ADDON,
            "eks_oidc_provider.this",
        ] {
            assert_eq!(plan.action(address), Action::Replace, "{address}: {plan}");
        }
        assert_eq!(plan.action("eks_irsa_role.this"), Action::Update, "{plan}");
        assert_eq!(version(&plan, ADDON), "v1.33.10-eksbuild.2");
        let after = scenario.state();
        for attribute in ["/oidc_provider_arns", "/assume_role_policy"] {
            let of = |state: &acceptance_tests::State| {
                state.attribute("eks_irsa_role.this", attribute).cloned()
            };
            assert_ne!(of(&before), of(&after), "{attribute}");
        }
    });
}

#[test]
fn a_cluster_that_is_planned_is_not_asked_for_again() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = cluster(&ground, "1.35") + &kube_proxy("  version_policy = \"default\"\n") + IAM;
        scenario.apply(&hcl);
        let before = scenario.calls("DescribeCluster");
        assert!(scenario.plan(&hcl).is_empty());
        assert_eq!(scenario.calls("DescribeCluster"), before + 1);
        assert_eq!(
            scenario.state().attribute(ADDON, "/status"),
            Some(&json!("ACTIVE"))
        );
    });
}
