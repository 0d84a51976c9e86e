//! The checkout that this program was built from, and the provider in it. For the programs; tests find a binary.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The directory of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where Cargo puts programs: `target/<profile>/` for a program in there, and for a test in its `deps/`.
pub(crate) fn profile_directory(program: &Path) -> Option<PathBuf> {
    let directory = program.parent()?;
    let profile = if directory.ends_with("deps") {
        directory.parent()?
    } else {
        directory
    };
    Some(profile.to_owned())
}

/// Builds the provider as the running program was built, so that it lies beside it.
pub fn build_provider() -> Command {
    let mut build = cargo();
    build.args(["build", "--package", "terraform-provider-eks"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    build
}

/// Builds an example of one of the packages, beside the running test. Gives back its path.
pub fn build_example(package: &str, name: &str) -> Result<PathBuf> {
    let profile = profile_directory(&env::current_exe()?).context("the test has no directory")?;
    let target = profile
        .parent()
        .context("the test has no target directory")?;
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", package, "--example", name]);
    build.arg("--target-dir").arg(target);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    ensure!(build.status()?.success(), "cannot build the example {name}");
    Ok(profile.join("examples").join(name))
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}
