//! The example provider under the real Terraform, where there is one: what the tests in memory assume of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

/// The example provider, built once.
static PLUGIN: LazyLock<PathBuf> = LazyLock::new(|| {
    // The test is in <target>/<profile>/deps, and the example belongs beside it wherever that is.
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--package",
        env!("CARGO_PKG_NAME"),
        "--example",
        "toy",
    ]);
    cargo.arg("--target-dir").arg(profile.parent().unwrap());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    assert!(
        cargo.status().unwrap().success(),
        "cannot build the example"
    );
    profile.join("examples/toy")
});

/// A folder with a configuration that uses the example provider.
struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// Nothing where there is no Terraform, which then is said.
    #[allow(
        clippy::print_stderr,
        reason = "a test that was skipped must not look like one that passed"
    )]
    fn new(configuration: &str) -> Option<Self> {
        if terraform().arg("version").output().is_err() {
            eprintln!("Skipped: there is no terraform on the PATH.");
            return None;
        }
        let workspace = Self {
            folder: TempDir::new().unwrap(),
        };
        let plugins = workspace.path().join("plugins");
        std::fs::create_dir(&plugins).unwrap();
        // Terraform loads the schemas of all providers in the state, also of one whose objects are taken over.
        let overridden = ["toy", "other"].map(|name| {
            let plugin = plugins.join(format!("terraform-provider-{name}"));
            let linked = std::fs::hard_link(&*PLUGIN, &plugin);
            linked
                .or_else(|_| std::fs::copy(&*PLUGIN, &plugin).map(drop))
                .unwrap();
            format!("\"example/{name}\" = {plugins:?}")
        });
        let overridden = overridden.join("\n");
        let cli = format!("provider_installation {{\ndev_overrides {{\n{overridden}\n}}\n}}\n");
        std::fs::write(workspace.path().join("cli.tfrc"), cli).unwrap();
        workspace.configure(configuration);
        Some(workspace)
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

    fn terraform(&self, arguments: &[&str]) -> Output {
        let mut command = terraform();
        command.env("TF_CLI_CONFIG_FILE", self.path().join("cli.tfrc"));
        command
            .current_dir(self.path())
            .args(arguments)
            .arg("-no-color")
            .output()
            .unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.terraform(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
        text(&output)
    }

    fn apply(&self) -> String {
        let applied = self.ok(&["apply", "-auto-approve"]);
        for refresh in ["-refresh=true", "-refresh=false"] {
            let plan = self.terraform(&["plan", "-detailed-exitcode", refresh]);
            assert_eq!(plan.status.code(), Some(0), "not empty: {}", text(&plan));
        }
        applied
    }

    fn output(&self, name: &str) -> String {
        let text = self.ok(&["output", "-raw", name]);
        text.trim().to_owned()
    }
}

/// Terraform without what this test run's own environment holds for it.
fn terraform() -> Command {
    let mut command = Command::new("terraform");
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("TF_") {
            command.env_remove(variable);
        }
    }
    command.env("CHECKPOINT_DISABLE", "1").stdin(Stdio::null());
    command
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

#[test]
fn object_lives_and_dies() {
    let Some(workspace) = Workspace::new(&THING.replace("SIZE", "3")) else {
        return;
    };
    check_contains(&workspace.apply(), "1 added, 0 changed, 0 destroyed");
    assert_eq!(workspace.output("summary"), "toy:a closed 7");
    workspace.configure(&THING.replace("SIZE", "4"));
    check_contains(&workspace.apply(), "0 added, 1 changed, 0 destroyed");
    workspace.configure(&THING.replace("SIZE", "4").replace("\"r\"", "\"s\""));
    check_contains(&workspace.apply(), "1 added, 0 changed, 1 destroyed");
    check_contains(&workspace.ok(&["destroy", "-auto-approve"]), "1 destroyed");
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let wrong = THING.replace("SIZE", "3").replace("\"closed\"", "\"ajar\"");
    let Some(workspace) = Workspace::new(&wrong) else {
        return;
    };
    let validated = workspace.terraform(&["validate"]);
    assert_eq!(validated.status.code(), Some(1));
    check_contains(&text(&validated), "Invalid mode");
    check_contains(&text(&validated), "with toy_thing.a,");
}

#[test]
fn existing_objects_are_imported() {
    let imported = r#"
import {
  to = toy_thing.b
  id = "b"
}
resource "toy_thing" "b" {
  name = "b"
}
"#;
    let Some(workspace) = Workspace::new(imported) else {
        return;
    };
    check_contains(
        &workspace.apply(),
        "1 imported, 0 added, 0 changed, 0 destroyed",
    );
}

/// State of a type that this provider never had.
const GADGET: &str = r#"{
  "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {},
  "resources": [{
    "mode": "managed", "type": "other_gadget", "name": "c",
    "provider": "provider[\"registry.terraform.io/example/other\"]",
    "instances": [{"schema_version": 1, "attributes": {"id": "c", "name": "c", "size": 3}}]
  }]
}"#;

#[test]
fn objects_of_another_provider_are_taken_over() {
    let moved = r#"
moved {
  from = other_gadget.c
  to   = toy_thing.c
}
resource "toy_thing" "c" {
  name = "c"
}
"#;
    let Some(workspace) = Workspace::new(moved) else {
        return;
    };
    std::fs::write(workspace.path().join("terraform.tfstate"), GADGET).unwrap();
    check_contains(&workspace.apply(), "0 added, 0 changed, 0 destroyed");
    assert_eq!(workspace.ok(&["state", "list"]).trim(), "toy_thing.c");
}

#[test]
fn functions_and_data_sources_give_values() {
    let configuration = r#"
data "toy_room" "r" {
  name = provider::toy::shout("r", "s")
}
output "room" {
  value = "${data.toy_room.r.name} ${data.toy_room.r.seats}"
}
"#;
    let Some(workspace) = Workspace::new(configuration) else {
        return;
    };
    workspace.apply();
    assert_eq!(workspace.output("room"), "RS! 2");
    workspace.configure(r#"output "nothing" { value = provider::toy::shout("ok", "") }"#);
    let refused = workspace.terraform(&["plan"]);
    // Terraform points at the argument.
    check_contains(&text(&refused), "Invalid value for \"more\" parameter");
}

#[test]
fn ephemeral_values_never_reach_the_state() {
    let configuration = r#"
ephemeral "toy_key" "k" {
  door = "front"
}
resource "toy_thing" "d" {
  name   = "d"
  secret = ephemeral.toy_key.k.code
}
"#;
    let Some(workspace) = Workspace::new(configuration) else {
        return;
    };
    check_contains(&workspace.apply(), "1 added");
    let state = std::fs::read_to_string(workspace.path().join("terraform.tfstate")).unwrap();
    check_contains(&state, r#""secret": null"#);
    check_contains(&state, r#""secret_length": 10"#);
    assert!(!state.contains("front-1234"), "{state}");
}

/// gRPC's usual limit is 4 MiB.
#[test]
fn large_objects_pass() {
    let configuration = r#"
resource "toy_thing" "e" {
  name = join("", [for i in range(1000) : format("%6000s", i)])
}
output "length" {
  value = length(toy_thing.e.name)
}
"#;
    let Some(workspace) = Workspace::new(configuration) else {
        return;
    };
    workspace.ok(&["apply", "-auto-approve"]);
    assert_eq!(workspace.output("length"), "6000000");
}
