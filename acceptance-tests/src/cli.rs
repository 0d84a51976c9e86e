//! The command lines that drive the provider: Terraform and OpenTofu, those on this machine and the newest Terraform that
//! PyPI has.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;

use crate::python::Environment;
use crate::workspace::is_foreign;

/// A command line that drives the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cli {
    /// `terraform` or `tofu`.
    pub name: &'static str,
    /// Such as `1.11.4`.
    pub version: String,
    /// Whether every complete run of the tests has it, as opposed to one that somebody named in `TF_ACC_CLIS`.
    pub is_in_every_run: bool,
    path: PathBuf,
}

/// Something that only younger command lines have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// `provider::eks::…(…)`.
    Functions,
    /// `ephemeral` blocks.
    EphemeralResources,
    /// Arguments that are sent and never stored.
    WriteOnlyArguments,
    /// `moved` blocks from one type of resource to another.
    MovesBetweenTypes,
    /// `identity` in `import` blocks.
    ImportByIdentity,
}

impl Feature {
    /// The first minor versions of 1 that have it: of OpenTofu, and of Terraform.
    fn since(self) -> (u32, u32) {
        match self {
            Self::Functions => (7, 8),
            Self::EphemeralResources => (11, 10),
            Self::WriteOnlyArguments => (11, 11),
            Self::MovesBetweenTypes => (10, 8),
            Self::ImportByIdentity => (12, 12),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Functions => "functions of providers",
            Self::EphemeralResources => "ephemeral resources",
            Self::WriteOnlyArguments => "write-only arguments",
            Self::MovesBetweenTypes => "moves between types",
            Self::ImportByIdentity => "imports by identity",
        }
    }
}

impl Cli {
    /// What the documentation calls it: `Terraform 1.11.4`.
    pub fn title(&self) -> String {
        let product = match self.name {
            "tofu" => "OpenTofu",
            _ => "Terraform",
        };
        format!("{product} {}", self.version)
    }

    /// Whether it is young enough for something.
    pub fn has(&self, feature: Feature) -> bool {
        self.lacks(feature).is_none()
    }

    /// Why it cannot run a test of that feature; None when it can.
    pub(crate) fn lacks(&self, feature: Feature) -> Option<String> {
        let (tofu, terraform) = feature.since();
        let since = match self.name {
            "tofu" => tofu,
            _ => terraform,
        };
        let is_too_old = minor(&self.version).is_some_and(|minor| minor < since);
        is_too_old.then(|| format!("{} came with 1.{since}", feature.title()))
    }

    /// The command line that people have: an error that says what to install when there is none.
    pub fn installed() -> Result<Self> {
        let search = env::var_os("PATH").unwrap_or_default();
        let path = installed(env::var_os("TF_ACC_TERRAFORM_PATH"), &search)
            .into_iter()
            .next();
        let path = path.context(
            "neither terraform nor tofu is on the PATH; install Terraform 1.5 or OpenTofu 1.6, or newer",
        )?;
        Self::at(path, true)
    }

    /// Every command line that the tests run with.
    pub fn tested() -> Result<&'static [Self]> {
        static TESTED: OnceLock<Result<Vec<Cli>, String>> = OnceLock::new();
        let tested = TESTED.get_or_init(|| Self::find().map_err(|error| format!("{error:#}")));
        tested.as_deref().map_err(|error| anyhow!("{error}"))
    }

    fn find() -> Result<Vec<Self>> {
        let search = env::var_os("PATH").unwrap_or_default();
        let mut paths = installed(env::var_os("TF_ACC_TERRAFORM_PATH"), &search);
        paths.push(newest_terraform()?);
        let paths = paths.into_iter().map(|path| (path, true));
        let named = env::var_os("TF_ACC_CLIS").unwrap_or_default();
        let named: Vec<_> = paths_in(&named).map(|path| (path, false)).collect();
        let mut all: Vec<Self> = Vec::new();
        for (path, is_in_every_run) in paths.chain(named) {
            let cli = Self::at(path, is_in_every_run)?;
            if !all.iter().any(|other| other.title() == cli.title()) {
                all.push(cli);
            }
        }
        let only = env::var("TF_ACC_ONLY").unwrap_or_default();
        all.retain(|cli| cli.title().contains(&only));
        ensure!(
            !all.is_empty(),
            "TF_ACC_ONLY={only:?} leaves no command line to test with"
        );
        Ok(all)
    }

    /// A command of it, without what the environment of this process holds for it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        for (name, _) in env::vars_os() {
            if is_foreign(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        command
    }

    fn at(path: PathBuf, is_in_every_run: bool) -> Result<Self> {
        let output = Command::new(&path)
            .args(["version", "-json"])
            // It would only warn of one that is not there.
            .env_remove("TF_CLI_CONFIG_FILE")
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .with_context(|| format!("cannot run {}", path.display()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{} is broken: {}", path.display(), said.trim());
        }
        let answer: Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} does not say its version", path.display()))?;
        let version = answer.get("terraform_version").and_then(Value::as_str);
        Ok(Self {
            name: name_of(&path),
            version: version
                .context("no version in the answer to `version`")?
                .to_owned(),
            is_in_every_run,
            path,
        })
    }
}

