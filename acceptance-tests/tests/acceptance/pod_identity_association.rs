//! eks_pod_identity_association.

use acceptance_tests::{Action, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack};
use eks_simulator::{Effect, Fault, Kind, Target};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_pod_identity_association.this";

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
const OTHER_ROLE: &str = "arn:aws:iam::123456789012:role/writer";

/// A cluster, and the association of a service account with `more` arguments.
fn association(ground: &Prerequisites, service_account: &str, role: &str, more: &str) -> String {
    stack::cluster("eks", ground, "")
        + &format!(
            r#"
resource "eks_pod_identity_association" "this" {{
  cluster_name    = eks_cluster.this.name
  namespace       = "shop"
  service_account = "{service_account}"
  role_arn        = "{role}"
{more}}}
"#
        )
}

fn id(scenario: &Scenario) -> String {
    let state = scenario.state();
    let id = state.attribute(ADDRESS, "/association_id");
    id.and_then(Value::as_str).unwrap().to_owned()
}

fn describe(scenario: &Scenario) -> Value {
    let path = format!(
        "/clusters/example/pod-identity-associations/{}",
        id(scenario)
    );
    scenario.aws.eks("GET", &path, &Value::Null).unwrap()["association"].take()
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, creates_and_imports_with);
}

#[test]
fn creates_and_imports_on_ministack() {
    each_cli(SimulatedAws::with_ministack, creates_and_imports_with);
}

fn creates_and_imports_with(scenario: &Scenario) {
    let ground = scenario.aws.set_up().unwrap();
    scenario.apply(&association(&ground, "cart", ROLE, ""));
    let id = format!("example,{}", id(scenario));
    for how in [Import::Block, Import::Command] {
        scenario.imports(how, ADDRESS, &id, &[]);
    }
}

#[test]
fn updates_in_place() {
    const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": []}"#;
    let restricted =
        format!("  disable_session_tags = true\n  policy               = {POLICY:?}\n");
    let target = format!("  target_role_arn = \"{OTHER_ROLE}\"\n");
    let tags = "  tags = { team = \"shop\" }\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, "cart", ROLE, ""));
        for (role, more) in [
            (OTHER_ROLE, ""),
            (ROLE, &restricted),
            (ROLE, &target),
            (ROLE, tags),
        ] {
            let hcl = association(&ground, "cart", role, more);
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
            let change = plan.change(ADDRESS).unwrap();
            assert!(!change.changed.contains_key("association_arn"), "{plan}");
        }
    });
}

// ministack's UpdatePodIdentityAssociation passes over an empty policy or target role instead of removing it, and its
// TagResource refuses the ARNs of associations. So roles are all that can change there.
#[test]
fn roles_change_in_place_on_ministack() {
    let target = format!("  target_role_arn = \"{OTHER_ROLE}\"\n");
    each_cli(SimulatedAws::with_ministack, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, "cart", ROLE, ""));
        for (role, more) in [(OTHER_ROLE, ""), (ROLE, target.as_str())] {
            let hcl = association(&ground, "cart", role, more);
            scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
        }
    });
}

#[test]
fn removes_policy_target_role_and_tags_when_unset() {
    let all = format!(
        "  disable_session_tags = true\n  policy = \"{{}}\"\n  target_role_arn = \"{OTHER_ROLE}\"\n  tags = {{ a = \"b\" }}\n"
    );
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, "cart", ROLE, &all));
        assert_eq!(describe(scenario)["policy"], json!("{}"));
        scenario.apply_expecting(
            Action::Update,
            ADDRESS,
            &association(&ground, "cart", ROLE, ""),
        );
        let described = describe(scenario);
        for gone in ["policy", "targetRoleArn", "externalId"] {
            assert!(
                described.get(gone).is_none_or(Value::is_null),
                "{described}"
            );
        }
        assert_eq!(described["disableSessionTags"], json!(false));
        assert_eq!(described["tags"], json!({}));
    });
}

#[test]
fn another_service_account_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, "cart", ROLE, ""));
        let hcl = association(&ground, "checkout", ROLE, "");
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["service_account"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, "cart", ROLE, ""));
        let id = id(scenario);
        scenario.disappears(ADDRESS, |aws| {
            let target = Target::object(Kind::PodIdentityAssociation, stack::CLUSTER_NAME, &id);
            assert!(aws.simulator()?.remove(&target));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    let policy = "  policy = \"{}\"\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (service_account, role, more, attribute, text) in [
            ("", ROLE, "", "service_account", "1 to 253 characters"),
            ("cart", "reader", "", "role_arn", "ARN of an IAM role"),
            (
                "cart",
                ROLE,
                policy,
                "policy",
                "disable_session_tags = true",
            ),
        ] {
            let hcl = association(&ground, service_account, role, more);
            scenario.expect_plan_error(&hcl, attribute, text);
        }
    });
}

#[test]
fn one_that_is_there_is_an_error_unless_it_is_adopted() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let theirs = json!({"namespace": "shop", "serviceAccount": "cart", "roleArn": OTHER_ROLE});
        let path = "/clusters/example/pod-identity-associations";
        scenario.aws.eks("POST", path, &theirs).unwrap();
        let hcl = association(&ground, "cart", ROLE, "");
        let error = scenario.expect_apply_error(&hcl, "set adopt_existing = true");
        assert!(error.says("import {"), "{error}");
        let hcl = association(&ground, "cart", ROLE, "  adopt_existing = true\n");
        scenario.apply(&hcl);
        assert_eq!(describe(scenario)["roleArn"], json!(ROLE));
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
            simulator.inject(Fault::next("CreatePodIdentityAssociation", effect));
        }
        scenario.apply(&association(&ground, "cart", ROLE, ""));
    });
}
