//! eks_access_entry.

use acceptance_tests::{Action, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack};
use eks_simulator::{Effect, Fault, Kind, Target};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_access_entry.this";

const ROLE: &str = "arn:aws:iam::123456789012:role/team/admin";
const ENTRY: &str =
    "/clusters/example/access-entries/arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fadmin";

/// A cluster that takes access entries, and others.
pub fn cluster(ground: &Prerequisites, mode: &str) -> String {
    let access = format!("  access_config {{\n    authentication_mode = \"{mode}\"\n  }}\n");
    stack::cluster("eks", ground, &access)
}

/// The cluster, and the entry of a principal with `more` arguments.
fn entry(ground: &Prerequisites, principal: &str, more: &str) -> String {
    cluster(ground, "API")
        + &format!(
            r#"
resource "eks_access_entry" "this" {{
  cluster_name  = eks_cluster.this.name
  principal_arn = "{principal}"
{more}}}
"#
        )
}

/// A policy of the entry; without namespaces in the whole cluster.
fn policy(name: &str, namespaces: &[&str]) -> String {
    let scope = match namespaces {
        [] => "type = \"cluster\"".to_owned(),
        some => format!("type = \"namespace\", namespaces = {some:?}"),
    };
    format!(
        "{{ policy_arn = \"arn:aws:eks::aws:cluster-access-policy/{name}\", access_scope = {{ {scope} }} }}"
    )
}

fn policies(policies: &[String]) -> String {
    format!("  access_policies = [{}]\n", policies.join(", "))
}

fn describe(scenario: &Scenario) -> Value {
    scenario.aws.eks("GET", ENTRY, &Value::Null).unwrap()["accessEntry"].take()
}

/// Names and scopes of the policies that AWS has.
fn associated(scenario: &Scenario) -> Vec<(String, Value)> {
    let path = format!("{ENTRY}/access-policies");
    let mut listed = scenario.aws.eks("GET", &path, &Value::Null).unwrap();
    let listed = listed["associatedAccessPolicies"].take();
    let name = |it: &Value| {
        it["policyArn"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    let scope = |it: &Value| it["accessScope"]["namespaces"].clone();
    listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (name(it), scope(it)))
        .collect()
}

#[test]
fn creates_and_imports() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&entry(&ground, ROLE, ""));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, &format!("example:{ROLE}"), &[]);
        }
    });
}

// ministack answers an entry that has no user name with an empty one; EKS makes one up of the principal.
#[test]
fn creates_imports_and_updates_on_ministack() {
    let ann = "  user_name = \"ann\"\n";
    let groups = format!("{ann}  kubernetes_groups = [\"viewers\"]\n");
    let view = policies(&[policy("AmazonEKSViewPolicy", &["shop"])]);
    each_cli(SimulatedAws::with_ministack, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&entry(&ground, ROLE, ann));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, &format!("example:{ROLE}"), &[]);
        }
        for more in [groups.clone(), format!("{groups}{view}")] {
            let hcl = entry(&ground, ROLE, &more);
            scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
        }
    });
}

#[test]
fn updates_in_place() {
    const VIEW: &str = "AmazonEKSViewPolicy";
    let (view, edit) = (policy(VIEW, &[]), policy("AmazonEKSEditPolicy", &["dev-*"]));
    let scoped = policy(VIEW, &["shop"]);
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&entry(&ground, ROLE, ""));
        for more in [
            "  kubernetes_groups = [\"developers\"]\n",
            "  user_name = \"team:{{SessionName}}\"\n",
            "  tags = { team = \"shop\" }\n",
            &policies(&[view.clone(), edit.clone()]),
            &policies(std::slice::from_ref(&scoped)),
        ] {
            let hcl = entry(&ground, ROLE, more);
            let plan = scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
            let change = plan.change(ADDRESS).unwrap();
            assert!(!change.changed.contains_key("access_entry_arn"), "{plan}");
        }
        assert_eq!(associated(scenario), [(VIEW.to_owned(), json!(["shop"]))]);
    });
}

#[test]
fn removes_groups_user_name_and_tags_when_unset() {
    let all = "  kubernetes_groups = [\"a\"]\n  user_name = \"ann\"\n  tags = { a = \"b\" }\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&entry(&ground, ROLE, all));
        assert_eq!(describe(scenario)["username"], json!("ann"));
        let hcl = entry(&ground, ROLE, "");
        scenario.apply_expecting(Action::Update, ADDRESS, &hcl);
        let described = describe(scenario);
        assert_eq!(described["kubernetesGroups"], json!([]));
        let default = "arn:aws:sts::123456789012:assumed-role/admin/{{SessionName}}";
        assert_eq!(described["username"], json!(default));
        assert_eq!(described["tags"], json!({}));
    });
}

#[test]
fn policies_are_taken_off_when_empty_and_left_when_unset() {
    let view = policies(&[policy("AmazonEKSViewPolicy", &[])]);
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&entry(&ground, ROLE, &view));
        scenario.apply_expecting(Action::Update, ADDRESS, &entry(&ground, ROLE, ""));
        assert_eq!(associated(scenario).len(), 1);
        let none = entry(&ground, ROLE, &policies(&[]));
        scenario.apply_expecting(Action::Update, ADDRESS, &none);
        assert_eq!(associated(scenario), []);
    });
}

