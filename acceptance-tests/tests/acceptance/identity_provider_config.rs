//! eks_identity_provider_config.

use acceptance_tests::{
    Action, Disturbance, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack,
};
use eks_simulator::{Effect, Ending, Fault, Kind, Target, UpdateError};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_identity_provider_config.this";
const ID: &str = "example:login";
const CONFIGS: &str = "/clusters/example/identity-provider-configs";
const ISSUER: &str = "https://login.example.com";

/// A cluster and its identity provider, with `more` in the block and `beside` it.
fn config(ground: &Prerequisites, issuer: &str, more: &str, beside: &str) -> String {
    stack::cluster("eks", ground, "")
        + &format!(
            r#"
resource "eks_identity_provider_config" "this" {{
  cluster_name = eks_cluster.this.name
{beside}
  oidc {{
    identity_provider_config_name = "login"
    issuer_url                    = "{issuer}"
    client_id                     = "kubernetes"
{more}  }}
}}
"#
        )
}

fn least(ground: &Prerequisites) -> String {
    config(ground, ISSUER, "", "")
}

fn describe(scenario: &Scenario) -> Value {
    let named = json!({ "identityProviderConfig": { "type": "oidc", "name": "login" } });
    let path = format!("{CONFIGS}/describe");
    let mut answer = scenario.aws.eks("POST", &path, &named).unwrap();
    answer["identityProviderConfig"]["oidc"].take()
}

fn target() -> Target {
    Target::object(Kind::IdentityProviderConfig, stack::CLUSTER_NAME, "login")
}

// Not on ministack, where without Docker a configuration is CREATING for ever.
#[test]
fn creates_and_imports() {
    let all = "    username_claim  = \"email\"
    username_prefix = \"-\"
    groups_claim    = \"groups\"
    groups_prefix   = \"oidc:\"
    required_claims = { hd = \"example.com\" }
";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&config(&ground, ISSUER, all, ""));
        for how in [Import::Block, Import::Command] {
            scenario.imports(how, ADDRESS, ID, &[]);
        }
    });
}

#[test]
fn changes_and_removes_tags_in_place() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&least(&ground));
        let tagged = config(&ground, ISSUER, "", "  tags = { team = \"a\" }\n");
        scenario.apply_expecting(Action::Update, ADDRESS, &tagged);
        assert_eq!(describe(scenario)["tags"], json!({ "team": "a" }));
        scenario.apply_expecting(Action::Update, ADDRESS, &least(&ground));
        assert_eq!(describe(scenario)["tags"], json!({}));
        assert_eq!(scenario.calls("AssociateIdentityProviderConfig"), 1);
    });
}

#[test]
fn another_issuer_or_a_removed_claim_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&config(
            &ground,
            ISSUER,
            "    groups_claim = \"groups\"\n",
            "",
        ));
        let other = config(&ground, "https://other.example.com/eks", "", "");
        for hcl in [least(&ground), other] {
            let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
            let paths = &plan.change(ADDRESS).unwrap().replace_paths;
            assert_eq!(paths.iter().collect::<Vec<_>>(), ["oidc"]);
        }
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&least(&ground));
        scenario.disappears(ADDRESS, |aws| {
            assert!(aws.simulator()?.remove(&target()));
            Ok(())
        });
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    let system = "    groups_prefix = \"system:\"\n";
    let claims = "    required_claims = { hd = \"\" }\n";
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        for (issuer, more, attribute, text) in [
            ("http://login.example.com", "", "issuer_url", "https://"),
            (
                "https://login.example.com?a=b",
                "",
                "issuer_url",
                "no query",
            ),
            (ISSUER, system, "groups_prefix", "system:"),
            (ISSUER, claims, "required_claims", "1 to 253"),
        ] {
            let hcl = config(&ground, issuer, more, "");
            scenario.expect_plan_error(&hcl, attribute, text);
        }
    });
}

// EKS makes one update of a cluster at a time, and hashicorp/aws fails on the second (elastic/cloudbeat#3093).
#[test]
fn waits_for_an_update_of_the_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let cluster = stack::cluster("eks", &ground, "");
        scenario.apply(&cluster);
        let simulator = scenario.aws.simulator().unwrap();
        for (operation, hcl) in [
            ("AssociateIdentityProviderConfig", least(&ground)),
            ("DisassociateIdentityProviderConfig", cluster),
        ] {
            simulator.freeze();
            let running = Target::cluster(stack::CLUSTER_NAME);
            assert!(simulator.start_update(&running, json!({})).is_some());
            let is_waiting = || scenario.calls(operation) > 3;
            scenario.apply_while(&hcl, is_waiting, || simulator.thaw());
        }
    });
}

#[test]
fn an_association_that_fails_says_why() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let error = UpdateError {
            error_code: "Unknown".to_owned(),
            error_message: "The issuer does not answer".to_owned(),
            resource_ids: Vec::new(),
        };
        let ending = Ending::Update {
            errors: vec![error],
        };
        let simulator = scenario.aws.simulator().unwrap();
        simulator.plan_ending(Target::cluster(stack::CLUSTER_NAME), ending);
        scenario.expect_apply_error(&least(&ground), "The issuer does not answer");
        scenario.apply(&least(&ground));
    });
}

#[test]
fn one_that_is_there_is_an_error_with_its_name() {
    let theirs = json!({ "oidc": {
        "identityProviderConfigName": "theirs", "issuerUrl": ISSUER, "clientId": "theirs",
    }});
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let path = format!("{CONFIGS}/associate");
        scenario.aws.eks("POST", &path, &theirs).unwrap();
        let error = scenario.expect_apply_error(&least(&ground), "example:theirs");
        assert!(error.says("import {"), "{error}");
    });
}

#[test]
fn a_lost_answer_is_found_again() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let fault = Fault::next("AssociateIdentityProviderConfig", Effect::ResetAfter);
        scenario.aws.simulator().unwrap().inject(fault);
        scenario.apply(&least(&ground));
    });
}

#[test]
fn ctrl_c_during_create_keeps_it_in_state() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&stack::cluster("eks", &ground, ""));
        let simulator = scenario.aws.simulator().unwrap();
        simulator.freeze();
        let is_made = || scenario.calls("DescribeUpdate") > 0;
        let run = scenario.apply_disturbed(&least(&ground), Disturbance::Interrupt, is_made);
        assert!(!run.succeeded(), "{run}");
        assert!(!scenario.state().is_tainted(ADDRESS), "{run}");
        let is_waiting = || scenario.calls("DescribeIdentityProviderConfig") > 5;
        scenario.apply_while(&least(&ground), is_waiting, || simulator.thaw());
        assert_eq!(scenario.calls("AssociateIdentityProviderConfig"), 1);
    });
}
