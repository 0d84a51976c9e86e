//! The page that says which operations of AWS the provider calls, and on whom each has been tested.
//!
//! The rows are what the source calls, the marks what the acceptance tests have called (`acceptance-tests/tested.txt`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the page is, below `docs/`.
pub(super) const PATH: &str = "guides/what-is-tested.md";

/// Titles of the columns, as in `tested.txt`.
const COLUMNS: [&str; 5] = [
    "eks-simulator",
    "moto",
    "ministack",
    "AWS CLI",
    "hashicorp/aws",
];

/// What the names of operations begin with. Other words in the place of an operation are none.
const VERBS: [&str; 15] = [
    "Add",
    "Associate",
    "Attach",
    "Create",
    "Delete",
    "Describe",
    "Detach",
    "Disassociate",
    "Get",
    "List",
    "Put",
    "Remove",
    "Tag",
    "Untag",
    "Update",
];

/// The page about the provider whose sources are in `root`.
pub(super) fn page(root: &Path) -> String {
    let tested = tested(root);
    let rows = operations(root).into_iter().map(|operation| {
        let empty = BTreeSet::new();
        let by = tested.get(&operation).unwrap_or(&empty);
        let cells = COLUMNS.map(|column| if by.contains(column) { " yes |" } else { " |" });
        format!("| `{operation}` |{}\n", cells.concat())
    });
    let head = COLUMNS.map(|column| format!(" {column} |")).concat();
    let line = COLUMNS.map(|_| "---|").concat();
    let text = include_str!("tested.md").replace("HOSTS", &hosts(root));
    let rows: String = rows.collect();
    format!("{text}| operation |{head}\n|---|{line}\n{rows}")
}

/// The command lines with which all acceptance tests have passed, which those write down (`acceptance-tests/hosts.txt`).
fn hosts(root: &Path) -> String {
    let text = fs::read_to_string(root.join("acceptance-tests/hosts.txt")).unwrap_or_default();
    let rows = text.lines().filter_map(|line| line.split_once(" | "));
    let rows = rows.map(|(host, how_often)| format!("| {host} | {how_often} |\n"));
    format!(
        "| command line | tested |\n|---|---|\n{}",
        rows.collect::<String>()
    )
}

/// For each operation, the columns that have it.
fn tested(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root.join("acceptance-tests/tested.txt")).unwrap_or_default();
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in text.lines() {
        let mut parts = line.split(" | ").map(str::to_owned);
        if let (Some(operation), Some(by)) = (parts.next(), parts.next()) {
            found.entry(operation).or_default().insert(by);
        }
    }
    found
}

/// The operations that the source calls: each answer is taken with the name of its operation, for errors to tell.
fn operations(root: &Path) -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["src/aws", "src/ec2", "src/eks", "src/iam"] {
        collect(&root.join(folder), &mut files);
    }
    let texts = files
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    texts.flat_map(|text| named(&text)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_test = path.file_stem().is_some_and(|name| name == "tests");
        if path.is_dir() && !is_test {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") && !is_test {
            files.push(path);
        }
    }
}

fn named(text: &str) -> BTreeSet<String> {
    // The last is that of macros that name a request and its operation.
    let takers = [".to(", ".object(", ".found(", "of_sdk(", " => "];
    let first_arguments = takers.iter().flat_map(|taker| text.split(taker).skip(1));
    let literals = first_arguments.filter_map(|rest| rest.trim_start().strip_prefix('"'));
    let names = literals.filter_map(|rest| rest.split('"').next());
    let is_operation = |name: &&str| VERBS.iter().any(|verb| name.starts_with(verb));
    names.filter(is_operation).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_operations_are_first_arguments() {
        let text = "answer.to(\"CreateAddon\", key) .found(\n  \"GetRole\",\n) x.to(\"Service\", y) .to(it)";
        let expected = ["CreateAddon", "GetRole"].map(str::to_owned);
        assert_eq!(named(text), expected.into());
    }

    #[test]
    fn what_our_provider_has_called_is_in_its_source() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let known = operations(root);
        let ours = BTreeSet::from(["eks-simulator", "moto", "ministack"].map(str::to_owned));
        for (operation, by) in tested(root) {
            let called = !by.is_disjoint(&ours);
            assert!(!called || known.contains(&operation), "{operation}");
        }
    }

    #[test]
    fn the_readme_names_the_tested_command_lines() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let readme = fs::read_to_string(root.join("README.md")).unwrap();
        let hosts = fs::read_to_string(root.join("acceptance-tests/hosts.txt")).unwrap();
        let hosts: Vec<_> = hosts
            .lines()
            .filter_map(|it| it.split(" | ").next())
            .collect();
        assert!(hosts.len() > 1, "{hosts:?}");
        for host in hosts {
            assert!(readme.contains(host), "README.md does not name {host}");
        }
    }

    #[test]
    fn every_column_has_marks() {
        let tested = tested(Path::new(env!("CARGO_MANIFEST_DIR")));
        for column in COLUMNS {
            assert!(tested.values().any(|by| by.contains(column)), "{column}");
        }
    }
}
