//! An upgrade of Kubernetes: the cluster first, then what follows its version.

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
