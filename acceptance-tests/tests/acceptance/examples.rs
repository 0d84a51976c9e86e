//! The examples that the documentation shows: each can be planned as it is.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::{Feature, Scenario, SimulatedAws, each_cli};

/// The examples of one kind: folders with one of these files.
fn examples(kind: &str, file: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(kind);
    let entries = fs::read_dir(root).unwrap();
    let files = entries.map(|entry| entry.unwrap().path().join(file));
    files.collect()
}

fn plan_each(scenario: &Scenario, kind: &str, file: &str) {
    let examples = examples(kind, file);
    assert!(!examples.is_empty());
    for example in examples {
        scenario.plan(&fs::read_to_string(example).unwrap());
    }
    scenario.workspace.write("main.tf", "").unwrap();
}

#[test]
fn of_resources_can_be_planned() {
    each_cli(SimulatedAws::new, |scenario| {
        plan_each(scenario, "resources", "resource.tf");
    });
}

#[test]
fn of_data_sources_can_be_planned() {
    each_cli(SimulatedAws::new, |scenario| {
        plan_each(scenario, "data-sources", "data-source.tf");
    });
}

#[test]
fn of_ephemeral_resources_can_be_planned() {
    each_cli(SimulatedAws::new, |scenario| {
        if !scenario.has(Feature::EphemeralResources) {
            return println!("This command line has no ephemeral resources.");
        }
        plan_each(scenario, "ephemeral-resources", "ephemeral-resource.tf");
    });
}

#[test]
fn of_functions_can_be_planned() {
    each_cli(SimulatedAws::new, |scenario| {
        if !scenario.has(Feature::Functions) {
            return println!("This command line has no functions.");
        }
        plan_each(scenario, "functions", "function.tf");
    });
}
