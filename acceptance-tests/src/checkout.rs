//! The checkout that this program was built from, and the provider in it. For the programs; tests find a binary.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds the provider as the running program was built, so that it lies beside it.
pub fn build_provider() -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--package", "terraform-provider-eks"])
        .current_dir(root());
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    build
}
