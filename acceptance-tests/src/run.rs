//! One run of the command line: starting it, disturbing it, waiting for it, and what it said.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::diagnostic::Diagnostic;
use crate::processes::providers_of;

/// Simulated AWS answers in milliseconds, so a command that takes this long hangs.
const LIMIT: Duration = Duration::from_secs(300);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A command that has been started.
pub struct Running {
    pub(crate) command: String,
    pub(crate) child: Child,
    pub(crate) stdout: PathBuf,
    pub(crate) stderr: PathBuf,
}

impl Running {
    /// The process id of the command line, which is the parent of the providers.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What Ctrl-C in a terminal does: the signal goes to the command line and the provider alike.
    ///
    /// Only for commands started with [`crate::Workspace::start`], which have a process group of their own.
    pub fn interrupt(&self) -> Result<()> {
        kill_process_group(process(self.pid())?, Signal::INT).context("cannot interrupt")
    }

    /// Kills the provider processes as the kernel would when memory runs out.
    pub fn kill_providers(&self) -> Result<()> {
        let providers = providers_of(self.pid())?;
        if providers.is_empty() {
            bail!("{} runs no provider", self.command);
        }
        for provider in providers {
            kill_process(process(provider.pid)?, Signal::KILL)?;
        }
        Ok(())
    }

    /// Polls until `happened`, or fails when the command ends first.
    pub fn wait_until(&mut self, mut happened: impl FnMut() -> bool) -> Result<()> {
        while !happened() {
            if self.child.try_wait()?.is_some() {
                bail!("ended before what the test waited for:\n{}", self.said()?);
            }
            sleep(POLL_INTERVAL);
        }
        Ok(())
    }

    /// Waits for the end; a command that hangs is killed and is an error.
    pub fn wait(mut self) -> Result<Run> {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Run {
                    status: Some(status),
                    ..self.said()?
                });
            }
            if Instant::now() > deadline {
                self.child.kill()?;
                bail!("gave no end within {LIMIT:?}:\n{}", self.said()?);
            }
            sleep(POLL_INTERVAL);
        }
    }

    fn said(&self) -> Result<Run> {
        Ok(Run {
            command: self.command.clone(),
            status: None,
            stdout: String::from_utf8_lossy(&fs::read(&self.stdout)?).into_owned(),
            stderr: String::from_utf8_lossy(&fs::read(&self.stderr)?).into_owned(),
        })
    }
}

/// A command that has ended.
#[derive(Debug)]
pub struct Run {
    /// As typed.
    pub command: String,
    /// None while it runs.
    pub status: Option<ExitStatus>,
    /// What it printed.
    pub stdout: String,
    /// With `TF_LOG` set, the log.
    pub stderr: String,
}

impl Run {
    /// Whether it ended well; `plan -detailed-exitcode` ends well with 2.
    pub fn succeeded(&self) -> bool {
        matches!(self.code(), Some(0 | 2))
    }

    /// The exit code; None when a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Errors and warnings that it reported with `-json`.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        Diagnostic::all(&self.stdout)
    }

    /// Errors among the diagnostics.
    pub fn errors(&self) -> Vec<Diagnostic> {
        self.diagnostics()
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect()
    }

    /// The run, or what it said as an error.
    pub fn require(self) -> Result<Self> {
        if !self.succeeded() {
            bail!("{self}");
        }
        Ok(self)
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.command)?;
        if let Some(status) = self.status {
            write!(f, ": {status}")?;
        }
        let diagnostics = self.diagnostics();
        for diagnostic in &diagnostics {
            write!(f, "\n{diagnostic}")?;
        }
        if diagnostics.is_empty() {
            write!(f, "\n{}", self.stdout.trim_end())?;
        }
        // With TF_LOG set this is the log, which stays in the working directory.
        if !self.stderr.is_empty() && std::env::var_os("TF_LOG").is_none() {
            write!(f, "\n{}", self.stderr.trim_end())?;
        }
        Ok(())
    }
}

/// Zero and numbers beyond the system's own are no processes.
fn process(pid: u32) -> Result<Pid> {
    Pid::from_raw(pid.try_into()?).context("not a process id")
}