/// The newest Terraform that can be had without its registry of releases: as a library on PyPI, with a program of a few
/// lines around it.
fn newest_terraform() -> Result<PathBuf> {
    let environment = Environment::with("terraform", include_str!("../terraform/requirements.txt"));
    environment
        .and_then(|it| it.program("terraform", include_str!("../terraform/run.py")))
        .context("the newest Terraform is missing, which the tests take from PyPI")
}

/// The minor version of a version 1; `None` for what comes after it.
fn minor(version: &str) -> Option<u32> {
    let rest = version.strip_prefix("1.")?;
    rest.split('.').next()?.parse().ok()
}

fn installed(chosen: Option<OsString>, search: &OsStr) -> Vec<PathBuf> {
    let terraform = match chosen.filter(|path| !path.is_empty()) {
        Some(path) => Some(PathBuf::from(path)),
        None => on_path("terraform", search),
    };
    let mut all: Vec<_> = terraform
        .into_iter()
        .chain(on_path("tofu", search))
        .collect();
    all.dedup_by(|one, other| name_of(one) == name_of(other));
    all
}

/// Paths in the notation of `PATH`.
fn paths_in(list: &OsStr) -> impl Iterator<Item = PathBuf> {
    env::split_paths(list).filter(|path| !path.as_os_str().is_empty())
}

/// A variable may well name an OpenTofu, whatever its file is called in full.
fn name_of(path: &Path) -> &'static str {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    if file.contains("tofu") {
        "tofu"
    } else {
        "terraform"
    }
}

fn on_path(name: &str, search: &OsStr) -> Option<PathBuf> {
    env::split_paths(search)
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    fn names(chosen: Option<&str>, found: &[&str]) -> Vec<&'static str> {
        let directory = tempfile::tempdir().unwrap();
        for name in found {
            File::create(directory.path().join(name)).unwrap();
        }
        let found = installed(chosen.map(OsString::from), directory.path().as_os_str());
        found.iter().map(|path| name_of(path)).collect()
    }

    fn cli(name: &'static str, version: &str) -> Cli {
        Cli {
            name,
            version: version.to_owned(),
            is_in_every_run: true,
            path: PathBuf::new(),
        }
    }

    #[test]
    fn minor_versions_are_numbers() {
        assert_eq!(minor("1.11.4"), Some(11));
        assert_eq!(minor("1.9.0-beta1"), Some(9));
        assert_eq!(minor("2.0.0"), None);
    }

    #[test]
    fn says_what_is_missing_and_since_when_it_is_there() {
        let identity = Feature::ImportByIdentity;
        let lacks = Some("imports by identity came with 1.12".to_owned());
        assert_eq!(cli("terraform", "1.11.4").lacks(identity), lacks);
        assert_eq!(cli("terraform", "1.15.5").lacks(identity), None);
        assert!(cli("tofu", "1.7.0").has(Feature::Functions));
        assert!(!cli("terraform", "1.7.0").has(Feature::Functions));
        assert!(cli("terraform", "2.0.0").has(identity));
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

    #[test]
    fn the_newest_terraform_is_among_those_that_are_tested() {
        let newest = Cli::at(newest_terraform().unwrap(), true).unwrap();
        assert!(newest.has(Feature::ImportByIdentity), "{newest:?}");
    }

    #[test]
    fn one_that_is_broken_says_so() {
        let missing = Cli::at(PathBuf::from("/nowhere/terraform"), true);
        let error = format!("{:#}", missing.unwrap_err());
        assert!(
            error.starts_with("cannot run /nowhere/terraform"),
            "{error}"
        );
    }
}
