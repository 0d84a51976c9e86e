//! Simulated AWS that runs as a Python program beside the tests.
//!
//! Knows how such a program starts and ends, not which services it has.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};

use crate::python::Environment;

/// A Python program that serves.
pub(crate) struct Program {
    /// For messages, and of its virtual environment.
    pub(crate) name: &'static str,
    /// What pip installs for it.
    pub(crate) requirements: &'static str,
    /// Prints the address as its first line, and ends when its stdin closes.
    pub(crate) script: &'static str,
}

/// A running program, which ends when the value is dropped or this process ends.
pub(crate) struct Server {
    endpoint: String,
    process: Child,
}

impl Server {
    pub(crate) fn start(program: &Program, variables: &[(&str, &str)]) -> Result<Self> {
        let Program { name, .. } = program;
        let environment = Environment::with(name, program.requirements)?;
        let mut process = environment
            .python()
            .args(["-c", program.script])
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let endpoint = first_line(&mut process).with_context(|| format!("{name} did not start"))?;
        drain(&mut process);
        Ok(Self { endpoint, process })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // There is nobody to tell: the server has gone or will be gone with this process.
        let _ = self.process.wait();
    }
}

fn first_line(process: &mut Child) -> Result<String> {
    let mut line = String::new();
    let stdout = process.stdout.take().context("no stdout")?;
    BufReader::new(stdout).read_line(&mut line)?;
    if line.trim().is_empty() {
        let mut error = String::new();
        if let Some(mut stderr) = process.stderr.take() {
            stderr.read_to_string(&mut error)?;
        }
        bail!("{error}");
    }
    Ok(line.trim().to_owned())
}

/// Reads and forgets what the program writes, which would otherwise block when the pipe is full.
fn drain(process: &mut Child) {
    if let Some(mut stderr) = process.stderr.take() {
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_does_not_start_says_why() {
        let broken = Program {
            name: "moto",
            requirements: include_str!("../moto/requirements.txt"),
            script: "raise SystemExit('no port')",
        };
        let error = Server::start(&broken, &[]).err().unwrap();
        let error = format!("{error:#}");
        assert_eq!(error.trim(), "moto did not start: no port");
    }
}
