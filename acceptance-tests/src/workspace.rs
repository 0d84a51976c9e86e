//! A working directory of its own for one test: configuration, state, environment, and the output of every command.
//!
//! When a test fails, or with `TF_ACC_PERSIST_WORKING_DIR` set, the directory stays and its name is printed.

use std::cell::Cell;
use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::aws::Account;
use crate::cli::Cli;
use crate::plan::Plan;
use crate::provider::{Endpoints, Provider, stand_ins};
use crate::run::{Run, Running};
use crate::state::State;

/// Whether a plan looks at AWS first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refresh {
    Yes,
    No,
}

/// A root module with a state, ready to run commands in.
pub struct Workspace {
    directory: TempDir,
    cli: Cli,
    environment: Vec<(String, String)>,
    commands: Cell<u32>,
}

impl Workspace {
    /// A directory that knows the provider, the endpoints and the account, and has nothing in it yet.
    pub fn new(
        cli: &Cli,
        provider: &Provider,
        account: &Account,
        endpoints: &Endpoints,
    ) -> Result<Self> {
        let workspace = Self::empty(cli, environment(account))?;
        workspace.configure(provider, account, endpoints)?;
        workspace.install(provider)?;
        Ok(workspace)
    }

    /// From now on the configuration is this provider's. One that is installed stays, for its state to be read.
    pub(crate) fn configure(
        &self,
        provider: &Provider,
        account: &Account,
        endpoints: &Endpoints,
    ) -> Result<()> {
        self.write_cli_configuration(provider, stand_ins().as_deref())?;
        let configuration = provider.requirement() + &provider.block(&account.region, endpoints);
        self.write("provider.tf", &configuration)
    }

    /// A directory with the configuration of `module` as it is. An override file beside it points its provider to
    /// simulated AWS.
    pub fn of_module(
        module: &Path,
        cli: &Cli,
        provider: &Provider,
        account: &Account,
        endpoints: &Endpoints,
    ) -> Result<Self> {
        let workspace = Self::empty(cli, environment(account))?;
        workspace.write_cli_configuration(provider, None)?;
        copy_files(module, &workspace.module())?;
        let block = provider.block(&account.region, endpoints);
        workspace.write("simulated_override.tf", &block)?;
        Ok(workspace)
    }

    fn empty(cli: &Cli, environment: Vec<(String, String)>) -> Result<Self> {
        let prefix = format!("acceptance-{}-{}-", cli.name, cli.version);
        let workspace = Self {
            directory: tempfile::Builder::new().prefix(&prefix).tempdir()?,
            cli: cli.clone(),
            environment,
            commands: Cell::new(0),
        };
        fs::create_dir(workspace.module())?;
        fs::create_dir(workspace.logs())?;
        Ok(workspace)
    }

    fn write_cli_configuration(&self, provider: &Provider, stand_ins: Option<&Path>) -> Result<()> {
        let configuration = provider.cli_configuration(stand_ins);
        Ok(fs::write(self.cli_configuration(), configuration)?)
    }

    /// Another directory with the same files and the same state.
    pub(crate) fn copy(&self, provider: &Provider) -> Result<Self> {
        let copy = Self::empty(&self.cli, self.environment.clone())?;
        fs::copy(self.cli_configuration(), copy.cli_configuration())?;
        copy_files(&self.module(), &copy.module())?;
        copy.install(provider)?;
        Ok(copy)
    }

    fn install(&self, provider: &Provider) -> Result<()> {
        if provider.needs_init() {
            self.run(&["init", "-input=false", "-no-color"])?
                .require()?;
        }
        Ok(())
    }

    pub(crate) fn cli(&self) -> &Cli {
        &self.cli
    }

    /// Where the configuration is.
    pub fn module(&self) -> PathBuf {
        self.directory.path().join("module")
    }

    fn cli_configuration(&self) -> PathBuf {
        self.directory.path().join("cli.tfrc")
    }

    fn logs(&self) -> PathBuf {
        self.directory.path().join("output")
    }

    /// Writes a file of the configuration.
    pub fn write(&self, name: &str, content: &str) -> Result<()> {
        fs::write(self.module().join(name), content).with_context(|| format!("cannot write {name}"))
    }

    /// A file of the configuration, empty when there is none.
    pub(crate) fn read(&self, name: &str) -> Result<String> {
        let path = self.module().join(name);
        if path.exists() {
            Ok(fs::read_to_string(path)?)
        } else {
            Ok(String::new())
        }
    }

    /// The command line with these arguments, in the environment of the test; for callers that watch it themselves.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.cli.command();
        command
            .args(arguments)
            .current_dir(self.module())
            .env("TF_CLI_CONFIG_FILE", self.cli_configuration())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end. That it ended well is the caller's to check.
    pub fn run(&self, arguments: &[&str]) -> Result<Run> {
        self.spawn(self.command(arguments), arguments)?.wait()
    }

    /// Starts a command in a process group of its own, so that it can be interrupted as from a terminal.
    pub fn start(&self, arguments: &[&str]) -> Result<Running> {
        let mut command = self.command(arguments);
        command.process_group(0);
        self.spawn(command, arguments)
    }

