//! eks_cluster.

use std::time::Duration;

use acceptance_tests::{
    Action, Diagnostic, Disturbance, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack,
};
use eks_simulator::{Effect, Ending, Fault, Issue, Target};
use serde_json::json;

const ADDRESS: &str = "eks_cluster.this";

/// EKS takes it at creation and never tells it again, so an import cannot know it.
const NOT_RETURNED: [&str; 1] = ["bootstrap_self_managed_addons"];

const APPLY: [&str; 4] = ["apply", "-input=false", "-json", "-auto-approve"];

const LOGGING: &str = "  enabled_cluster_log_types = [\"api\", \"audit\"]\n";
const TAGS: &str = "  tags = {\n    team = \"platform\"\n  }\n";

fn cluster(ground: &Prerequisites, more: &str) -> String {
    stack::cluster("eks", ground, more)
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, creates_and_imports_with);
}

#[test]
fn creates_and_imports_on_moto() {
    each_cli(SimulatedAws::with_moto_eks, creates_and_imports_with);
}

// Not on ministack: what its TagResource takes is in ListTagsForResource, but not in DescribeCluster, other than in EKS.
#[test]
fn tags_change_in_place_on_moto() {
    each_cli(SimulatedAws::with_moto_eks, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, ""));
        for more in [TAGS, ""] {
            scenario.apply_expecting(Action::Update, ADDRESS, &cluster(&ground, more));
        }
    });
}

#[test]
fn creates_and_imports_on_ministack() {
    each_cli(SimulatedAws::with_ministack, creates_and_imports_with);
}

fn creates_and_imports_with(scenario: &Scenario) {
    let ground = scenario.aws.set_up().unwrap();
    scenario.apply_expecting(Action::Create, ADDRESS, &cluster(&ground, ""));
    let state = scenario.state();
    let account = &scenario.aws.account;
    let arn = format!(
        "arn:aws:eks:us-east-1:{}:cluster/{}",
        account.id,
        stack::CLUSTER_NAME
    );
    assert_eq!(state.attribute(ADDRESS, "/arn"), Some(&json!(arn)));
    assert_eq!(state.attribute(ADDRESS, "/status"), Some(&json!("ACTIVE")));
    for how in [Import::Block, Import::Command] {
        scenario.imports(how, ADDRESS, stack::CLUSTER_NAME, &NOT_RETURNED);
    }
}

#[test]
fn imports_from_another_region() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, "  region = \"eu-west-1\"\n"));
        let id = format!("{}@eu-west-1", stack::CLUSTER_NAME);
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, &id, &NOT_RETURNED);
        }
    });
}

#[test]
fn updates_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, ""));
        let key = scenario.aws.account.create_kms_key().unwrap();
        let encryption = format!(
            "  encryption_config {{\n    resources = [\"secrets\"]\n    provider {{\n      key_arn = \"{key}\"\n    }}\n  }}\n"
        );
        for more in [LOGGING, TAGS, &encryption] {
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &cluster(&ground, more));
            let change = plan.change(ADDRESS).unwrap();
            assert!(!change.changed.contains_key("arn"), "{plan}");
            assert!(!change.changed.contains_key("endpoint"), "{plan}");
        }
    });
}

#[test]
fn removes_logging_and_tags_when_unset() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, &format!("{LOGGING}{TAGS}")));
        scenario.apply_expecting(Action::Update, ADDRESS, &cluster(&ground, ""));
        let answer = scenario
            .aws
            .eks("GET", "/clusters/example", &json!(null))
            .unwrap();
        assert_eq!(answer["cluster"]["tags"], json!({}));
        let logging = &answer["cluster"]["logging"]["clusterLogging"];
        let enabled = logging
            .as_array()
            .unwrap()
            .iter()
            .filter(|set| set["enabled"] == true);
        assert_eq!(enabled.count(), 0, "{logging}");
    });
}

