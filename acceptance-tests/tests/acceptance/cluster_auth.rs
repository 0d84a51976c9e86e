//! eks_cluster_auth, ephemeral and read, and where its token turns up: only where it is used.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::process::Command;

use acceptance_tests::{
    Feature, Prerequisites, Scenario, SimulatedAws, each_cli, each_cli_with, stack,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A token as it begins, when an URL is in it.
const TOKEN: &str = "k8s-aws-v1.aHR0cHM";

/// A provider that gets in with an ephemeral token.
const PROVIDER: &str = r#"
ephemeral "eks_cluster_auth" "this" {
  name = eks_cluster.this.id
}

provider "kubernetes" {
  host                   = ephemeral.eks_cluster_auth.this.endpoint
  cluster_ca_certificate = ephemeral.eks_cluster_auth.this.cluster_ca_certificate
  token                  = ephemeral.eks_cluster_auth.this.token
}

data "kubernetes_server_version" "this" {
  depends_on = [eks_cluster.this]
}

output "version" {
  value = data.kubernetes_server_version.this.version
}
"#;

const READ: &str = r#"
data "eks_cluster_auth" "this" {
  name = eks_cluster.this.id
}
"#;

fn cluster(ground: &Prerequisites, more: &str) -> String {
    stack::cluster("eks", ground, "") + more
}

/// What is signed: the place and the parameters of the URL in a token.
fn signed(token: &str) -> (String, BTreeMap<String, String>) {
    let encoded = token.strip_prefix("k8s-aws-v1.").unwrap();
    let url = String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap();
    let (place, query) = url.split_once('?').unwrap();
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    (place.to_owned(), query.split('&').map(pair).collect())
}

/// What the provider of Kubernetes was configured with.
fn got(scenario: &Scenario) -> Value {
    let path = scenario.workspace.module().join("kubernetes.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_provider_gets_in_with_an_ephemeral_token() {
    each_cli_with(Feature::EphemeralResources, SimulatedAws::new, |scenario| {
        scenario.apply(&cluster(&scenario.aws.set_up().unwrap(), PROVIDER));
        let (got, state) = (got(scenario), scenario.state());
        let endpoint = state.attribute("eks_cluster.this", "/endpoint");
        assert_eq!(Some(&got["host"]), endpoint);
        let authority = state.attribute("eks_cluster.this", "/certificate_authority/0/data");
        let pem = got["cluster_ca_certificate"].as_str().unwrap();
        let encoded = base64::engine::general_purpose::STANDARD.encode(pem);
        assert_eq!(authority, Some(&json!(encoded)));
        let (place, parameters) = signed(got["token"].as_str().unwrap());
        assert_eq!(place, "https://sts.us-east-1.amazonaws.com/");
        assert_eq!(parameters["X-Amz-SignedHeaders"], "host%3Bx-k8s-aws-id");
        assert_eq!(state.output("version"), Some(&json!("1.33")));
    });
}

/// Neither in the state, nor in a plan, nor in a log that tells everything.
#[test]
fn an_ephemeral_token_is_kept_nowhere() {
    each_cli_with(Feature::EphemeralResources, SimulatedAws::new, |scenario| {
        let workspace = &scenario.workspace;
        let hcl = cluster(&scenario.aws.set_up().unwrap(), PROVIDER);
        scenario.apply(&hcl);
        let traced = |arguments: &[&str]| {
            let output = workspace.command(arguments).env("TF_LOG", "trace").output();
            let output = output.unwrap();
            assert!(output.status.success());
            let said = [output.stdout, output.stderr].concat();
            String::from_utf8_lossy(&said).into_owned()
        };
        let said = traced(&["plan", "-input=false", "-out=traced"])
            + &traced(&["show", "-json", "traced"])
            + &traced(&["apply", "-input=false", "traced"])
            + &fs::read_to_string(workspace.module().join("terraform.tfstate")).unwrap();
        assert!(said.contains("ephemeral.eks_cluster_auth.this"));
        let token = got(scenario)["token"].as_str().unwrap().to_owned();
        let (_, parameters) = signed(&token);
        assert!(token.starts_with(TOKEN));
        for secret in [TOKEN, &parameters["X-Amz-Signature"]] {
            let place = said
                .find(secret)
                .map(|place| &said[place.saturating_sub(300)..place]);
            assert_eq!(place, None, "a token has been written down");
        }
    });
}

#[test]
fn reads_a_token_for_older_command_lines() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&cluster(&ground, READ));
        let state = scenario.state();
        let attribute = |name: &str| state.attribute("data.eks_cluster_auth.this", name);
        assert_eq!(attribute("/id"), Some(&json!(stack::CLUSTER_NAME)));
        assert_eq!(attribute("/region"), Some(&json!("us-east-1")));
        let token = attribute("/token").unwrap().as_str().unwrap();
        assert!(token.starts_with(TOKEN), "{token}");
        let Some(theirs) = token_of_the_aws_cli(scenario) else {
            return println!("The AWS CLI is not installed.");
        };
        assert_eq!(timeless(token), timeless(&theirs));
    });
}

/// What is signed but time and signature, which the unit tests of the provider compare.
fn timeless(token: &str) -> (String, BTreeMap<String, String>) {
    let (place, mut parameters) = signed(token);
    parameters.remove("X-Amz-Date").unwrap();
    assert_eq!(parameters.remove("X-Amz-Signature").unwrap().len(), 64);
    (place, parameters)
}

/// The token that the AWS CLI makes with the same credentials; `None` where it is not installed.
fn token_of_the_aws_cli(scenario: &Scenario) -> Option<String> {
    let account = &scenario.aws.account;
    let arguments = ["eks", "get-token", "--cluster-name", stack::CLUSTER_NAME];
    let mut command = Command::new("aws");
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    let command = command
        .args(arguments)
        .env("AWS_DEFAULT_REGION", &account.region)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_ACCESS_KEY_ID", &account.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &account.secret_access_key)
        .env("AWS_SESSION_TOKEN", &account.session_token);
    let output = command.output().ok()?;
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some(answer["status"]["token"].as_str().unwrap().to_owned())
}
