//! Habits that a machine can keep: every module opens by saying what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// Where sources are, beside those of tfplugin-rs, which has a test of its own.
const FOLDERS: [&str; 3] = ["src", "tests", "acceptance-tests"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    let mut files = Vec::new();
    for folder in FOLDERS {
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            &mut files,
        );
    }
    assert!(files.len() > 300, "{}", files.len());
    let is_silent = |file: &&PathBuf| !fs::read_to_string(file).unwrap().starts_with("//! ");
    let silent: Vec<_> = files.iter().filter(is_silent).collect();
    assert!(
        silent.is_empty(),
        "without a first line that begins with \"//! \": {silent:#?}"
    );
}
