//! An upgrade of Kubernetes, the cluster first and then what follows its version, and the way back.

use acceptance_tests::{Action, Prerequisites, SimulatedAws, each_cli, stack};
use serde_json::json;

/// A cluster of a version, and a node group that follows it.
fn fleet(ground: &Prerequisites, version: &str) -> String {
    let version = format!("  version = \"{version}\"\n");
    let group = stack::scaling(1, 1, 3) + "  version = eks_cluster.this.version\n";
    stack::cluster("eks", ground, &version) + &stack::node_group("eks", ground, "workers", &group)
}

#[test]
fn cluster_and_node_group_go_up_in_one_apply() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&fleet(&ground, "1.34"));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.clear_log();
        let plan = scenario.apply(&fleet(&ground, "1.35"));
        for address in ["eks_cluster.this", "eks_node_group.workers"] {
            assert_eq!(plan.action(address), Action::Update, "{plan}");
            let state = scenario.state();
            assert_eq!(state.attribute(address, "/version"), Some(&json!("1.35")));
        }
        let called = simulator.operations().into_iter();
        let updates: Vec<_> = called.filter(|it| it.starts_with("Update")).collect();
        assert_eq!(updates, ["UpdateClusterVersion", "UpdateNodegroupVersion"]);
    });
}

/// A cluster and a node group, each of a version of its own.
fn apart(ground: &Prerequisites, cluster: &str, nodes: &str) -> String {
    let version = |version: &str| format!("  version = \"{version}\"\n");
    let group = stack::scaling(1, 1, 3) + &version(nodes);
    stack::cluster("eks", ground, &version(cluster))
        + &stack::node_group("eks", ground, "workers", &group)
}

#[test]
fn an_upgrade_is_rolled_back_node_group_first() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = |cluster: &str, nodes: &str| apart(&ground, cluster, nodes);
        scenario.apply(&hcl("1.34", "1.34"));
        scenario.apply(&fleet(&ground, "1.35"));
        for too_soon in [hcl("1.34", "1.35"), fleet(&ground, "1.34")] {
            let warnings = scenario.plan_warnings(&too_soon);
            assert_eq!(warnings.len(), 2, "{warnings:?}");
            for text in ["for 7 days", "before its nodes, which run 1.35"] {
                assert!(warnings.iter().any(|it| it.says(text)), "{warnings:?}");
            }
            scenario.expect_apply_error(&too_soon, "nodegroups workers are newer");
        }
        for (hcl, address) in [
            (hcl("1.35", "1.34"), "eks_node_group.workers"),
            (hcl("1.34", "1.34"), "eks_cluster.this"),
        ] {
            scenario.apply_expecting(Action::Update, address, &hcl);
            let state = scenario.state();
            assert_eq!(state.attribute(address, "/version"), Some(&json!("1.34")));
        }
        scenario.expect_plan_error(&hcl("1.32", "1.34"), "version", "the last upgrade only");
    });
}

#[test]
fn a_version_that_eks_does_not_offer_is_refused_at_plan() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let cluster =
            |version: &str| stack::cluster("eks", &ground, &format!("  version = {version}\n"));
        for unknown in ["1.99", "1.20"] {
            let quoted = format!("\"{unknown}\"");
            scenario.expect_plan_error(&cluster(&quoted), "version", "1.36, 1.35, 1.34");
        }
        scenario.expect_plan_error(&cluster("1.30"), "version", "in quotes");
        let warnings = scenario.plan_warnings(&cluster("\"1.33\""));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].says("ended on 2026-07-29"), "{}", warnings[0]);
    });
}
