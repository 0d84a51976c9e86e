//! The example provider of tfplugin-rs, `proto/examples/toy.rs`, with every command line: what no kind of this provider
//! has, such as write-only arguments, and what the crate's tests in memory assume of its hosts.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::LazyLock;

use acceptance_tests::{Cli, Feature, checkout, each_host};
use serde_json::Value;
use tempfile::TempDir;

/// The example provider, built once.
static PLUGIN: LazyLock<PathBuf> =
    LazyLock::new(|| checkout::build_example("tfplugin-rs", "toy").unwrap());

/// A folder with a configuration that uses the example provider.
struct Workspace<'c> {
    cli: &'c Cli,
    folder: TempDir,
}

impl<'c> Workspace<'c> {
    fn new(cli: &'c Cli, configuration: &str) -> Self {
        let workspace = Self {
            cli,
            folder: TempDir::new().unwrap(),
        };
        let plugins = workspace.path().join("plugins");
        std::fs::create_dir(&plugins).unwrap();
        // The schemas of all providers in the state are loaded, also of one whose objects are taken over.
        let overridden = ["toy", "other"].map(|name| {
            let plugin = plugins.join(format!("terraform-provider-{name}"));
            let linked = std::fs::hard_link(&*PLUGIN, &plugin);
            linked
                .or_else(|_| std::fs::copy(&*PLUGIN, &plugin).map(drop))
                .unwrap();
            format!("\"example/{name}\" = {plugins:?}")
        });
        let overridden = overridden.join("\n");
        let settings =
            format!("provider_installation {{\ndev_overrides {{\n{overridden}\n}}\n}}\n");
        std::fs::write(workspace.path().join("cli.tfrc"), settings).unwrap();
        workspace.configure(configuration);
        workspace
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn configure(&self, configuration: &str) {
        let source = r#"terraform { required_providers { toy = { source = "example/toy" } } }"#;
        let spread = source.replace("{ ", "{\n").replace(" }", "\n}");
        std::fs::write(
            self.path().join("main.tf"),
            format!("{spread}\n{configuration}"),
        )
        .unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.cli
            .command()
            .env("TF_CLI_CONFIG_FILE", self.path().join("cli.tfrc"))
            .env("CHECKPOINT_DISABLE", "1")
            .stdin(Stdio::null())
            .current_dir(self.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
        text(&output)
    }

    /// Applies a plan that has been printed as JSON, as pipelines do.
    fn apply(&self) -> String {
        self.ok(&["plan", "-no-color", "-out=plan"]);
        let json = self.run(&["show", "-json", "plan"]).stdout;
        serde_json::from_slice::<Value>(&json).unwrap();
        let applied = self.ok(&["apply", "-no-color", "plan"]);
        for refresh in ["-refresh=true", "-refresh=false"] {
            let plan = self.run(&["plan", "-no-color", "-detailed-exitcode", refresh]);
            assert_eq!(plan.status.code(), Some(0), "not empty: {}", text(&plan));
        }
        applied
    }

    fn output(&self, name: &str) -> Value {
        let output = self.run(&["output", "-json", name]);
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Both streams. Warnings about the override of the provider are in there, too.
fn text(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn check_contains(text: &str, expected: &str) {
    assert!(text.contains(expected), "{expected:?} is not in: {text}");
}

/// A thing with every kind of block.
const THING: &str = r#"
resource "toy_thing" "a" {
  name = "a"
  size = SIZE
  dynamic "access" {
    for_each = [1]
    content { mode = "closed" }
  }
  place { room = "r" }
  timeouts { create = "5m" }
}
output "summary" {
  value = "${toy_thing.a.address} ${toy_thing.a.access[0].mode} ${toy_thing.a.place[0].number}"
}
"#;

const DESTROY: [&str; 3] = ["destroy", "-auto-approve", "-no-color"];

#[test]
fn object_lives_and_dies() {
    each_host(&[], |cli| {
        let workspace = Workspace::new(cli, &THING.replace("SIZE", "3"));
        check_contains(&workspace.apply(), "1 added, 0 changed, 0 destroyed");
        assert_eq!(workspace.output("summary"), "toy:a closed 7");
        workspace.configure(&THING.replace("SIZE", "4"));
        check_contains(&workspace.apply(), "0 added, 1 changed, 0 destroyed");
        workspace.configure(&THING.replace("SIZE", "4").replace("\"r\"", "\"s\""));
        check_contains(&workspace.apply(), "1 added, 0 changed, 1 destroyed");
        check_contains(&workspace.ok(&DESTROY), "1 destroyed");
    });
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let wrong = THING.replace("SIZE", "3").replace("\"closed\"", "\"ajar\"");
    each_host(&[], |cli| {
        let workspace = Workspace::new(cli, &wrong);
        let validated = workspace.run(&["validate", "-no-color"]);
        assert_eq!(validated.status.code(), Some(1));
        check_contains(&text(&validated), "Invalid mode");
        check_contains(&text(&validated), "with toy_thing.a,");
    });
}

const IMPORTED: &str = r#"
import {
  to = toy_thing.b
  WHAT
}
resource "toy_thing" "b" {
  name = "b"
}
"#;

#[test]
fn existing_objects_are_imported() {
    each_host(&[], |cli| {
        let mut ways = vec!["id = \"b\""];
        if cli.has(Feature::ImportByIdentity) {
            ways.push("identity = { name = \"b\" }");
        }
        for way in ways {
            let workspace = Workspace::new(cli, &IMPORTED.replace("WHAT", way));
            let expected = "1 imported, 0 added, 0 changed, 0 destroyed";
            check_contains(&workspace.apply(), expected);
        }
    });
}

/// State of a type that this provider never had.
const GADGET: &str = r#"{
  "version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "l", "outputs": {},
  "resources": [{
    "mode": "managed", "type": "other_gadget", "name": "c",
    "provider": "provider[\"REGISTRY/example/other\"]",
    "instances": [{"schema_version": 1, "attributes": {"id": "c", "name": "c", "size": 3}}]
  }]
}"#;

const MOVED: &str = r#"
moved {
  from = other_gadget.c
  to   = toy_thing.c
}
resource "toy_thing" "c" {
  name = "c"
}
"#;

#[test]
fn objects_of_another_provider_are_taken_over() {
    each_host(&[Feature::MovesBetweenTypes], |cli| {
        let workspace = Workspace::new(cli, MOVED);
        let registry = match cli.name {
            "tofu" => "registry.opentofu.org",
            _ => "registry.terraform.io",
        };
        let state = GADGET.replace("REGISTRY", registry);
        std::fs::write(workspace.path().join("terraform.tfstate"), state).unwrap();
        check_contains(&workspace.apply(), "0 added, 0 changed, 0 destroyed");
        assert_eq!(workspace.ok(&["state", "list"]).trim(), "toy_thing.c");
    });
}

const ROOM: &str = r#"
data "toy_room" "r" {
  name = provider::toy::shout("r", "s")
}
output "room" {
  value = "${data.toy_room.r.name} ${data.toy_room.r.seats}"
}
"#;

#[test]
fn functions_and_data_sources_give_values() {
    each_host(&[Feature::Functions], |cli| {
        let workspace = Workspace::new(cli, ROOM);
        workspace.apply();
        assert_eq!(workspace.output("room"), "RS! 2");
        workspace.configure(r#"output "nothing" { value = provider::toy::shout("ok", "") }"#);
        let refused = workspace.run(&["plan", "-no-color"]);
        // The command line points at the argument.
        check_contains(&text(&refused), "Invalid value for \"more\" parameter");
    });
}

const SECRET: &str = r#"
ephemeral "toy_key" "k" {
  door = "front"
}
resource "toy_thing" "d" {
  name   = "d"
  secret = ephemeral.toy_key.k.code
}
"#;

#[test]
fn ephemeral_values_never_reach_the_state() {
    let features = [Feature::EphemeralResources, Feature::WriteOnlyArguments];
    each_host(&features, |cli| {
        let workspace = Workspace::new(cli, SECRET);
        check_contains(&workspace.apply(), "1 added");
        let state = std::fs::read_to_string(workspace.path().join("terraform.tfstate")).unwrap();
        check_contains(&state, r#""secret": null"#);
        check_contains(&state, r#""secret_length": 10"#);
        assert!(!state.contains("front-1234"), "{state}");
    });
}

const LARGE: &str = r#"
resource "toy_thing" "e" {
  name = join("", [for i in range(1000) : format("%6000s", i)])
}
output "length" {
  value = length(toy_thing.e.name)
}
"#;

/// gRPC's usual limit is 4 MiB.
#[test]
fn large_objects_pass() {
    each_host(&[], |cli| {
        let workspace = Workspace::new(cli, LARGE);
        workspace.apply();
        assert_eq!(workspace.output("length"), 6_000_000);
    });
}
