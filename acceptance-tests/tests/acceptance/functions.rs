//! The functions, called by the real command line.

use acceptance_tests::{Feature, SimulatedAws, each_cli_with, stack};
use serde_json::json;

/// Functions of what is known at plan.
const PURE: &str = r#"
locals {
  versions = ["v1.9.2-eksbuild.1", "v1.18.3-eksbuild.10", "v1.18.3-eksbuild.2"]
}

output "newer" {
  value = [for version in local.versions : provider::eks::version_compare(version, "v1.18.3-eksbuild.2")]
}

output "annotations" {
  value = provider::eks::service_account_annotations("arn:aws:iam::123456789012:role/app")
}

output "irsa" {
  value = jsondecode(provider::eks::irsa_trust_policy(
    "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A", "default", "app",
  )).Statement[0].Principal.Federated
}

output "pod_identity" {
  value = jsondecode(provider::eks::pod_identity_trust_policy()).Statement[0].Principal.Service
}
"#;

/// Of the whole resource, of the data source, and of an object that has only what is needed.
const KUBECONFIG: &str = r#"
output "kubeconfig" {
  value = yamldecode(provider::eks::kubeconfig(eks_cluster.this))
}

data "eks_cluster" "this" {
  name = eks_cluster.this.id
}

locals {
  cluster = {
    name                  = eks_cluster.this.name
    arn                   = eks_cluster.this.arn
    endpoint              = eks_cluster.this.endpoint
    certificate_authority = [{ data = eks_cluster.this.certificate_authority[0].data }]
  }
}

output "different" {
  value = length(toset([
    provider::eks::kubeconfig(eks_cluster.this),
    provider::eks::kubeconfig(data.eks_cluster.this),
    provider::eks::kubeconfig(local.cluster),
  ]))
}
"#;

#[test]
fn compute_outputs() {
    each_cli_with(Feature::Functions, SimulatedAws::new, |scenario| {
        scenario.apply(PURE);
        let state = scenario.state();
        assert_eq!(state.output("newer"), Some(&json!([-1, 1, 0])));
        let annotations =
            json!({"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app"});
        assert_eq!(state.output("annotations"), Some(&annotations));
        let provider =
            "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A";
        assert_eq!(state.output("irsa"), Some(&json!(provider)));
        assert_eq!(
            state.output("pod_identity"),
            Some(&json!("pods.eks.amazonaws.com"))
        );
        assert_eq!(scenario.aws.eks_calls(), 0);
    });
}

#[test]
fn kubeconfig_takes_a_cluster() {
    each_cli_with(Feature::Functions, SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        scenario.apply(&(stack::cluster("eks", &ground, "") + KUBECONFIG));
        let state = scenario.state();
        let kubeconfig = state.output("kubeconfig").unwrap();
        let cluster = &kubeconfig["clusters"][0]["cluster"];
        let attribute = |name: &str| state.attribute("eks_cluster.this", name);
        assert_eq!(Some(&cluster["server"]), attribute("/endpoint"));
        assert_eq!(Some(&kubeconfig["current-context"]), attribute("/arn"));
        let args = kubeconfig["users"][0]["user"]["exec"]["args"]
            .as_array()
            .unwrap();
        assert!(
            args.contains(&json!("us-east-1")) && args.contains(&json!("example")),
            "{args:?}"
        );
        assert_eq!(state.output("different"), Some(&json!(1)));
    });
}

#[test]
fn blame_their_arguments() {
    each_cli_with(Feature::Functions, SimulatedAws::new, |scenario| {
        let hcl = "output \"wrong\" {\n  value = provider::eks::version_compare(\"1.33\", \"latest\")\n}\n";
        scenario.workspace.write("main.tf", hcl).unwrap();
        let run = scenario
            .workspace
            .run(&["plan", "-input=false", "-json"])
            .unwrap();
        scenario.workspace.write("main.tf", "").unwrap();
        let says = |text: &str| run.errors().iter().any(|error| error.says(text));
        assert!(says("\"b\" parameter") && says("got \"latest\""), "{run}");
    });
}
