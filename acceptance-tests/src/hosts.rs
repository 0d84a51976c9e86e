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
/// The first line of the outcomes of a run that was told which tests to run.
const FILTERED: &str = "only some tests";
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
    let only = env::var("TF_ACC_ONLY").unwrap_or_default();
    if !*begun && (!only.is_empty() || env::args().skip(1).any(|it| chooses(&it))) {
        writeln!(file, "{FILTERED}")?;
    }
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

/// Whether an argument of a test program chooses some of its tests.
fn chooses(argument: &str) -> bool {
    let is_about_all = [
        "--nocapture",
        "--no-capture",
        "--show-output",
        "--quiet",
        "-q",
    ];
    let has_value = ["--test-threads=", "--color=", "--format="];
    !is_about_all.contains(&argument) && !has_value.iter().any(|it| argument.starts_with(it))
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
    is_whole: bool,
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

    /// Writes `hosts.txt` with `UPDATE` set. Else, with `TF_ACC_HOSTS=strict` as in continuous integration, holds it against
    /// the run: people have other versions of Terraform.
    pub fn settle(&self) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts.txt");
        let known = fs::read_to_string(&path).unwrap_or_default();
        for (title, host) in &self.hosts {
            let failed = host.count(|outcome| *outcome == Outcome::Failed);
            ensure!(failed == 0, "{failed} tests failed with {title}");
        }
        let is_strict = env::var_os("TF_ACC_HOSTS").is_some_and(|value| value == "strict");
        if env::var_os("UPDATE").is_some() {
            self.expect_complete()?;
            return Ok(fs::write(&path, self.lines(&known))?);
        }
        if is_strict {
            self.expect_complete()?;
            self.expect_known(&known)?;
        }
        Ok(())
    }

    fn expect_complete(&self) -> Result<()> {
        ensure!(!self.hosts.is_empty(), "no acceptance test has run");
        ensure!(self.is_whole, "the last run was only of some tests");
        let mut hosts = self.hosts.iter();
        if let Some((first, host)) = hosts.next() {
            let tests: Vec<_> = host.tests.keys().collect();
            for (title, other) in hosts {
                let is_same = other.tests.keys().collect::<Vec<_>>() == tests;
                ensure!(is_same, "{title} has not had the same tests as {first}");
            }
        }
        Ok(())
    }

    /// The command lines of every run are those that `hosts.txt` says.
    fn expect_known(&self, known: &str) -> Result<()> {
        let in_every_run = |line: &str| {
            let (title, how_often) = line.split_once(SEPARATOR)?;
            (how_often == IN_EVERY_RUN).then(|| title.to_owned())
        };
        let said: Vec<_> = known.lines().filter_map(in_every_run).collect();
        let hosts = self.hosts.iter();
        let run = hosts.filter(|(_, host)| host.how_often == IN_EVERY_RUN);
        let run: Vec<_> = run.map(|(title, _)| title.clone()).collect();
        ensure!(
            said == run,
            "hosts.txt says that every run has {said:?}, but this one has {run:?}; a complete run with UPDATE=1 corrects it"
        );
        Ok(())
    }

    /// The lines of `hosts.txt` after this run: command lines of every run are those of this one, and others that were tested
    /// by hand stay.
    fn lines(&self, known: &str) -> String {
        let by_hand = known.lines().filter_map(|line| line.split_once(SEPARATOR));
        let by_hand = by_hand.filter(|(_, how_often)| *how_often == BY_HAND);
        let mut lines: BTreeMap<_, _> = by_hand.collect();
        let hosts = self.hosts.iter();
        lines.extend(hosts.map(|(title, host)| (title.as_str(), host.how_often.as_str())));
        let line = |(title, how_often)| format!("{title}{SEPARATOR}{how_often}\n");
        lines.into_iter().map(line).collect()
    }
}

impl Host {
    fn count(&self, is_counted: impl Fn(&Outcome) -> bool) -> usize {
        self.tests.values().filter(|it| is_counted(it)).count()
    }
}

impl From<&str> for Matrix {
    fn from(text: &str) -> Self {
        let mut matrix = Self {
            is_whole: !text.starts_with(FILTERED),
            ..Self::default()
        };
        for line in text.lines().filter(|line| *line != FILTERED) {
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
    fn lines_of_every_run_are_those_of_this_one() {
        let known = "OpenTofu 1.11.0 | by hand\nTerraform 1.9.0 | in every run\n";
        let expected = "\
OpenTofu 1.11.0 | by hand
OpenTofu 1.12.6 | by hand
Terraform 1.11.4 | in every run
";
        assert_eq!(Matrix::from(RUN).lines(known), expected);
    }

    /// What an error says; empty without one.
    fn said(result: Result<()>) -> String {
        result
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_host_that_did_not_run_is_noticed() {
        let matrix = Matrix::from(RUN);
        assert_eq!(
            said(matrix.expect_known("Terraform 1.11.4 | in every run\n")),
            ""
        );
        for known in [
            "",
            "Terraform 1.11.4 | in every run\nTerraform 1.15.5 | in every run\n",
        ] {
            let said = said(matrix.expect_known(known));
            assert!(
                said.contains("this one has [\"Terraform 1.11.4\"]"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_run_of_some_tests_shows_nothing() {
        let different = said(Matrix::from(RUN).expect_complete());
        assert_eq!(
            different,
            "Terraform 1.11.4 has not had the same tests as OpenTofu 1.12.6"
        );
        let filtered = Matrix::from(format!("{FILTERED}\n{RUN}").as_str());
        assert_eq!(
            said(filtered.expect_complete()),
            "the last run was only of some tests"
        );
        let none = said(Matrix::default().expect_complete());
        assert_eq!(none, "no acceptance test has run");
        let same = RUN.lines().next().unwrap();
        assert_eq!(said(Matrix::from(same).expect_complete()), "");
    }

    #[test]
    fn filters_choose_tests_and_options_do_not() {
        for argument in ["cluster", "--skip", "--exact", "--ignored"] {
            assert!(chooses(argument), "{argument}");
        }
        for argument in ["--nocapture", "--test-threads=4"] {
            assert!(!chooses(argument), "{argument}");
        }
    }

    #[test]
    fn a_host_with_a_failure_is_not_called_tested() {
        let error = said(Matrix::from(RUN).settle());
        assert_eq!(error, "1 tests failed with OpenTofu 1.12.6");
    }
}
