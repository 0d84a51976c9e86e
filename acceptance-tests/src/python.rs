//! Python virtual environments with pinned packages, made once and shared by every test process.
//!
//! Knows pip and the file system, nothing of AWS.

use std::env;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A virtual environment that is ready to run.
pub struct Environment {
    directory: PathBuf,
}

impl Environment {
    /// The environment called `name` with exactly `requirements` installed, made now if there is none.
    pub fn with(name: &str, requirements: &str) -> Result<Self> {
        let version = run(Command::new("python3").arg("--version")).context(
            "python3 is not on the PATH; simulated AWS and the newest Terraform need it",
        )?;
        let stamp = format!("# {}\n{requirements}", version.trim());
        let directory = cache_directory().join(name);
        // Cargo runs test binaries, and people run several cargos, at the same time: the first one in installs, the
        // others wait for it.
        let lock = exclusive(&directory.with_extension("lock"))?;
        if fs::read_to_string(directory.join("stamp")).is_ok_and(|found| found == stamp) {
            return Ok(Self { directory });
        }
        install(&directory, requirements)
            .with_context(|| format!("cannot make a virtual environment for {name}"))?;
        fs::write(directory.join("stamp"), stamp)?;
        drop(lock);
        Ok(Self { directory })
    }

    /// A program with that name and text, to be run as it is.
    pub fn program(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.directory.join("programs").join(name);
        let script = path.with_extension("py");
        let lock = exclusive(&path.with_extension("lock"))?;
        replace(&script, text, 0o644)?;
        // Not a script with Python in its first line, where the kernel takes neither spaces nor long paths.
        let python = self.directory.join("bin/python");
        let shell = format!("#!/bin/sh\nexec {python:?} {script:?} \"$@\"\n");
        replace(&path, &shell, 0o755)?;
        drop(lock);
        Ok(path)
    }

    /// The interpreter of this environment.
    pub fn python(&self) -> Command {
        Command::new(self.directory.join("bin/python"))
    }
}

/// Writes a file as a whole, so that nobody finds half of it, and leaves it alone where it is as it should be.
fn replace(path: &Path, text: &str, mode: u32) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    fs::set_permissions(&new, Permissions::from_mode(mode))?;
    Ok(fs::rename(&new, path)?)
}

fn exclusive(path: &Path) -> Result<File> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.lock()?;
    Ok(file)
}

fn install(directory: &Path, requirements: &str) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(directory)).context(
        "python3 cannot make virtual environments (on Debian: apt install python3-venv)",
    )?;
    let list = directory.join("requirements.txt");
    fs::write(&list, requirements)?;
    run(Command::new(directory.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(&list))
    .context("pip could not install what it needs; this needs PyPI once")?;
    Ok(())
}

fn run(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Beside Cargo's own output when `CARGO_TARGET_DIR` says where that is, since continuous integration keeps it between
/// runs; else in the user's cache.
fn cache_directory() -> PathBuf {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("CARGO_TARGET_DIR")
        .or_else(|| set("XDG_CACHE_HOME"))
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(env::temp_dir)
        .join("terraform-provider-eks")
}
