//! eks_node_group.

use acceptance_tests::{Action, Disturbance, Import, Prerequisites, SimulatedAws, each_cli, stack};
use eks_simulator::{Effect, Ending, Fault, Issue, Target};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_node_group.workers";
const ID: &str = "example:workers";

const LABELS: &str = "  labels = {\n    role = \"worker\"\n  }\n";
const TAINT: &str = "  taint {
    key    = \"dedicated\"
    value  = \"system\"
    effect = \"NO_SCHEDULE\"
  }
";

/// A cluster, and a node group with `more` beside its scaling.
fn node_group(ground: &Prerequisites, more: &str) -> String {
    scaled(ground, 1, more)
}

fn scaled(ground: &Prerequisites, desired: u32, more: &str) -> String {
    let scaling = stack::scaling(1, desired, 3);
    stack::cluster("eks", ground, "")
        + &stack::node_group("eks", ground, "workers", &(scaling + more))
}

fn describe(aws: &SimulatedAws) -> Value {
    let path = "/clusters/example/node-groups/workers";
    aws.eks("GET", path, &Value::Null).unwrap()["nodegroup"].take()
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&node_group(&ground, ""));
        let state = scenario.state();
        assert_eq!(state.attribute(ADDRESS, "/status"), Some(&json!("ACTIVE")));
        assert_eq!(
            state.attribute(ADDRESS, "/capacity_type"),
            Some(&json!("ON_DEMAND"))
        );
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, ID, &[]);
        }
    });
}

// moto answers a node group that has no remote access with the SSH key "eksKeypair"; real EKS answers none.
#[test]
fn creates_and_imports_on_moto() {
    each_cli(SimulatedAws::with_moto_eks, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.aws.account.create_key_pair("eksKeypair").unwrap();
        let access = "  remote_access {\n    ec2_ssh_key = \"eksKeypair\"\n  }\n";
        scenario.apply(&node_group(&ground, access));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, ID, &[]);
        }
    });
}

#[test]
fn creates_and_imports_on_ministack() {
    each_cli(SimulatedAws::with_ministack, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&node_group(&ground, ""));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, ID, &[]);
        }
    });
}

#[test]
fn updates_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&node_group(&ground, ""));
        let steps = [
            scaled(&ground, 2, ""),
            scaled(&ground, 2, LABELS),
            scaled(&ground, 2, TAINT),
            scaled(
                &ground,
                2,
                "  update_config {\n    max_unavailable = 2\n  }\n",
            ),
        ];
        for hcl in steps {
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
            let change = plan.change(ADDRESS).unwrap();
            assert!(!change.changed.contains_key("arn"), "{plan}");
            assert!(!change.changed.contains_key("resources"), "{plan}");
        }
    });
}

#[test]
fn removes_labels_and_taints_when_unset() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&node_group(&ground, &format!("{LABELS}{TAINT}")));
        assert_eq!(
            describe(&scenario.aws)["labels"],
            json!({ "role": "worker" })
        );
        scenario.apply_expecting(Action::Update, ADDRESS, &node_group(&ground, ""));
        let described = describe(&scenario.aws);
        assert_eq!(
            described["labels"]
                .as_object()
                .map_or(0, serde_json::Map::len),
            0
        );
        assert_eq!(described["taints"].as_array().map_or(0, Vec::len), 0);
    });
}

/// The scaling is unknown while planning, and turns out to be what is there already. The plan that Terraform then makes
/// has to say of forcing what the first one said.
#[test]
fn forcing_is_planned_the_same_whatever_unknown_values_turn_out_to_be() {
    let sized = |ground: &Prerequisites, word: &str, more: &str| {
        let size = "resource \"terraform_data\" \"size\" {\n  input            = 1\n  triggers_replace = \"";
        let scaling = stack::scaling(1, 1, 3).replace(
            "desired_size = 1",
            "desired_size = terraform_data.size.output",
        );
        let node_group = stack::node_group("eks", ground, "workers", &(scaling + more));
        format!("{size}{word}\"\n}}\n") + &stack::cluster("eks", ground, "") + &node_group
    };
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&sized(&ground, "once", ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.clear_log();
        let forced = sized(&ground, "again", "  force_update_version = true\n");
        let plan = scenario.apply(&forced);
        assert_eq!(plan.action(ADDRESS), Action::Update, "{plan}");
        let state = scenario.state();
        let force = state.attribute(ADDRESS, "/force_update_version");
        assert_eq!(force, Some(&json!(true)));
        assert_eq!(scenario.calls("UpdateNodegroupConfig"), 0);
    });
}

#[test]
fn other_instance_types_replace_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let with = |kind| node_group(&ground, &format!("  instance_types = [\"{kind}\"]\n"));
        scenario.apply(&with("t3.medium"));
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &with("m5.large"));
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["instance_types"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&node_group(&ground, ""));
        scenario.disappears(ADDRESS, |aws| {
            let target = Target::node_group(stack::CLUSTER_NAME, "workers");
            assert!(aws.simulator()?.remove(&target));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    let scaling = stack::scaling(1, 2, 3);
    let taint = TAINT.replace("NO_SCHEDULE", "NoSchedule");
    let cases = [
        (stack::scaling(2, 1, 3), "desired_size", "min_size"),
        (stack::scaling(4, 4, 3), "max_size", "min_size"),
        (
            format!("{scaling}  capacity_type = \"CHEAP\"\n"),
            "capacity_type",
            "CHEAP",
        ),
        (
            format!("{scaling}  ami_type = \"UBUNTU\"\n"),
            "ami_type",
            "UBUNTU",
        ),
        // Elements of sets have no address, so Terraform shows the resource and the message says where.
        (format!("{scaling}{taint}"), "resource", "taint.effect"),
    ];
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (body, attribute, text) in &cases {
            let hcl = stack::cluster("eks", &ground, "")
                + &stack::node_group("eks", &ground, "workers", body);
            scenario.expect_plan_error(&hcl, attribute, text);
        }
    });
}

