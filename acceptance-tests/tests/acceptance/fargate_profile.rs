//! eks_fargate_profile.

use acceptance_tests::{
    Action, Disturbance, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack,
};
use eks_simulator::{Effect, Ending, Fault, Issue, Kind, Target};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_fargate_profile.batch";
const ID: &str = "example:batch";
const PROFILES: &str = "/clusters/example/fargate-profiles";

const SELECTOR: &str = "  selector {
    namespace = \"batch\"
    labels    = { compute = \"fargate\" }
  }
";

/// A cluster and a profile of that name, with `more` arguments and blocks.
fn profile(ground: &Prerequisites, more: &str) -> String {
    stack::cluster("eks", ground, "") + &one(ground, "batch", more)
}

/// A profile in the private subnets.
fn one(ground: &Prerequisites, name: &str, more: &str) -> String {
    let subnet_ids = stack::quoted(&ground.network.private_subnet_ids);
    bare(name, &format!("  subnet_ids = {subnet_ids}\n{more}"))
}

fn bare(name: &str, more: &str) -> String {
    format!(
        r#"
resource "eks_fargate_profile" "{name}" {{
  cluster_name           = eks_cluster.this.name
  fargate_profile_name   = "{name}"
  pod_execution_role_arn = "arn:aws:iam::123456789012:role/pods"

{more}}}
"#
    )
}

fn describe(scenario: &Scenario) -> Value {
    let path = format!("{PROFILES}/batch");
    scenario.aws.eks("GET", &path, &Value::Null).unwrap()["fargateProfile"].take()
}

fn target(name: &str) -> Target {
    Target::object(Kind::FargateProfile, stack::CLUSTER_NAME, name)
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&profile(&ground, SELECTOR));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, ID, &[]);
        }
    });
}

#[test]
fn creates_and_imports_on_moto() {
    each_cli(SimulatedAws::with_moto_eks, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&profile(&ground, SELECTOR));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, ID, &[]);
        }
    });
}

#[test]
fn changes_and_removes_tags_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&profile(&ground, SELECTOR));
        let tagged = format!("{SELECTOR}  tags = {{ team = \"a\" }}\n");
        let plan = scenario.apply_expecting(Action::Update, ADDRESS, &profile(&ground, &tagged));
        let changed = plan.change(ADDRESS).unwrap().changed.keys();
        assert_eq!(changed.collect::<Vec<_>>(), ["tags", "tags_all.team"]);
        assert_eq!(describe(scenario)["tags"], json!({ "team": "a" }));
        scenario.apply_expecting(Action::Update, ADDRESS, &profile(&ground, SELECTOR));
        assert_eq!(describe(scenario)["tags"], json!({}));
    });
}

#[test]
fn the_choice_of_aws_is_no_difference() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&profile(&ground, SELECTOR));
        let without = stack::cluster("eks", &ground, "") + &bare("batch", SELECTOR);
        let plan = scenario.plan(&without);
        assert!(plan.is_empty(), "{plan}");
        let chosen = without.clone() + &bare("chosen", SELECTOR);
        scenario.apply(&chosen);
        let state = scenario.state();
        let subnets = state.attribute("eks_fargate_profile.chosen", "/subnet_ids");
        assert!(
            subnets
                .and_then(Value::as_array)
                .is_some_and(|ids| !ids.is_empty())
        );
    });
}

#[test]
fn another_selector_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&profile(&ground, SELECTOR));
        let other = SELECTOR.replace("\"batch\"", "\"team-*\"");
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &profile(&ground, &other));
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["selector"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&profile(&ground, SELECTOR));
        scenario.disappears(ADDRESS, |aws| {
            assert!(aws.simulator()?.remove(&target("batch")));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    let namespace = SELECTOR.replace("\"batch\"", "\"Batch\"");
    let labels: String = (0..6).map(|i| format!("      key-{i} = \"a\"\n")).collect();
    let labels =
        format!("  selector {{\n    namespace = \"a\"\n    labels = {{\n{labels}    }}\n  }}\n");
    let no_subnets = format!("{SELECTOR}  subnet_ids = []\n");
    // Elements of sets have no address, so Terraform shows the resource and the message says where.
    let cases = [
        (
            "batch",
            namespace.as_str(),
            "resource",
            "selector.namespace",
        ),
        ("batch", labels.as_str(), "resource", "selector.labels"),
        ("batch", no_subnets.as_str(), "subnet_ids", "at least 1"),
        ("eks-batch", SELECTOR, "fargate_profile_name", "eks-"),
    ];
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (name, body, attribute, text) in &cases {
            let hcl = stack::cluster("eks", &ground, "") + &bare(name, body);
            scenario.expect_plan_error(&hcl, attribute, text);
        }
        let six: String = (0..6)
            .map(|i| format!("  selector {{\n    namespace = \"team-{i}\"\n  }}\n"))
            .collect();
        scenario.expect_plan_error(&profile(&ground, &six), "resource", "1 to 5");
    });
}

