//! A cluster and what depends on it, changed in the same apply.

use acceptance_tests::{Action, Plan, Prerequisites, Run, Scenario, SimulatedAws, each_cli, stack};
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
        let warnings = scenario.plan_warnings(&hcl(network));
        let warned = warnings.iter().any(|it| it.says("create_before_destroy"));
        assert!(warned, "{warnings:?}");
        let plan = scenario.apply(&hcl(network));
        for address in [
            "eks_cluster.this",
            "eks_node_group.nodes",
            ADDON,
            "eks_oidc_provider.this",
        ] {
            assert_eq!(plan.action(address), Action::Replace, "{address}: {plan}");
            let paths = &plan.change(address).unwrap().replace_paths;
            assert!(!paths.is_empty(), "{address}: {plan}");
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

/// What `terraform plan` says and whether it succeeds, when it is to replace the cluster.
fn plan_replacement(scenario: &Scenario, hcl: &str) -> Run {
    scenario.workspace.write("main.tf", hcl).unwrap();
    let forced = [
        "plan",
        "-input=false",
        "-no-color",
        "-replace=eks_cluster.this",
    ];
    scenario.workspace.run(&forced).unwrap()
}

#[test]
fn a_replacement_that_is_asked_for_takes_along_what_belongs_to_the_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = |more: &str| {
            let more = format!("  version = \"1.35\"\n{more}");
            stack::cluster("eks", &ground, &more) + &kube_proxy("")
        };
        scenario.apply(&hcl(""));
        let run = plan_replacement(scenario, &hcl(""));
        assert!(run.succeeded(), "{run}");
        for text in [
            "eks_addon.kube_proxy must be replaced",
            "eks_cluster.this will be replaced, as requested",
        ] {
            assert!(run.stdout.contains(text), "{text} in:\n{run}");
        }
        // Nothing may be deleted in a cluster that AWS will not delete, whatever the configuration says of it by now.
        let protected = "  deletion_protection = true\n";
        scenario.apply(&hcl(protected));
        for more in [protected, "  deletion_protection = false\n"] {
            let run = plan_replacement(scenario, &hcl(more));
            assert!(!run.succeeded(), "{run}");
            let said = run.to_string();
            assert!(said.contains("The cluster is protected"), "{run}");
        }
        scenario.apply(&hcl("  deletion_protection = false\n"));
    });
}

#[test]
fn an_add_on_that_stays_behind_is_warned_of() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = |kubernetes: &str| {
            let pinned = "  addon_version = \"v1.31.14-eksbuild.9\"\n";
            cluster(&ground, kubernetes) + &kube_proxy(pinned)
        };
        scenario.apply(&hcl("1.34"));
        assert_eq!(scenario.plan_warnings(&hcl("1.34")).len(), 0);
        let warnings = scenario.plan_warnings(&hcl("1.35"));
        let warned = |text: &str| warnings.iter().any(|it| it.says(text));
        assert!(warned("does not offer for Kubernetes 1.35"), "{warnings:?}");
    });
}

#[test]
fn what_does_not_go_with_the_planned_cluster_is_refused() {
    let mode = |mode: &str| {
        format!(
            "  version = \"1.34\"\n  access_config {{\n    authentication_mode = \"{mode}\"\n  }}\n"
        )
    };
    let entry = r#"
resource "eks_access_entry" "this" {
  cluster_name  = eks_cluster.this.name
  principal_arn = "arn:aws:iam::123456789012:role/team"
}
"#;
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = |with: &str| stack::cluster("eks", &ground, &mode(with));
        let closed = hcl("CONFIG_MAP");
        let detail = "has the authentication mode CONFIG_MAP";
        scenario.expect_plan_error(&format!("{closed}{entry}"), "cluster_name", detail);
        let nodes = |version: &str| {
            let more = format!("  version = \"{version}\"\n\n{}", stack::scaling(1, 2, 3));
            closed.clone() + &stack::node_group("eks", &ground, "nodes", &more)
        };
        let detail = "newer than their cluster, which has Kubernetes 1.34";
        scenario.expect_plan_error(&nodes("1.35"), "version", detail);
        scenario.plan(&nodes("1.34"));
        scenario.plan(&(hcl("API_AND_CONFIG_MAP") + entry));
    });
}
