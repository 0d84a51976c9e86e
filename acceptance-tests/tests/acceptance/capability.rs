//! eks_capability.

use acceptance_tests::{
    Action, Disturbance, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack,
};
use eks_simulator::{Effect, Ending, Fault, Issue, Kind, Target, UpdateError};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_capability.this";
const ID: &str = "example,gitops";
const PATH: &str = "/clusters/example/capabilities/gitops";

const ROLE: &str = "arn:aws:iam::123456789012:role/gitops";
const OTHER_ROLE: &str = "arn:aws:iam::123456789012:role/other";

/// A cluster, and a capability of this type with `more` arguments and blocks.
fn capability(ground: &Prerequisites, kind: &str, role: &str, more: &str) -> String {
    stack::cluster("eks", ground, "")
        + &format!(
            r#"
resource "eks_capability" "this" {{
  cluster_name              = eks_cluster.this.name
  capability_name           = "gitops"
  type                      = "{kind}"
  role_arn                  = "{role}"
  delete_propagation_policy = "RETAIN"
{more}}}
"#
        )
}

/// Argo CD with `more` settings.
fn argo_cd(ground: &Prerequisites, more: &str) -> String {
    let settings = format!(
        r#"
  configuration {{
    argo_cd {{
      aws_idc {{
        idc_instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
      }}
{more}    }}
  }}
"#
    );
    capability(ground, "ARGOCD", ROLE, &settings)
}

/// ACK with these settings.
fn ack(ground: &Prerequisites, settings: &str) -> String {
    let settings = format!("  configuration {{\n    ack {{\n{settings}    }}\n  }}\n");
    capability(ground, "ACK", ROLE, &settings)
}

/// Users who have a role.
fn mapping(role: &str, users: &[&str]) -> String {
    let user = |id: &&str| {
        format!(
            "        identity {{\n          id   = \"{id}\"\n          type = \"SSO_USER\"\n        }}\n"
        )
    };
    let users: String = users.iter().map(user).collect();
    format!("      rbac_role_mapping {{\n        role = \"{role}\"\n{users}      }}\n")
}

fn network_access(endpoint: &str) -> String {
    format!("      network_access {{\n        vpce_ids = [\"{endpoint}\"]\n      }}\n")
}

fn describe(scenario: &Scenario) -> Value {
    scenario.aws.eks("GET", PATH, &Value::Null).unwrap()["capability"].take()
}

fn target() -> Target {
    Target::object(Kind::Capability, stack::CLUSTER_NAME, "gitops")
}

#[test]
fn creates_and_imports_each_type() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let users = mapping("ADMIN", &["ann", "bob"]) + &mapping("VIEWER", &["eve"]);
        let settings = "      enable_cross_namespace = true\n      disabled_services = [\"s3\"]\n";
        for hcl in [
            capability(&ground, "KRO", ROLE, ""),
            capability(&ground, "ACK", ROLE, ""),
            ack(&ground, settings),
            argo_cd(&ground, &(users + &network_access("vpce-0a"))),
        ] {
            scenario.apply(&hcl);
            for how in [Import::Block, Import::Command] {
                scenario.imports(how, ADDRESS, ID, &[]);
            }
        }
        let state = scenario.state();
        let url = state.attribute(ADDRESS, "/configuration/0/argo_cd/0/server_url");
        assert!(
            url.and_then(Value::as_str)
                .is_some_and(|url| url.starts_with("https://"))
        );
    });
}

/// Whether the test changes this itself.
fn is_given(path: &str) -> bool {
    let given = ["rbac_role_mapping", "network_access"];
    let given = given.map(|name| format!("configuration.0.argo_cd.0.{name}"));
    given.iter().any(|given| path.starts_with(given))
}

#[test]
fn updates_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&argo_cd(&ground, ""));
        for settings in [
            mapping("ADMIN", &["ann"]),
            mapping("ADMIN", &["bob", "cid"]) + &mapping("VIEWER", &["ann"]),
            mapping("VIEWER", &["ann"]) + &network_access("vpce-0a"),
        ] {
            let hcl = argo_cd(&ground, &settings);
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
            let changed = &plan.change(ADDRESS).unwrap().changed;
            let computed = changed.keys().filter(|path| !is_given(path));
            assert_eq!(computed.count(), 0, "{plan}");
        }
        let described = describe(scenario);
        let argo_cd = &described["configuration"]["argoCd"];
        let viewers =
            json!([{"role": "VIEWER", "identities": [{"id": "ann", "type": "SSO_USER"}]}]);
        assert_eq!(argo_cd["rbacRoleMappings"], viewers);
        assert_eq!(argo_cd["networkAccess"]["vpceIds"], json!(["vpce-0a"]));
    });
}

