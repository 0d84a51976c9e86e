//! How each test fared with each command line: written down while the tests run, and shown as a table at their end. And
//! `hosts.txt`, the command lines with which all of them have passed, which the documentation names.

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, ensure};

use crate::checkout;
use crate::cli::Cli;

/// How a test fared with one command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Well.
    Passed,
    /// It was left out, for that reason.
    Skipped(String),
    /// Badly.
    Failed,
}

/// Of what a line of `hosts.txt` consists, and one of the file of outcomes.
const SEPARATOR: &str = " | ";
const IN_EVERY_RUN: &str = "in every run";
const BY_HAND: &str = "by hand";

/// Writes down how the running test fared.
pub(crate) fn record(cli: &Cli, outcome: &Outcome) -> Result<()> {
    static BEGUN: Mutex<bool> = Mutex::new(false);
    let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    let path = outcomes_file()?;
    let mut options = OpenOptions::new();
    // The first test of a run takes away what the run before has left.
    match *begun {
        true => options.append(true),
        false => options.write(true).truncate(true),
    };
    let mut file = options.create(true).open(&path)?;
    *begun = true;
    let test = thread::current().name().unwrap_or_default().to_owned();
    let fields = [
        cli.title(),
        how_often(cli.is_in_every_run).to_owned(),
        test,
        outcome.to_string(),
    ];
    writeln!(file, "{}", fields.join(SEPARATOR)).context("cannot write down how the test fared")
}

fn how_often(is_in_every_run: bool) -> &'static str {
    if is_in_every_run {
        IN_EVERY_RUN
    } else {
        BY_HAND
    }
}

/// Beside the programs that Cargo builds.
fn outcomes_file() -> Result<PathBuf> {
    let directory = checkout::profile_directory(&env::current_exe()?);
    let directory = directory.context("the running program has no directory")?;
    Ok(directory.join("acceptance-outcomes.txt"))
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
            Self::Failed => f.write_str("failed"),
        }
    }
}

impl From<&str> for Outcome {
    fn from(text: &str) -> Self {
        match text.strip_prefix("skipped: ") {
            Some(reason) => Self::Skipped(reason.to_owned()),
            None if text == "passed" => Self::Passed,
            None => Self::Failed,
        }
    }
}

/// The outcomes of a run: for each command line, those of its tests.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    hosts: BTreeMap<String, Host>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Host {
    how_often: String,
    tests: BTreeMap<String, Outcome>,
}

impl Matrix {
    /// That of the last run of this build; an empty one when nothing has run yet.
    pub fn of_last_run() -> Result<Self> {
        let text = fs::read_to_string(outcomes_file()?).unwrap_or_default();
        Ok(Self::from(text.as_str()))
    }

    /// Holds `hosts.txt` against a complete run, or with `UPDATE` set writes it.
    pub fn settle(&self) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts.txt");
        let known = fs::read_to_string(&path).unwrap_or_default();
        ensure!(!self.hosts.is_empty(), "no acceptance test has run");
        for (title, host) in &self.hosts {
            let failed = host.count(|outcome| *outcome == Outcome::Failed);
            ensure!(failed == 0, "{failed} tests failed with {title}");
        }
        let settled = self.lines(&known);
        if env::var_os("UPDATE").is_some() {
            return Ok(fs::write(&path, settled)?);
        }
        ensure!(
            settled == known,
            "hosts.txt should be, after a complete run with UPDATE=1:\n{settled}"
        );
        Ok(())
    }

    /// The lines of `hosts.txt` when these hosts are added to those that it has. A command line that this machine happens
    /// to have replaces one that the tests have met elsewhere only where somebody wants that to be said.
    fn lines(&self, known: &str) -> String {
        let title = |line: &str| line.split(SEPARATOR).next().map(str::to_owned);
        let mut lines: BTreeMap<_, _> = known
            .lines()
            .filter_map(|line| Some((title(line)?, line.to_owned())))
            .collect();
        let is_update = env::var_os("UPDATE").is_some();
        for (title, host) in &self.hosts {
            if is_update || lines.contains_key(title) {
                let line = [title.as_str(), &host.how_often].join(SEPARATOR);
                lines.insert(title.clone(), line);
            }
        }
        lines.into_values().map(|line| line + "\n").collect()
    }
}

impl Host {
    fn count(&self, is_counted: impl Fn(&Outcome) -> bool) -> usize {
        self.tests.values().filter(|it| is_counted(it)).count()
    }
}

impl From<&str> for Matrix {
    fn from(text: &str) -> Self {
        let mut matrix = Self::default();
        for line in text.lines() {
            let mut fields = line.splitn(4, SEPARATOR);
            let mut field = || fields.next().unwrap_or_default().to_owned();
            let (host, how_often, test, outcome) = (field(), field(), field(), field());
            let host = matrix.hosts.entry(host).or_default();
            host.how_often = how_often;
            host.tests.insert(test, Outcome::from(outcome.as_str()));
        }
        matrix
    }
}

/// A table, and below it what was skipped and what failed.
impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.hosts.keys().map(String::len).max().unwrap_or_default();
        writeln!(f, "{:width$}  passed  skipped  failed", "")?;
        for (title, host) in &self.hosts {
            let passed = host.count(|outcome| *outcome == Outcome::Passed);
            let failed = host.count(|outcome| *outcome == Outcome::Failed);
            let skipped = host.tests.len() - passed - failed;
            writeln!(f, "{title:width$}  {passed:6}  {skipped:7}  {failed:6}")?;
        }
        for (title, host) in &self.hosts {
            for (test, outcome) in &host.tests {
                if *outcome != Outcome::Passed {
                    writeln!(f, "{title}: {test} {outcome}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "\
Terraform 1.11.4 | in every run | addon::imports | passed
Terraform 1.11.4 | in every run | addon::by_identity | skipped: imports by identity came with 1.12
OpenTofu 1.12.6 | by hand | addon::imports | failed
";

    #[test]
    fn shows_what_did_not_pass() {
        let expected = "                  passed  skipped  failed
OpenTofu 1.12.6        0        0       1
Terraform 1.11.4       1        1       0
OpenTofu 1.12.6: addon::imports failed
Terraform 1.11.4: addon::by_identity skipped: imports by identity came with 1.12
";
        assert_eq!(Matrix::from(RUN).to_string(), expected);
    }

    #[test]
    fn a_line_says_how_often_a_host_is_tested() {
        let matrix = Matrix::from(RUN);
        let known = "OpenTofu 1.12.6 | in every run\nTerraform 1.9.0 | by hand\n";
        let expected = "OpenTofu 1.12.6 | by hand\nTerraform 1.9.0 | by hand\n";
        assert_eq!(matrix.lines(known), expected);
    }

    #[test]
    fn a_host_with_a_failure_is_not_called_tested() {
        let error = Matrix::from(RUN).settle().unwrap_err();
        assert_eq!(error.to_string(), "1 tests failed with OpenTofu 1.12.6");
        let error = Matrix::default().settle().unwrap_err();
        assert_eq!(error.to_string(), "no acceptance test has run");
    }
}
