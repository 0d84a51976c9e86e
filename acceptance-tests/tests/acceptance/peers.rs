//! Others that work on simulated AWS: a simulator that only our own provider has ever talked to proves nothing.
//!
//! Each test runs where its peer is installed and says so when it is not.

use acceptance_tests::{Action, Cli, Provider, Scenario, SimulatedAws, stack};

/// hashicorp/aws creates, updates and deletes a cluster and a node group.
#[test]
fn hashicorp_aws_manages_a_cluster_and_a_node_group() {
    let Some(provider) = Provider::hashicorp_aws() else {
        return println!("TF_EKS_COMPARE_MIRROR is not set");
    };
    for cli in Cli::installed().unwrap() {
        let aws = SimulatedAws::with_moto_eks().unwrap();
        let ground = aws.set_up().unwrap();
        let scenario = Scenario::new(&cli, &provider, aws).unwrap();
        let group = |desired| {
            let cluster = stack::cluster("aws_eks", &ground, "");
            let scaling = stack::scaling(1, desired, 3);
            cluster + &stack::node_group("aws_eks", &ground, "workers", &scaling)
        };
        scenario.apply(&group(1));
        scenario.apply_expecting(Action::Update, "aws_eks_node_group.workers", &group(2));
        scenario.destroy();
    }
}