// EKS takes one creation or deletion of a cluster at a time, and refuses the others.
#[test]
fn ten_queue_up_without_a_refusal() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let cluster = stack::cluster("eks", &ground, "");
        let ten = (0..10).map(|i| one(&ground, &format!("batch-{i}"), SELECTOR));
        scenario.apply(&(cluster.clone() + &ten.collect::<String>()));
        assert_eq!(scenario.calls("CreateFargateProfile"), 10);
        scenario.apply(&cluster);
        assert_eq!(scenario.calls("DeleteFargateProfile"), 10);
    });
}

#[test]
fn waits_for_a_profile_of_another_run() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let cluster = stack::cluster("eks", &ground, "");
        scenario.apply(&cluster);
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let theirs = json!({
            "fargateProfileName": "theirs",
            "podExecutionRoleArn": "arn:aws:iam::123456789012:role/pods",
            "subnets": ground.network.private_subnet_ids,
            "selectors": [{ "namespace": "theirs" }],
        });
        scenario.aws.eks("POST", PROFILES, &theirs).unwrap();
        let is_waiting = || scenario.calls("CreateFargateProfile") > 3;
        let hcl = profile(&ground, SELECTOR);
        scenario.apply_while(&hcl, is_waiting, || simulator.thaw());
        simulator.freeze();
        let path = format!("{PROFILES}/theirs");
        scenario.aws.eks("DELETE", &path, &Value::Null).unwrap();
        let is_waiting = || scenario.calls("DeleteFargateProfile") > 3;
        scenario.apply_while(&cluster, is_waiting, || simulator.thaw());
    });
}

#[test]
fn public_subnets_are_warned_of_at_plan() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let warnings = |subnets: &[String]| {
            let subnets = format!("  subnet_ids = {}\n{SELECTOR}", stack::quoted(subnets));
            let hcl = stack::cluster("eks", &ground, "") + &bare("batch", &subnets);
            scenario.plan_warnings(&hcl)
        };
        let network = &ground.network;
        let none = warnings(&network.private_subnet_ids);
        assert!(none.is_empty(), "{none:?}");
        let mixed = [&network.subnet_ids[..1], &network.private_subnet_ids].concat();
        let warnings = warnings(&mixed);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert_eq!(warnings[0].attribute.as_deref(), Some("subnet_ids"));
        assert!(warnings[0].says(&format!("{}: igw-", network.subnet_ids[0])));
        assert!(!warnings[0].says(&network.private_subnet_ids[0]));
    });
}

#[test]
fn a_failed_create_names_the_health_issue() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let issue = Issue {
            code: "PodExecutionRoleAlreadyInUse".to_owned(),
            message: "The role is that of a node group".to_owned(),
            resource_ids: vec!["arn:aws:iam::123456789012:role/pods".to_owned()],
        };
        let ending = Ending::Create {
            degraded: false,
            issues: vec![issue],
        };
        scenario
            .aws
            .simulator()
            .unwrap()
            .plan_ending(target("batch"), ending);
        let error =
            scenario.expect_apply_error(&profile(&ground, SELECTOR), "that of a node group");
        assert!(error.says("PodExecutionRoleAlreadyInUse"), "{error}");
        assert!(scenario.state().is_tainted(ADDRESS));
    });
}

#[test]
fn a_new_role_and_a_lost_answer_are_waited_out() {
    let lag = Effect::Error {
        code: "InvalidParameterException".to_owned(),
        message: "Misconfigured PodExecutionRole Trust Policy".to_owned(),
        status: None,
    };
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        for effect in [lag.clone(), Effect::ResetAfter] {
            simulator.inject(Fault::next("CreateFargateProfile", effect));
        }
        scenario.apply(&profile(&ground, SELECTOR));
    });
}

#[test]
fn ctrl_c_ends_the_queue_and_the_next_apply_goes_on() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let cluster = stack::cluster("eks", &ground, "");
        scenario.apply(&cluster);
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let hcl = profile(&ground, SELECTOR) + &one(&ground, "second", SELECTOR);
        let is_making = || scenario.calls("DescribeFargateProfile") > 0;
        let run = scenario.apply_disturbed(&hcl, Disturbance::Interrupt, is_making);
        assert!(!run.succeeded(), "{run}");
        assert_eq!(scenario.calls("CreateFargateProfile"), 1, "{run}");
        let made = scenario.state().addresses().len();
        assert_eq!(made, 2, "the cluster and the profile that was begun: {run}");
        simulator.thaw();
        scenario.apply(&hcl);
        assert_eq!(scenario.calls("CreateFargateProfile"), 2);
    });
}
