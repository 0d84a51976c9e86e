//! The command lines that are installed: Terraform, OpenTofu, or both.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A command line that drives the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cli {
    /// `terraform` or `tofu`.
    pub name: &'static str,
    pub(crate) path: PathBuf,
}

/// Something that only younger command lines have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// `provider::eks::…(…)`.
    Functions,
    /// `ephemeral` blocks.
    EphemeralResources,
}

impl Feature {
    /// The first minor version of 1 that has it.
    fn since(self, cli: &str) -> u32 {
        match (self, cli) {
            (Self::Functions, "tofu") => 7,
            (Self::Functions, _) => 8,
            (Self::EphemeralResources, "tofu") => 11,
            (Self::EphemeralResources, _) => 10,
        }
    }
}

impl Cli {
    /// Whether it is young enough for something.
    pub fn has(&self, feature: Feature) -> Result<bool> {
        let output = Command::new(&self.path)
            .args(["version", "-json"])
            .output()?;
        let answer: Value = serde_json::from_slice(&output.stdout)?;
        let version = answer.get("terraform_version").and_then(Value::as_str);
        let minor = version
            .and_then(minor)
            .context("no version in the answer to `version`")?;
        Ok(minor >= feature.since(self.name))
    }

    /// Every command line on this machine; an error that says what to install when there is none.
    pub fn installed() -> Result<Vec<Self>> {
        let search = env::var_os("PATH").unwrap_or_default();
        let found = find(env::var_os("TF_ACC_TERRAFORM_PATH"), &search);
        if found.is_empty() {
            bail!(
                "neither terraform nor tofu is on the PATH; install Terraform 1.5 or OpenTofu 1.6, or newer"
            );
        }
        Ok(found)
    }
}

/// The minor version of a version 1.
fn minor(version: &str) -> Option<u32> {
    let rest = version.strip_prefix("1.")?;
    rest.split('.').next()?.parse().ok()
}

fn find(chosen: Option<OsString>, search: &OsString) -> Vec<Cli> {
    let terraform = match chosen.filter(|path| !path.is_empty()) {
        Some(path) => Some(PathBuf::from(path)),
        None => on_path("terraform", search),
    };
    let terraform = terraform.map(|path| Cli {
        name: name_of(&path),
        path,
    });
    let tofu = on_path("tofu", search).map(|path| Cli { name: "tofu", path });
    let mut all: Vec<_> = terraform.into_iter().chain(tofu).collect();
    all.dedup_by(|one, other| one.name == other.name);
    all
}

/// `TF_ACC_TERRAFORM_PATH` may well name an OpenTofu, whatever its file is called in full.
fn name_of(path: &Path) -> &'static str {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    if file.contains("tofu") {
        "tofu"
    } else {
        "terraform"
    }
}

fn on_path(name: &str, search: &OsString) -> Option<PathBuf> {
    env::split_paths(search)
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    fn names(chosen: Option<&str>, installed: &[&str]) -> Vec<&'static str> {
        let directory = tempfile::tempdir().unwrap();
        for name in installed {
            File::create(directory.path().join(name)).unwrap();
        }
        let found = find(
            chosen.map(OsString::from),
            &directory.path().as_os_str().to_owned(),
        );
        found.iter().map(|cli| cli.name).collect()
    }

    #[test]
    fn minor_versions_are_numbers() {
        assert_eq!(minor("1.11.4"), Some(11));
        assert_eq!(minor("1.9.0-beta1"), Some(9));
        assert_eq!(minor("0.15.0"), None);
    }

    #[test]
    fn uses_every_cli_there_is() {
        assert_eq!(names(None, &["terraform", "tofu"]), ["terraform", "tofu"]);
        assert_eq!(names(None, &["tofu"]), ["tofu"]);
        assert_eq!(names(None, &[]), [""; 0]);
    }

    #[test]
    fn the_environment_overrides_the_path() {
        assert_eq!(
            names(Some("/opt/terraform_1.5"), &["tofu"]),
            ["terraform", "tofu"]
        );
        assert_eq!(names(Some("/opt/tofu-1.6"), &["tofu"]), ["tofu"]);
        assert_eq!(names(Some(""), &["terraform"]), ["terraform"]);
    }
}