    /// Output goes to files rather than pipes: it can be read while the command runs, and stays when a test fails.
    fn spawn(&self, mut command: Command, arguments: &[&str]) -> Result<Running> {
        self.commands.set(self.commands.get() + 1);
        let name = format!(
            "{:02}-{}",
            self.commands.get(),
            arguments.first().unwrap_or(&"help")
        );
        let stdout = self.logs().join(format!("{name}.stdout"));
        let stderr = self.logs().join(format!("{name}.stderr"));
        let child = command
            .stdout(File::create(&stdout)?)
            .stderr(File::create(&stderr)?)
            .spawn()
            .with_context(|| format!("cannot run {}", self.cli.title()))?;
        let command = format!(
            "{}: {} {}",
            self.cli.title(),
            self.cli.name,
            arguments.join(" ")
        );
        Ok(Running {
            command,
            child,
            stdout,
            stderr,
        })
    }

    /// Plans with further arguments. A plan that succeeds is read, too: one that cannot be printed as JSON is of no use to
    /// whoever checks plans in a pipeline.
    pub(crate) fn try_plan(&self, arguments: &[&str]) -> Result<(Run, Option<Plan>)> {
        let plan = ["plan", "-input=false", "-json", "-out=plan"];
        let run = self.run(&[&plan, arguments].concat())?;
        let plan = run
            .succeeded()
            .then(|| self.show(&["show", "-json", "plan"]));
        let plan = plan.transpose()?.map(|json| Plan::new(&json));
        Ok((run, plan))
    }

    /// Plans, and reads the plan.
    pub(crate) fn plan(&self, refresh: Refresh) -> Result<Plan> {
        let refresh = match refresh {
            Refresh::Yes => "-refresh=true",
            Refresh::No => "-refresh=false",
        };
        self.plan_with(&[refresh])
    }

    /// The same with further arguments.
    pub(crate) fn plan_with(&self, arguments: &[&str]) -> Result<Plan> {
        let (run, plan) = self.try_plan(arguments)?;
        plan.with_context(|| run.to_string())
    }

    /// Applies the plan made last.
    pub(crate) fn apply_plan(&self) -> Result<Run> {
        let run = self.run(&["apply", "-input=false", "-json", "plan"])?;
        let run = run.require()?;
        // The next plan may be empty all the same: then the warning is what is wrong.
        let broken = run
            .diagnostics()
            .into_iter()
            .find(|it| it.says("is not as planned"));
        match broken {
            Some(warning) => bail!("the apply did not keep to its plan:\n{warning}"),
            None => Ok(run),
        }
    }

    /// The state as it is.
    pub fn state(&self) -> Result<State> {
        Ok(State::new(self.show(&["show", "-json"])?))
    }

    fn show(&self, arguments: &[&str]) -> Result<Value> {
        let run = self.run(arguments)?.require()?;
        serde_json::from_str(&run.stdout).with_context(|| format!("{run}"))
    }
}

impl Drop for Workspace {
    #[allow(clippy::print_stderr, reason = "A test that fails says where to look.")]
    fn drop(&mut self) {
        if std::thread::panicking() || env::var_os("TF_ACC_PERSIST_WORKING_DIR").is_some() {
            self.directory.disable_cleanup(true);
            eprintln!(
                "The working directory stays: {}",
                self.directory.path().display()
            );
        }
    }
}

/// Whether a variable of this machine must not reach the command line: it would have tests meet real AWS, or the
/// user's own settings. Logging is what a person who looks into a failure sets.
pub(crate) fn is_foreign(name: &str) -> bool {
    let ours = name.starts_with("TF_LOG");
    let theirs = ["AWS_", "TF_", "TOFU_"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    theirs && !ours
}

pub(crate) fn environment(account: &Account) -> Vec<(String, String)> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut environment = vec![set("TF_IN_AUTOMATION", "1"), set("CHECKPOINT_DISABLE", "1")];
    environment.extend(settings(account));
    environment
}

/// What leads to the account, whatever this machine is set up for.
pub(crate) fn settings(account: &Account) -> Vec<(String, String)> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        set("AWS_ACCESS_KEY_ID", &account.access_key_id),
        set("AWS_SECRET_ACCESS_KEY", &account.secret_access_key),
        set("AWS_SESSION_TOKEN", &account.session_token),
        // Not what the user of this machine has in there.
        set("AWS_CONFIG_FILE", "/dev/null"),
        set("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        set("AWS_EC2_METADATA_DISABLED", "true"),
        // A proxy of this machine cannot reach its loopback.
        set("NO_PROXY", "127.0.0.1,localhost"),
        set("no_proxy", "127.0.0.1,localhost"),
    ]
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_logging_settings_pass() {
        for foreign in [
            "AWS_PROFILE",
            "AWS_CA_BUNDLE",
            "TF_VAR_name",
            "TF_CLI_ARGS",
            "TOFU_X",
        ] {
            assert!(is_foreign(foreign), "{foreign}");
        }
        for ours in ["TF_LOG", "TF_LOG_PROVIDER", "PATH", "HOME"] {
            assert!(!is_foreign(ours), "{ours}");
        }
    }
    #[test]
    fn a_module_meets_our_provider_only() {
        let module = tempfile::tempdir().unwrap();
        let cli = Cli::installed().unwrap();
        let provider = Provider::Eks {
            directory: module.path().to_owned(),
        };
        let account = Account::of_key("http://127.0.0.1:1", "us-east-1", "1", "1");
        let endpoints = Endpoints {
            eks: String::new(),
            others: String::new(),
        };
        let workspace =
            Workspace::of_module(module.path(), &cli, &provider, &account, &endpoints).unwrap();
        let written = fs::read_to_string(workspace.cli_configuration()).unwrap();
        assert!(written.contains("terraform-provider-eks/eks"), "{written}");
        assert!(!written.contains("hashicorp/kubernetes"), "{written}");
    }
}