#[test]
fn another_role_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let mut ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, ""));
        let role = scenario
            .aws
            .account
            .create_role("other", "eks.amazonaws.com");
        ground.cluster_role_arn = role.unwrap();
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &cluster(&ground, ""));
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["role_arn"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, ""));
        scenario.disappears(ADDRESS, |aws| {
            assert!(
                aws.simulator()?
                    .remove(&Target::cluster(stack::CLUSTER_NAME))
            );
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    let cases = [
        ("  version = \"33\"\n", "version", "33"),
        (
            "  enabled_cluster_log_types = [\"apis\"]\n",
            "enabled_cluster_log_types",
            "apis",
        ),
        (
            "  kubernetes_network_config {\n    service_ipv4_cidr = \"8.8.0.0/16\"\n  }\n",
            "service_ipv4_cidr",
            "8.8.0.0/16",
        ),
        (
            "  upgrade_policy {\n    support_type = \"FOREVER\"\n  }\n",
            "support_type",
            "FOREVER",
        ),
    ];
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (more, attribute, text) in cases {
            scenario.expect_plan_error(&cluster(&ground, more), attribute, text);
        }
        assert_eq!(
            scenario.aws.eks_calls(),
            0,
            "a plan that fails asks EKS nothing"
        );
    });
}

#[test]
fn ctrl_c_during_create_keeps_it_in_state() {
    each_cli(SimulatedAws::new, |scenario| {
        let hcl = cluster(&scenario.aws.set_up().unwrap(), "");
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let run = scenario.apply_disturbed(&hcl, Disturbance::Interrupt, || {
            scenario.calls("DescribeCluster") > 0
        });
        assert!(!run.succeeded(), "{run}");
        assert_eq!(scenario.state().addresses(), [ADDRESS], "{run}");
        resumes(scenario, &hcl);
    });
}

#[test]
fn a_create_that_takes_too_long_is_resumed() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = cluster(&ground, "  timeouts {\n    create = \"2s\"\n  }\n");
        scenario.aws.simulator().unwrap().freeze();
        scenario.workspace.write("main.tf", &hcl).unwrap();
        let run = scenario.workspace.run(&APPLY).unwrap();
        // As an error Terraform would destroy the cluster and make another one.
        assert!(run.succeeded(), "{run}");
        assert!(run.stdout.contains("is not finished"), "{run}");
        resumes(scenario, &hcl);
    });
}

#[test]
fn a_create_that_fails_when_nobody_looks_is_replaced() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        let ending = Ending::Create {
            degraded: false,
            issues: vec![issue("SubnetNotFound", "subnet-1")],
        };
        simulator.plan_ending(Target::any(), ending);
        simulator.freeze();
        let hcl = cluster(&ground, "  timeouts {\n    create = \"2s\"\n  }\n");
        scenario.workspace.write("main.tf", &hcl).unwrap();
        let run = scenario.workspace.run(&APPLY).unwrap();
        assert!(run.stdout.contains("is not finished"), "{run}");
        simulator.thaw();
        let fails = || {
            let path = format!("/clusters/{}", stack::CLUSTER_NAME);
            let found = scenario.aws.eks("GET", &path, &json!(null)).unwrap();
            found["cluster"]["status"] == "FAILED"
        };
        while !fails() {
            std::thread::sleep(Duration::from_millis(20));
        }
        let plan = ["plan", "-input=false", "-json"];
        let run = scenario.workspace.run(&plan).unwrap();
        let found = run.diagnostics();
        let warns = |warning: &&Diagnostic| warning.says("Creation has failed");
        let warning = found.iter().find(warns).expect("a warning");
        assert!(warning.says("SubnetNotFound happened"), "{warning}");
        scenario.refresh();
        scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
    });
}

