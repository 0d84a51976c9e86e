//! The README shows the example `tiny`. `UPDATE=1` copies the example into it.
#![allow(clippy::unwrap_used, reason = "test code")]

use std::fs;
use std::path::Path;

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
