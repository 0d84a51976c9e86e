//! Which part of the provider may name which other: the table of ARCHITECTURE.md, held against the source.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder or file, and what must not be named in it.
const CLOSED: &[(&str, &[&str])] = &[
    (
        "proto/src",
        &[
            "aws_sdk_",
            "aws_config",
            "aws_smithy_",
            "aws_types",
            "terraform_provider_eks",
        ],
    ),
    (
        "proto/src/tf",
        &[
            "tonic",
            "prost",
            "tokio",
            "rustls",
            "crate::plugin",
            "super::plugin",
        ],
    ),
    (
        "src/aws",
        &[
            "tonic",
            "prost",
            "tfplugin_rs::plugin",
            "crate::eks",
            "crate::provider",
        ],
    ),
    (
        "src/eks",
        &[
            "tonic",
            "prost",
            "rmp",
            "tfplugin_rs::plugin",
            "aws_config",
            "crate::provider",
        ],
    ),
    (
        "src/iam",
        &[
            "tonic",
            "prost",
            "rmp",
            "tfplugin_rs::plugin",
            "aws_config",
            "crate::provider",
        ],
    ),
    (
        "src/provider.rs",
        &[
            "tonic",
            "prost",
            "aws_sdk_",
            "aws_config",
            "aws_smithy_",
            "aws_types",
            "tfplugin_rs::plugin",
        ],
    ),
    (
        "src/provider",
        &[
            "tonic",
            "prost",
            "aws_sdk_",
            "aws_config",
            "aws_smithy_",
            "aws_types",
            "tfplugin_rs::plugin",
        ],
    ),
    (
        "src/functions",
        &[
            "tonic",
            "prost",
            "aws_sdk_",
            "aws_config",
            "aws_smithy_",
            "aws_types",
            "tfplugin_rs::plugin",
            "crate::provider",
        ],
    ),
    (
        "src/docs.rs",
        &[
            "tonic",
            "prost",
            "aws_sdk_",
            "aws_config",
            "aws_smithy_",
            "aws_types",
            "tfplugin_rs::plugin",
        ],
    ),
    (
        "src/docs",
        &[
            "tonic",
            "prost",
            "aws_sdk_",
            "aws_config",
            "aws_smithy_",
            "aws_types",
            "tfplugin_rs::plugin",
        ],
    ),
];

fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
    }
    let Ok(entries) = fs::read_dir(path) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "rs") {
            sources(&path, found);
        }
    }
}

/// What a file names: the targets of its `use` items, each on one line.
fn uses(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ");
    let items = code.split(';').filter_map(|item| {
        let (before, used) = item.rsplit_once("use ")?;
        let is_item = before.is_empty() || before.ends_with([' ', ')', '}', ']']);
        is_item.then(|| used.split_whitespace().collect::<String>())
    });
    items.collect()
}

fn names(used: &str, closed: &str) -> bool {
    let parts = used.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let begins = |part: &str| match closed.strip_suffix('_') {
        Some(_) => part.starts_with(closed),
        None => part == closed || part.starts_with(&format!("{closed}::")),
    };
    parts.into_iter().any(begins)
}

#[test]
fn doors_stay_closed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = Vec::new();
    for (room, closed) in CLOSED {
        let mut files = Vec::new();
        sources(&root.join(room), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for used in uses(&text) {
                let named = closed.iter().filter(|closed| names(&used, closed));
                open.extend(
                    named.map(|closed| format!("{}: use {used} names {closed}", file.display())),
                );
            }
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
}

/// A resource uses another one's finder at most; the folders are found by their declaration.
#[test]
fn resources_keep_to_themselves() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/eks");
    let folders: Vec<String> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            fs::read_to_string(path.join("mod.rs")).is_ok_and(|it| it.contains("model! {"))
        })
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(!folders.is_empty());
    let mut open = Vec::new();
    for folder in &folders {
        let mut files = Vec::new();
        sources(&root.join(folder), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for used in uses(&text) {
                for other in folders.iter().filter(|other| *other != folder) {
                    let within = used.strip_prefix(&format!("crate::eks::{other}::"));
                    if within.is_some_and(|name| !matches!(name, "find" | "require" | "self")) {
                        open.push(format!("{}: use {used}", file.display()));
                    }
                }
            }
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
}

#[test]
fn reads_use_items() {
    let text = "//! use nothing::here;\n#[cfg(test)]\nuse a::b;\npub use c::{d, e::f};\nfn g() { use h::i; }\n";
    assert_eq!(uses(text), ["a::b", "c::{d,e::f}", "h::i"]);
    assert!(names("crate::plugin::serve", "crate::plugin"));
    assert!(names("aws_sdk_eks::Client", "aws_sdk_"));
    assert!(!names("crate::plugins", "crate::plugin"));
}
