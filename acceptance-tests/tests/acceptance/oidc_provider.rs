//! eks_oidc_provider, on moto's IAM and on ministack's.

use acceptance_tests::{Action, Import, Prerequisites, Scenario, SimulatedAws, each_cli, stack};
use serde_json::{Value, json};

const ADDRESS: &str = "eks_oidc_provider.this";
const URL: &str = "https://oidc.eks.us-east-1.amazonaws.com/id/ABC";
const THUMBPRINT: &str = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";

/// A cluster and its provider.
fn of_cluster(ground: &Prerequisites) -> String {
    stack::cluster("eks", ground, "")
        + "\nresource \"eks_oidc_provider\" \"this\" {\n  cluster_name = eks_cluster.this.name\n}\n"
}

/// The provider of an issuer, with `more` arguments.
fn of_url(url: &str, more: &str) -> String {
    format!("resource \"eks_oidc_provider\" \"this\" {{\n  url = \"{url}\"\n{more}}}\n")
}

fn arn(scenario: &Scenario) -> String {
    let state = scenario.state();
    let arn = state.attribute(ADDRESS, "/arn").and_then(Value::as_str);
    arn.unwrap().to_owned()
}

#[test]
fn creates_with_the_issuer_of_the_cluster() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&of_cluster(&ground));
        let state = scenario.state();
        let issuer = state.attribute("eks_cluster.this", "/identity/0/oidc/0/issuer");
        assert_eq!(state.attribute(ADDRESS, "/url"), issuer);
        assert_eq!(
            state.attribute(ADDRESS, "/client_id_list"),
            Some(&json!(["sts.amazonaws.com"]))
        );
    });
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
    let more = format!("  thumbprint_list = [\"{THUMBPRINT}\"]\n  tags = {{ a = \"b\" }}\n");
    scenario.apply(&of_url(URL, &more));
    for how in [Import::Block, Import::Command] {
        scenario.imports(how, ADDRESS, &arn(scenario), &[]);
    }
}

// Not client ids: neither moto nor ministack has AddClientIDToOpenIDConnectProvider.
#[test]
fn updates_in_place_and_removes_tags_when_unset() {
    let thumbprints = format!("  thumbprint_list = [\"{THUMBPRINT}\"]\n");
    each_cli(SimulatedAws::new, |scenario| {
        scenario.apply(&of_url(URL, ""));
        for more in [&thumbprints, "  tags = { a = \"b\" }\n", ""] {
            scenario.apply_expecting(Action::Update, ADDRESS, &of_url(URL, more));
        }
        let of = [("OpenIDConnectProviderArn", arn(scenario))];
        let of = of.each_ref().map(|(name, arn)| (*name, arn.as_str()));
        let described = scenario
            .aws
            .account
            .iam("GetOpenIDConnectProvider", &of)
            .unwrap();
        assert!(described.contains(THUMBPRINT), "{described}");
        assert!(!described.contains("<Key>a</Key>"), "{described}");
    });
}

#[test]
fn another_issuer_replaces_it() {
    each_cli(SimulatedAws::new, |scenario| {
        scenario.apply(&of_url(URL, ""));
        let hcl = of_url("https://oidc.eks.us-east-1.amazonaws.com/id/DEF", "");
        let plan = scenario.apply_expecting(Action::Replace, ADDRESS, &hcl);
        let paths = &plan.change(ADDRESS).unwrap().replace_paths;
        assert_eq!(paths.iter().collect::<Vec<_>>(), ["url"]);
    });
}

#[test]
fn is_made_again_when_it_disappears() {
    each_cli(SimulatedAws::new, |scenario| {
        scenario.apply(&of_url(URL, ""));
        let arn = arn(scenario);
        scenario.disappears(ADDRESS, |aws| {
            let of = [("OpenIDConnectProviderArn", arn.as_str())];
            aws.account
                .iam("DeleteOpenIDConnectProvider", &of)
                .map(drop)
        });
    });
}

#[test]
fn one_that_is_there_is_an_error_unless_it_is_adopted() {
    each_cli(SimulatedAws::new, |scenario| {
        let theirs = [("Url", URL), ("ClientIDList.member.1", "sts.amazonaws.com")];
        scenario
            .aws
            .account
            .iam("CreateOpenIDConnectProvider", &theirs)
            .unwrap();
        let error = scenario.expect_apply_error(&of_url(URL, ""), "adopt_existing = true");
        assert!(error.says("import {"), "{error}");
        let more = "  adopt_existing = true\n  tags = { a = \"b\" }\n";
        scenario.apply(&of_url(URL, more));
    });
}

#[test]
fn bad_input_is_an_error_at_plan() {
    each_cli(SimulatedAws::new, |scenario| {
        for (hcl, attribute, text) in [
            (of_url("http://a", ""), "url", "https://"),
            (
                of_url(URL, "  cluster_name = \"example\"\n"),
                "url",
                "exclude each other",
            ),
            (
                of_url(URL, "  thumbprint_list = [\"x\"]\n"),
                "thumbprint_list",
                "40 hexadecimal digits",
            ),
        ] {
            scenario.expect_plan_error(&hcl, attribute, text);
        }
    });
}
