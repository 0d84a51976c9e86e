//! The examples that the documentation shows: each can be planned as it is.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::{Feature, Scenario, SimulatedAws, each_cli, each_cli_with, stack};
use serde_json::Value;

use crate::access_entry::cluster;

/// The folder of the examples of one kind.
fn folder(kind: &str) -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    examples.join(kind)
}

/// Whether it is a configuration that stands by itself.
fn is_whole(file: &Path) -> bool {
    file.extension().is_some_and(|it| it == "tf") && !file.ends_with("import.tf")
}

/// Plans each beside what is there already.
fn plan_each(scenario: &Scenario, kind: &str, there: &str) {
    let mut examples = files(&folder(kind));
    examples.retain(|file| is_whole(file));
    assert!(!examples.is_empty());
    for example in examples {
        let example = fs::read_to_string(example).unwrap();
        scenario.plan(&format!("{there}{example}"));
    }
    scenario.workspace.write("main.tf", there).unwrap();
}

/// The access entry that the examples read.
const ENTRY: &str = r#"
resource "eks_access_entry" "there" {
  cluster_name  = eks_cluster.this.name
  principal_arn = "arn:aws:iam::123456789012:role/example"
}
"#;

/// The add-on that the examples read.
const ADDON: &str = r#"
resource "eks_addon" "there" {
  cluster_name = eks_cluster.this.name
  addon_name   = "vpc-cni"
}
"#;

/// Makes what the examples read.
fn prepare(scenario: &Scenario) -> String {
    let ground = scenario.aws.set_up().unwrap();
    let scaling = stack::scaling(1, 1, 2);
    let there = cluster(&ground, "API")
        + ENTRY
        + &stack::node_group("eks", &ground, "application", &scaling)
        + &stack::fargate_profile("eks", &ground, "batch")
        + ARGO_CD
        + ADDON;
    scenario.apply(&there);
    there
}

const ARGO_CD: &str = r#"
resource "eks_capability" "argo_cd" {
  cluster_name              = eks_cluster.this.name
  capability_name           = "argocd"
  type                      = "ARGOCD"
  role_arn                  = "arn:aws:iam::123456789012:role/argocd"
  delete_propagation_policy = "RETAIN"

  configuration {
    argo_cd {
      aws_idc {
        idc_instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
      }
    }
  }
}
"#;

#[test]
fn of_resources_can_be_planned() {
    each_cli(SimulatedAws::new, |scenario| {
        plan_each(scenario, "resources", "");
    });
}

/// What is imported is not there, which is all that may be wrong: the address is one that the page shows.
#[test]
fn of_imports_are_of_resources_shown_with_them() {
    each_cli(SimulatedAws::new, |scenario| {
        for example in fs::read_dir(folder("resources")).unwrap() {
            let example = example.unwrap().path();
            let text = |file| fs::read_to_string(example.join(file)).unwrap();
            let import = text("import.tf");
            let hcl = text("resource.tf") + &import;
            scenario.workspace.write("main.tf", &hcl).unwrap();
            let plan = ["plan", "-input=false", "-json"];
            let errors = scenario.workspace.run(&plan).unwrap().errors();
            let missing = "Cannot import non-existent remote object";
            let wrong = errors.iter().find(|error| error.summary != missing);
            assert_eq!(wrong, None, "{}", example.display());
            let (_, to) = import.split_once("to = ").unwrap();
            let command = format!("terraform import {} ", to.lines().next().unwrap());
            assert!(text("import.sh").contains(&command), "{command}");
        }
        scenario.workspace.write("main.tf", "").unwrap();
    });
}

/// A cluster of a version in extended support costs six times as much, and the examples are copied.
#[test]
fn name_versions_of_kubernetes_in_standard_support() {
    let aws = SimulatedAws::new().unwrap();
    let path = "/cluster-versions?versionStatus=STANDARD_SUPPORT";
    let answer = aws.eks("GET", path, &Value::Null).unwrap();
    let versions = answer["clusterVersions"].as_array().unwrap().iter();
    let supported: Vec<_> = versions
        .map(|it| it["clusterVersion"].as_str().unwrap())
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = vec![root.join("README.md")];
    texts.extend(
        ["examples", "docs/guides"]
            .iter()
            .flat_map(|folder| files(&root.join(folder))),
    );
    let mut count = 0;
    for file in texts {
        for version in kubernetes_versions(&fs::read_to_string(&file).unwrap()) {
            assert!(
                supported.contains(&version),
                "{version} in {}",
                file.display()
            );
            count += 1;
        }
    }
    assert!(count > 5, "{count}");
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The versions of Kubernetes in a text: strings such as `"1.35"`.
fn kubernetes_versions(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').filter(|word| {
        let minor = word.strip_prefix("1.");
        minor.is_some_and(|it| it.len() == 2 && it.bytes().all(|b| b.is_ascii_digit()))
    })
}

#[test]
fn of_data_sources_can_be_planned() {
    each_cli(SimulatedAws::new, |scenario| {
        let there = prepare(scenario);
        plan_each(scenario, "data-sources", &there);
    });
}

#[test]
fn of_ephemeral_resources_can_be_planned() {
    each_cli_with(Feature::EphemeralResources, SimulatedAws::new, |scenario| {
        let there = prepare(scenario);
        plan_each(scenario, "ephemeral-resources", &there);
    });
}

#[test]
fn of_functions_can_be_planned() {
    each_cli_with(Feature::Functions, SimulatedAws::new, |scenario| {
        plan_each(scenario, "functions", "");
    });
}

/// The configurations that a guide shows, one after the other.
fn shown(guide: &str) -> impl Iterator<Item = &str> {
    let begun = guide.split("```terraform\n").skip(1);
    begun.filter_map(|begun| begun.split("\n```").next())
}

#[test]
fn of_guides_can_be_planned() {
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides");
    each_cli_with(Feature::EphemeralResources, SimulatedAws::new, |scenario| {
        let there = prepare(scenario);
        let mut count = 0;
        for guide in fs::read_dir(&guides).unwrap() {
            let guide = fs::read_to_string(guide.unwrap().path()).unwrap();
            let guide = guide.replace("\"production\"", &format!("{:?}", stack::CLUSTER_NAME));
            for example in shown(&guide) {
                scenario.plan(&format!("{there}{example}"));
                count += 1;
            }
        }
        assert!(count > 5, "{count}");
        scenario.workspace.write("main.tf", &there).unwrap();
    });
}
