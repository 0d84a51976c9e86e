//! eks_access_policy_association.

use acceptance_tests::{Action, Import, Prerequisites, Scenario, SimulatedAws, each_cli};
use eks_simulator::{Effect, Fault};
use serde_json::{Value, json};

use crate::access_entry::cluster;

const ADDRESS: &str = "eks_access_policy_association.this";

const ROLE: &str = "arn:aws:iam::123456789012:role/admin";
const POLICIES: &str = "/clusters/example/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fadmin/access-policies";
const VIEW: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const EDIT: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const WHOLE: &str = "type = \"cluster\"";

/// A cluster, and the entry of a role; with a user name, because ministack makes none up.
fn entry(ground: &Prerequisites) -> String {
    cluster(ground, "API_AND_CONFIG_MAP")
        + &format!(
            r#"
resource "eks_access_entry" "this" {{
  cluster_name  = eks_cluster.this.name
  principal_arn = "{ROLE}"
  user_name     = "admin"
}}
"#
        )
}

/// A cluster, the entry of a role, and a policy of it.
fn association(ground: &Prerequisites, policy: &str, scope: &str) -> String {
    entry(ground)
        + &format!(
            r#"
resource "eks_access_policy_association" "this" {{
  cluster_name  = eks_access_entry.this.cluster_name
  principal_arn = eks_access_entry.this.principal_arn
  policy_arn    = "{policy}"

  access_scope {{
    {scope}
  }}
}}
"#
        )
}

fn associate(scenario: &Scenario, policy: &str) {
    let body = json!({"policyArn": policy, "accessScope": {"type": "cluster"}});
    scenario.aws.eks("POST", POLICIES, &body).unwrap();
}

fn associated(scenario: &Scenario) -> Value {
    let mut listed = scenario.aws.eks("GET", POLICIES, &Value::Null).unwrap();
    listed["associatedAccessPolicies"].take()
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
    scenario.apply(&association(&ground, VIEW, WHOLE));
    for how in [Import::Block, Import::Command] {
        scenario.imports(how, ADDRESS, &format!("example#{ROLE}#{VIEW}"), &[]);
    }
}

#[test]
fn another_scope_is_a_change_in_place() {
    each_cli(SimulatedAws::new, changes_its_scope_with);
}

#[test]
fn another_scope_is_a_change_in_place_on_ministack() {
    each_cli(SimulatedAws::with_ministack, changes_its_scope_with);
}

fn changes_its_scope_with(scenario: &Scenario) {
    let ground = scenario.aws.set_up().unwrap();
    scenario.apply(&association(&ground, VIEW, WHOLE));
    for scope in [
        "type = \"namespace\"\n    namespaces = [\"shop\", \"dev-*\"]",
        "type = \"namespace\"\n    namespaces = [\"shop\"]",
        WHOLE,
    ] {
        let hcl = association(&ground, VIEW, scope);
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
    }
    assert_eq!(
        associated(scenario)[0]["accessScope"],
        json!({"type": "cluster", "namespaces": []})
    );
}

#[test]
fn another_policy_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, VIEW, WHOLE));
        let hcl = association(&ground, EDIT, WHOLE);
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["policy_arn"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&association(&ground, VIEW, WHOLE));
        scenario.disappears(ADDRESS, |aws| {
            let path = format!(
                "{POLICIES}/arn%3Aaws%3Aeks%3A%3Aaws%3Acluster-access-policy%2FAmazonEKSViewPolicy"
            );
            aws.eks("DELETE", &path, &Value::Null).map(drop)
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    const IAM: &str = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
    const TYPO: &str = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSVeiwPolicy";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (policy, scope, attribute, text) in [
            (IAM, WHOLE, "policy_arn", "permits nothing in Kubernetes"),
            (TYPO, WHOLE, "policy_arn", VIEW),
            (VIEW, "type = \"pod\"", "type", "\"cluster\", \"namespace\""),
            (
                VIEW,
                "type = \"namespace\"",
                "access_scope",
                "needs namespaces",
            ),
            (
                VIEW,
                "type = \"cluster\"\n    namespaces = [\"a\"]",
                "namespaces",
                "the whole cluster",
            ),
        ] {
            let hcl = association(&ground, policy, scope);
            scenario.expect_plan_error(&hcl, attribute, text);
        }
    });
}

/// AWS would change its scope without a word.
#[test]
fn one_that_is_there_is_not_overwritten() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&entry(&ground));
        associate(scenario, VIEW);
        let scope = "type = \"namespace\"\n    namespaces = [\"shop\"]";
        let hcl = association(&ground, VIEW, scope);
        let id = format!("id = \"example#{ROLE}#{VIEW}\"");
        scenario.expect_apply_error(&hcl, &id);
        assert_eq!(
            associated(scenario)[0]["accessScope"]["type"],
            json!("cluster")
        );
    });
}

#[test]
fn a_new_entry_and_a_lost_answer_are_waited_out() {
    let missing = Effect::Error {
        code: "ResourceNotFoundException".to_owned(),
        message: "The specified principalArn could not be found.".to_owned(),
        status: Some(404),
    };
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        for effect in [missing.clone(), Effect::ResetAfter] {
            simulator.inject(Fault::next("AssociateAccessPolicy", effect));
        }
        scenario.apply(&association(&ground, VIEW, WHOLE));
    });
}