#[test]
fn another_type_or_principal_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let role = &ground.node_role_arn;
        scenario.apply(&entry(&ground, ROLE, ""));
        for (principal, more, path) in [
            (role.as_str(), "", "principal_arn"),
            (role.as_str(), "  type = \"EC2_LINUX\"\n", "type"),
        ] {
            let hcl = entry(&ground, principal, more);
            let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
            let paths = &plan.change(ADDRESS).unwrap().replace_paths;
            assert_eq!(paths.iter().collect::<Vec<_>>(), [path]);
        }
        let state = scenario.state();
        let groups = state.attribute(ADDRESS, "/kubernetes_groups");
        assert_eq!(groups, Some(&json!(["system:nodes"])));
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let view = policies(&[policy("AmazonEKSViewPolicy", &[])]);
        scenario.apply(&entry(&ground, ROLE, &view));
        scenario.disappears(ADDRESS, |aws| {
            let target = Target::object(Kind::AccessEntry, stack::CLUSTER_NAME, ROLE);
            assert!(aws.simulator()?.remove(&target));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/admin/ann";
    let node = "  type = \"EC2_LINUX\"\n";
    let typo = policies(&[policy("AmazonEKSVeiwPolicy", &[])]);
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (principal, more, attribute, text) in [
            (
                SESSION,
                "",
                "principal_arn",
                "arn:aws:iam::123456789012:role/admin",
            ),
            (ROLE, "  type = \"ec2\"\n", "type", "HYPERPOD_LINUX"),
            (
                ROLE,
                &format!("{node}  kubernetes_groups = [\"a\"]\n"),
                "kubernetes_groups",
                "STANDARD",
            ),
            (
                ROLE,
                &format!("{node}  user_name = \"ann\"\n"),
                "user_name",
                "STANDARD",
            ),
            (
                ROLE,
                "  user_name = \"system:ann\"\n",
                "user_name",
                "AWS reserves",
            ),
            (ROLE, &typo, "access_policies", "AmazonEKSViewPolicy"),
        ] {
            scenario.expect_plan_error(&entry(&ground, principal, more), attribute, text);
        }
    });
}

#[test]
fn the_entry_of_the_creator_is_an_error_unless_it_is_adopted() {
    let groups = "  kubernetes_groups = [\"admins\"]\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, "API"));
        let theirs = json!({"principalArn": ROLE, "kubernetesGroups": ["theirs"]});
        let path = "/clusters/example/access-entries";
        scenario.aws.eks("POST", path, &theirs).unwrap();
        let hcl = entry(&ground, ROLE, groups);
        let error = scenario.expect_apply_error(&hcl, "set adopt_existing = true");
        assert!(error.says("import {"), "{error}");
        let more = format!("{groups}  adopt_existing = true\n")
            + &policies(&[policy("AmazonEKSViewPolicy", &[])]);
        scenario.apply(&entry(&ground, ROLE, &more));
        assert_eq!(describe(scenario)["kubernetesGroups"], json!(["admins"]));
        assert_eq!(associated(scenario).len(), 1);
    });
}

#[test]
fn a_cluster_without_access_entries_says_what_to_change() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let cluster = cluster(&ground, "CONFIG_MAP");
        scenario.apply(&cluster);
        let remedy = "authentication_mode = \"API_AND_CONFIG_MAP\"";
        let planned = entry(&ground, ROLE, "").replace("\"API\"", "\"CONFIG_MAP\"");
        scenario.expect_plan_error(&planned, "cluster_name", remedy);
        // By its name alone, nobody knows at plan what the cluster will be.
        let named = planned.replace("eks_cluster.this.name", "\"example\"");
        let error = scenario.expect_apply_error(&named, remedy);
        assert!(error.says("CreateAccessEntry"), "{error}");
        scenario.apply(&cluster);
    });
}

/// Somebody else's association shows in the plan, with a warning.
#[test]
fn policies_of_others_are_taken_off_with_a_warning() {
    let view = policies(&[policy("AmazonEKSViewPolicy", &[])]);
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = entry(&ground, ROLE, &view);
        scenario.apply(&hcl);
        let theirs = json!({
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
            "accessScope": {"type": "cluster"},
        });
        let path = format!("{ENTRY}/access-policies");
        scenario.aws.eks("POST", &path, &theirs).unwrap();
        let plan = scenario.plan(&hcl);
        assert_eq!(plan.action(ADDRESS), Action::Update, "{plan}");
        scenario.apply(&hcl);
        assert_eq!(
            associated(scenario),
            [("AmazonEKSViewPolicy".to_owned(), json!([]))]
        );
    });
}

#[test]
fn a_new_principal_and_lost_answers_are_waited_out() {
    let error = |code: &str, message: &str, status| Effect::Error {
        code: code.to_owned(),
        message: message.to_owned(),
        status,
    };
    let unknown = "The specified principalArn is invalid: invalid principal.";
    let unknown = error("InvalidParameterException", unknown, None);
    let missing = "The specified principalArn could not be found.";
    let missing = error("ResourceNotFoundException", missing, Some(404));
    let view = policies(&[policy("AmazonEKSViewPolicy", &[])]);
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        for effect in [unknown.clone(), Effect::ResetAfter] {
            simulator.inject(Fault::next("CreateAccessEntry", effect));
        }
        simulator.inject(Fault::next("AssociateAccessPolicy", missing.clone()));
        scenario.apply(&entry(&ground, ROLE, &view));
    });
}

/// One request a refresh, and a second one for policies only where they are managed.
#[test]
fn a_refresh_is_one_request() {
    let view = policies(&[policy("AmazonEKSViewPolicy", &[])]);
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let simulator = scenario.aws.simulator().unwrap();
        for (more, requests) in [
            ("", &["DescribeAccessEntry"][..]),
            (
                &view,
                &["DescribeAccessEntry", "ListAssociatedAccessPolicies"],
            ),
        ] {
            scenario.apply(&entry(&ground, ROLE, more));
            simulator.clear_log();
            scenario.refresh();
            let called = simulator.operations();
            let called = called.iter().filter(|it| it.contains("Access"));
            assert_eq!(called.collect::<Vec<_>>(), requests);
        }
    });
}