// A new default or latest version of the template is for whoever asked for "$Latest" to roll out, not a diff.
#[test]
fn the_latest_launch_template_version_does_not_drift() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let data = [("InstanceType", "t3.large")];
        let template = scenario.aws.put_launch_template("nodes", &data).unwrap();
        let block = format!(
            "  launch_template {{\n    id      = \"{}\"\n    version = \"$Latest\"\n  }}\n",
            template.id
        );
        scenario.apply(&node_group(&ground, &block));
    });
}

#[test]
fn what_contradicts_the_launch_template_is_an_error_at_plan() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let data = [("InstanceType", "t3.large")];
        let template = scenario.aws.put_launch_template("nodes", &data).unwrap();
        let group = format!(
            "  instance_types = [\"m5.large\"]\n  launch_template {{\n    id      = \"{}\"\n    version = \"1\"\n  }}\n",
            template.id
        );
        let hcl = node_group(&ground, &group);
        scenario.expect_plan_error(&hcl, "instance_types", "names the instance type t3.large");
    });
}

#[test]
fn ctrl_c_during_create_keeps_it_in_state() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let hcl = node_group(&ground, "");
        let run = scenario.apply_disturbed(&hcl, Disturbance::Interrupt, || {
            scenario.calls("DescribeNodegroup") > 0
        });
        assert!(!run.succeeded(), "{run}");
        let state = scenario.state();
        assert!(state.addresses().contains(&ADDRESS), "{run}");
        assert!(!state.is_tainted(ADDRESS), "{run}");
        scenario.apply_frozen(ADDRESS, &hcl, ("DescribeNodegroup", 10));
        let state = scenario.state();
        assert_eq!(state.attribute(ADDRESS, "/status"), Some(&json!("ACTIVE")));
        let resources = state.attribute(ADDRESS, "/resources").unwrap();
        assert!(!resources.as_array().unwrap().is_empty(), "{resources}");
        assert_eq!(scenario.calls("CreateNodegroup"), 1);
    });
}

#[test]
fn an_update_whose_provider_is_killed_is_finished_next_time() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&node_group(&ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let hcl = scaled(&ground, 3, "");
        let run = scenario.apply_disturbed(&hcl, Disturbance::KillProvider, || {
            scenario.calls("DescribeUpdate") > 0
        });
        assert!(!run.succeeded(), "{run}");
        // The first update is still running when the second is about to be asked for. Refreshing looks at the node group
        // once; whoever looks more often waits for it.
        simulator.clear_log();
        let is_waiting = || scenario.calls("DescribeNodegroup") > 2;
        scenario.apply_while(&hcl, is_waiting, || simulator.thaw());
    });
}

// An autoscaler has scaled out; the configuration still says where it began, and Terraform has that checked.
#[test]
fn an_ignored_desired_size_need_not_fit() {
    const IGNORED: &str =
        "  lifecycle {\n    ignore_changes = [scaling_config[0].desired_size]\n  }\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let sized = |min, max| {
            stack::cluster("eks", &ground, "")
                + &stack::node_group(
                    "eks",
                    &ground,
                    "workers",
                    &(stack::scaling(min, 1, max) + IGNORED),
                )
        };
        scenario.apply(&sized(1, 5));
        let target = Target::node_group(stack::CLUSTER_NAME, "workers");
        let scaled = json!({ "scalingConfig": { "minSize": 1, "desiredSize": 4, "maxSize": 5 } });
        assert!(scenario.aws.simulator().unwrap().modify(&target, &scaled));
        scenario.apply(&sized(3, 5));
        assert_eq!(
            describe(&scenario.aws)["scalingConfig"],
            json!({ "minSize": 3, "desiredSize": 4, "maxSize": 5 })
        );
        let text = "desired_size must be at most max_size, which is 3, got 4";
        scenario.expect_plan_error(&sized(3, 3), "desired_size", text);
    });
}

#[test]
fn a_failed_create_names_the_health_issue() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let issue = Issue {
            code: "NodeCreationFailure".to_owned(),
            message: "Instances failed to join the kubernetes cluster".to_owned(),
            resource_ids: vec!["i-0a1b2c3d".to_owned()],
        };
        let ending = Ending::Create {
            degraded: false,
            issues: vec![issue],
        };
        let target = Target::node_group(stack::CLUSTER_NAME, "workers");
        scenario
            .aws
            .simulator()
            .unwrap()
            .plan_ending(target, ending);
        let hcl = node_group(&ground, "");
        let error = scenario.expect_apply_error(&hcl, "Instances failed to join");
        assert!(
            error.says("i-0a1b2c3d") && error.says("NodeCreationFailure"),
            "{error}"
        );
        assert!(scenario.state().is_tainted(ADDRESS));
    });
}

// A cluster that is being updated refuses changes to its node groups; the provider waits instead of failing.
#[test]
fn a_lost_answer_to_create_is_found_again() {
    each_cli(SimulatedAws::new, |scenario| {
        let hcl = node_group(&scenario.aws.set_up().unwrap(), "");
        let fault = Fault::next("CreateNodegroup", Effect::ResetAfter);
        scenario.aws.simulator().unwrap().inject(fault);
        scenario.apply(&hcl);
    });
}

#[test]
fn waits_for_an_update_of_the_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        let target = Target::cluster(stack::CLUSTER_NAME);
        assert!(simulator.start_update(&target, json!({})).is_some());
        scenario.apply(&node_group(&ground, ""));
    });
}