/// The cluster in the state is still being made: the next apply waits for it and makes no other.
fn resumes(scenario: &Scenario, hcl: &str) {
    assert!(!scenario.state().is_tainted(ADDRESS));
    let plan = scenario.apply_frozen(ADDRESS, hcl, ("DescribeCluster", 10));
    let unknown = &plan.change(ADDRESS).unwrap().after_unknown;
    assert!(
        unknown["endpoint"] == true && unknown["status"] == true,
        "{plan}"
    );
    let state = scenario.state();
    assert_eq!(state.attribute(ADDRESS, "/status"), Some(&json!("ACTIVE")));
    let endpoint = state.attribute(ADDRESS, "/endpoint").unwrap();
    assert!(
        endpoint.as_str().unwrap().starts_with("https://"),
        "{endpoint}"
    );
    assert_eq!(scenario.calls("CreateCluster"), 1);
}

#[test]
fn an_update_whose_provider_is_killed_is_finished_next_time() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let hcl = cluster(&ground, LOGGING);
        let run = scenario.apply_disturbed(&hcl, Disturbance::KillProvider, || {
            scenario.calls("DescribeUpdate") > 0
        });
        assert!(!run.succeeded(), "{run}");
        // The first update is still running when the second is asked for, and ends while it is waited for.
        simulator.clear_log();
        let is_waiting = || scenario.calls("DescribeUpdate") > 0;
        scenario.apply_while(&hcl, is_waiting, || simulator.thaw());
    });
}

fn issue(code: &str, id: &str) -> Issue {
    Issue {
        code: code.to_owned(),
        message: format!("{code} happened"),
        resource_ids: vec![id.to_owned()],
    }
}

#[test]
fn a_failed_create_names_every_health_issue() {
    each_cli(SimulatedAws::new, |scenario| {
        let hcl = cluster(&scenario.aws.set_up().unwrap(), "");
        let issues = vec![
            issue("SubnetNotFound", "subnet-1"),
            issue("RoleNotFound", "role-1"),
        ];
        let ending = Ending::Create {
            degraded: false,
            issues,
        };
        scenario
            .aws
            .simulator()
            .unwrap()
            .plan_ending(Target::any(), ending);
        let error = scenario.expect_apply_error(&hcl, "SubnetNotFound happened");
        for text in ["subnet-1", "RoleNotFound happened", "role-1"] {
            assert!(error.says(text), "{error}");
        }
        assert!(scenario.state().is_tainted(ADDRESS));
    });
}

#[test]
fn a_lost_answer_to_create_is_found_again() {
    each_cli(SimulatedAws::new, |scenario| {
        let hcl = cluster(&scenario.aws.set_up().unwrap(), "");
        let fault = Fault::next("CreateCluster", Effect::ResetAfter);
        scenario.aws.simulator().unwrap().inject(fault);
        scenario.apply(&hcl);
    });
}

#[test]
fn throttling_is_waited_out() {
    each_cli(SimulatedAws::new, |scenario| {
        let hcl = cluster(&scenario.aws.set_up().unwrap(), "");
        let fault = Fault::next("*", Effect::Throttle).times(3);
        scenario.aws.simulator().unwrap().inject(fault);
        scenario.apply(&hcl);
    });
}

// Modules write such blocks; they are attributes on the wire, and a `dynamic` one without elements is an empty list.
#[test]
fn dynamic_blocks_that_eks_fills_in_settle() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let dynamic = |each: &str| {
            let block = |name: &str, content: &str| {
                format!(
                    "  dynamic \"{name}\" {{\n    for_each = {each}\n    content {{\n      {content}\n    }}\n  }}\n"
                )
            };
            block(
                "access_config",
                "authentication_mode = \"API_AND_CONFIG_MAP\"",
            ) + &block("upgrade_policy", "support_type = \"STANDARD\"")
        };
        scenario.apply(&cluster(&ground, &dynamic("[]")));
        let with_blocks = cluster(&ground, &dynamic("[1]"));
        scenario.apply_expecting(Action::Update, ADDRESS, &with_blocks);
        let state = scenario.state();
        let support = state.attribute(ADDRESS, "/upgrade_policy/0/support_type");
        assert_eq!(support, Some(&json!("STANDARD")));
        // Without them nothing is asked for, and what was set stays.
        let plan = scenario.plan(&cluster(&ground, &dynamic("[]")));
        assert_eq!(plan.action(ADDRESS), Action::Nothing, "{plan}");
    });
}