#[test]
fn changes_role_and_tags_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&capability(&ground, "KRO", ROLE, ""));
        let tags = "  tags = { team = \"shop\" }\n";
        for (role, more) in [(OTHER_ROLE, ""), (OTHER_ROLE, tags)] {
            let hcl = capability(&ground, "KRO", role, more);
            scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
        }
        let described = describe(scenario);
        assert_eq!(described["roleArn"], json!(OTHER_ROLE));
        assert_eq!(described["tags"], json!({"team": "shop"}));
    });
}

#[test]
fn removed_settings_go_back_to_the_defaults() {
    let settings = "      enable_cross_namespace = true\n      disabled_services = [\"s3\"]\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&ack(&ground, settings));
        let without = capability(&ground, "ACK", ROLE, "");
        scenario.apply_expecting(Action::Update, ADDRESS, &without);
        let usual = json!({"enableCrossNamespace": false, "disabledServices": []});
        assert_eq!(describe(scenario)["configuration"]["ack"], usual);
    });
}

#[test]
fn removed_users_and_endpoints_are_gone() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let settings = mapping("ADMIN", &["ann"]) + &network_access("vpce-0a");
        scenario.apply(&argo_cd(&ground, &settings));
        scenario.apply_expecting(Action::Update, ADDRESS, &argo_cd(&ground, ""));
        let described = describe(scenario);
        let argo_cd = &described["configuration"]["argoCd"];
        assert_eq!(argo_cd["rbacRoleMappings"], json!([]));
        assert_eq!(argo_cd["networkAccess"]["vpceIds"], json!([]));
    });
}

#[test]
fn another_namespace_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&argo_cd(&ground, ""));
        let hcl = argo_cd(&ground, "      namespace = \"other\"\n");
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        let paths: Vec<_> = paths.iter().collect();
        assert_eq!(paths, ["configuration.0.argo_cd.0.namespace"]);
        // What AWS chose stays when nobody asks for anything any more.
        let plan = scenario.plan(&argo_cd(&ground, ""));
        assert_eq!(plan.action(ADDRESS), Action::Nothing, "{plan}");
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&argo_cd(&ground, ""));
        scenario.disappears(ADDRESS, |aws| {
            assert!(aws.simulator()?.remove(&target()));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let twice = mapping("ADMIN", &["ann"]) + &mapping("ADMIN", &["bob"]);
        let settings = "  configuration {\n    ack {}\n  }\n";
        for (hcl, attribute, text) in [
            (capability(&ground, "FLUX", ROLE, ""), "type", "\"ACK\""),
            (
                capability(&ground, "KRO", "gitops", ""),
                "role_arn",
                "ARN of an IAM role",
            ),
            (
                capability(&ground, "KRO", ROLE, settings),
                "ack",
                "type \"ACK\"",
            ),
            (
                capability(&ground, "ARGOCD", ROLE, ""),
                "type",
                "idc_instance_arn",
            ),
            (argo_cd(&ground, &twice), "argo_cd", "\"ADMIN\""),
        ] {
            scenario.expect_plan_error(&hcl, attribute, text);
        }
    });
}

#[test]
fn a_new_role_and_a_lost_answer_are_waited_out() {
    const LAG: &str = "Role provided in the request does not exist.";
    let lag = Effect::Error {
        code: "InvalidParameterException".to_owned(),
        message: LAG.to_owned(),
        status: None,
    };
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        for effect in [lag.clone(), Effect::ResetAfter] {
            simulator.inject(Fault::next("CreateCapability", effect));
        }
        scenario.apply(&capability(&ground, "KRO", ROLE, ""));
        for effect in [lag.clone(), Effect::ResetAfter] {
            simulator.inject(Fault::next("UpdateCapability", effect));
        }
        let hcl = capability(&ground, "KRO", OTHER_ROLE, "");
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
    });
}

