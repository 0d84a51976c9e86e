//! Rules for the texts of this crate: the README shows the example `tiny`, which `UPDATE=1` copies into it, and every
//! module says what it is.
#![allow(clippy::unwrap_used, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn shows_the_smallest_provider() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = fs::read_to_string(folder.join("examples/tiny.rs")).unwrap();
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let (before, block) = readme.split_once("```rust\n").unwrap();
    let (_, after) = block.split_once("```\n").unwrap();
    let expected = format!("{before}```rust\n{example}```\n{after}");
    if std::env::var_os("UPDATE").is_some() {
        return fs::write(folder.join("README.md"), expected).unwrap();
    }
    assert!(
        readme == expected,
        "the README is stale: run the tests with UPDATE=1"
    );
}

#[test]
fn every_module_says_what_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "tests", "examples"].map(|name| rust_files(&folder.join(name)));
    let files = files.concat();
    assert!(files.contains(&folder.join("src/tf/plan/mark.rs")));
    let is_silent = |file: &&PathBuf| !fs::read_to_string(file).unwrap().starts_with("//! ");
    let silent: Vec<_> = files.iter().filter(is_silent).collect();
    assert!(silent.is_empty(), "these do not open with //!: {silent:?}");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            _ if path.is_dir() => files.extend(rust_files(&path)),
            Some(extension) if extension == "rs" => files.push(path),
            _ => {}
        }
    }
    files
}
