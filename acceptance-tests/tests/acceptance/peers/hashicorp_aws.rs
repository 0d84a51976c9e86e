//! hashicorp/aws 5.100.0, which `TF_EKS_COMPARE_MIRROR` says where to find. Each test passes without it, and says so.

use acceptance_tests::{Action, Cli, Provider, Scenario, SimulatedAws, stack};

#[test]
fn hashicorp_aws_manages_a_cluster_and_a_node_group() {
    let Some(provider) = Provider::hashicorp_aws() else {
        return println!("TF_EKS_COMPARE_MIRROR is not set, so hashicorp/aws is left out.");
    };
    for cli in Cli::installed().unwrap() {
        let aws = SimulatedAws::new().unwrap();
        let ground = aws.set_up().unwrap();
        let scenario = Scenario::new(&cli, &provider, aws).unwrap();
        let hcl = |cluster: &str, desired| {
            let scaling = stack::scaling(1, desired, 3);
            stack::cluster("aws_eks", &ground, cluster)
                + &stack::node_group("aws_eks", &ground, "workers", &scaling)
        };
        scenario.apply(&hcl("", 1));
        let logging = "  enabled_cluster_log_types = [\"api\", \"audit\"]\n";
        let cluster = hcl(logging, 1);
        scenario.apply_expecting(Action::Update, "aws_eks_cluster.this", &cluster);
        let scaled = hcl(logging, 2);
        scenario.apply_expecting(Action::Update, "aws_eks_node_group.workers", &scaled);
        scenario.destroy();
    }
}

#[test]
fn takes_over_what_hashicorp_aws_made_without_a_change() {
    let Some(theirs) = Provider::hashicorp_aws() else {
        return println!("TF_EKS_COMPARE_MIRROR is not set, so nothing is taken over.");
    };
    let ours = Provider::ours().unwrap();
    for cli in Cli::installed().unwrap() {
        let aws = SimulatedAws::new().unwrap();
        let ground = aws.set_up().unwrap();
        let scenario = Scenario::new(&cli, &theirs, aws).unwrap();
        let taint = "  taint {\n    key    = \"dedicated\"\n    effect = \"NO_SCHEDULE\"\n  }\n";
        let hcl = |prefix| {
            let group = stack::scaling(1, 1, 3) + taint;
            stack::cluster(prefix, &ground, "")
                + &stack::node_group(prefix, &ground, "workers", &group)
        };
        scenario.apply(&hcl("aws_eks"));
        scenario.refresh();
        let scenario = scenario.handed_over_to(&ours);
        let moved = hcl("eks") + &moved("cluster.this") + &moved("node_group.workers");
        let plan = scenario.plan(&moved);
        assert_eq!(plan.changes().count(), 0, "{plan}");
        scenario.apply(&moved);
        let state = scenario.state();
        let addresses = ["eks_cluster.this", "eks_node_group.workers"];
        assert_eq!(state.addresses(), addresses);
        scenario.destroy();
    }
}

fn moved(name: &str) -> String {
    format!("\nmoved {{\n  from = aws_eks_{name}\n  to   = eks_{name}\n}}\n")
}