#[test]
fn a_failed_creation_says_why_and_is_replaced() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let issue = Issue {
            code: "AccessDenied".to_owned(),
            message: "The role may not list buckets".to_owned(),
            resource_ids: Vec::new(),
        };
        let ending = Ending::Create {
            degraded: false,
            issues: vec![issue],
        };
        let simulator = scenario.aws.simulator().unwrap();
        simulator.plan_ending(target(), ending);
        let hcl = capability(&ground, "ACK", ROLE, "");
        let error = scenario.expect_apply_error(&hcl, "The role may not list buckets");
        assert!(error.says("AccessDenied"), "{error}");
        let plan = scenario.apply(&hcl);
        assert_eq!(plan.action(ADDRESS), Action::Replace, "{plan}");
    });
}

#[test]
fn a_failed_update_says_why() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&capability(&ground, "KRO", ROLE, ""));
        let errors = vec![UpdateError {
            error_code: "AccessDenied".to_owned(),
            error_message: "The role may not".to_owned(),
            resource_ids: Vec::new(),
        }];
        let simulator = scenario.aws.simulator().unwrap();
        simulator.plan_ending(target(), Ending::Update { errors });
        let hcl = capability(&ground, "KRO", OTHER_ROLE, "");
        scenario.expect_apply_error(&hcl, "The role may not");
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
    });
}

#[test]
fn one_that_is_there_is_an_error_with_the_way_out() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let theirs = json!({
            "capabilityName": "gitops", "type": "KRO", "roleArn": ROLE, "deletePropagationPolicy": "RETAIN",
        });
        let path = "/clusters/example/capabilities";
        scenario.aws.eks("POST", path, &theirs).unwrap();
        let hcl = capability(&ground, "KRO", ROLE, "");
        let error = scenario.expect_apply_error(&hcl, "import {");
        assert!(error.says("example,gitops"), "{error}");
        scenario.aws.eks("DELETE", PATH, &Value::Null).unwrap();
    });
}

#[test]
fn drift_is_mended() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = capability(&ground, "ACK", ROLE, "");
        scenario.apply(&hcl);
        let patch = json!({"configuration": {"ack": {"enableCrossNamespace": true}}});
        let simulator = scenario.aws.simulator().unwrap();
        assert!(simulator.modify(&target(), &patch));
        let plan = scenario.apply(&hcl);
        assert_eq!(plan.action(ADDRESS), Action::Update, "{plan}");
        let ack = describe(scenario)["configuration"]["ack"].take();
        assert_eq!(ack["enableCrossNamespace"], json!(false));
    });
}

#[test]
fn an_interrupted_creation_is_kept() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let is_making = || scenario.calls("DescribeCapability") > 0;
        let hcl = argo_cd(&ground, "");
        let run = scenario.apply_disturbed(&hcl, Disturbance::Interrupt, is_making);
        assert!(!run.succeeded(), "{run}");
        simulator.thaw();
        scenario.apply(&hcl);
        assert_eq!(scenario.calls("CreateCapability"), 1);
    });
}

#[test]
fn data_sources_tell_what_is_there() {
    const READ: &str = r#"
data "eks_capability" "this" {
  cluster_name    = eks_cluster.this.name
  capability_name = eks_capability.this.capability_name
  depends_on      = [eks_capability.this]
}

data "eks_capabilities" "this" {
  cluster_name = eks_cluster.this.name
  depends_on   = [eks_capability.this]
}
"#;
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let users = mapping("ADMIN", &["ann"]) + &network_access("vpce-0a");
        scenario.apply(&(argo_cd(&ground, &users) + READ));
        let state = scenario.state();
        let of = |address: &str, path: &str| state.attribute(address, path).unwrap().clone();
        let settings = "/configuration/0/argo_cd/0";
        for name in [
            "server_url",
            "rbac_role_mapping",
            "network_access",
            "aws_idc",
        ] {
            let path = format!("{settings}/{name}");
            assert_eq!(of("data.eks_capability.this", &path), of(ADDRESS, &path));
        }
        let all = "data.eks_capabilities.this";
        assert_eq!(of(all, "/names"), json!(["gitops"]));
        assert_eq!(of(all, "/capabilities/0/arn"), of(ADDRESS, "/arn"));
        assert_eq!(of(all, "/capabilities/0/type"), json!("ARGOCD"));
    });
}
