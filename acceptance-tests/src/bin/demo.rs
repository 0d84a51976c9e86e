//! Shows the provider at work on this machine, with no AWS account: builds it, applies `examples/complete` to simulated
//! AWS, changes it, destroys it.
//!
//! Needs Rust, Terraform or OpenTofu, and Python 3. What is missing is named in one sentence.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "This program talks to a person."
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use acceptance_tests::{Cli, Provider, SimulatedAws, Workspace};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use signal_hook::consts::SIGINT;

const STEPS: u8 = 8;

fn main() -> ExitCode {
    let start = Instant::now();
    match run() {
        Ok(()) => {
            println!("\nAll of it took {:.0} s.", start.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let demo = Demo {
        interrupted: watch_for_interrupt()?,
    };
    let cli = Cli::installed()?
        .into_iter()
        .next()
        .context("no command line is installed")?;

    step(
        1,
        "Build the provider (the AWS SDKs take a few minutes the first time)",
    );
    demo.call(&mut build())?;

    step(
        2,
        "Start simulated AWS: eks-simulator for EKS, moto for IAM, EC2, STS and KMS",
    );
    let aws = SimulatedAws::new()?;
    let workspace = demo.example(&cli, &aws)?;

    step(
        3,
        "Apply examples/complete: a cluster with nodes, Fargate, add-ons, IRSA roles and an access entry",
    );
    demo.cli(&cli, &workspace, &["apply", "-auto-approve"])?;

    step(4, "Plan again: nothing may be left to do");
    demo.cli(&cli, &workspace, &["plan", "-detailed-exitcode"])?;

    step(5, "Scale the application node group from 3 to 5 nodes");
    let variables = json!({ "application_nodes": 5 });
    workspace.write("scaled.auto.tfvars.json", &variables.to_string())?;
    demo.cli(&cli, &workspace, &["apply", "-auto-approve"])?;

    step(6, "Outputs");
    demo.cli(&cli, &workspace, &["output"])?;

    step(7, "Destroy everything");
    demo.cli(&cli, &workspace, &["destroy", "-auto-approve"])?;

    step(8, "Ask EKS what is left");
    let left = aws.cluster_names()?;
    ensure!(left.is_empty(), "EKS still has the clusters {left:?}");
    println!("No cluster is left. EKS had {} requests.", aws.eks_calls());
    Ok(())
}

fn step(number: u8, what: &str) {
    println!("\n\x1b[1m[{number}/{STEPS}] {what}\x1b[0m");
}

/// Only notes the signal: the terminal sends it to the running command as well, and that winds down by itself. All
/// that is left then is to return, which stops simulated AWS and removes the working directory.
fn watch_for_interrupt() -> Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGINT, Arc::clone(&interrupted))?;
    Ok(interrupted)
}

fn build() -> Command {
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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

struct Demo {
    interrupted: Arc<AtomicBool>,
}

impl Demo {
    /// A copy of the example with what it asks for as variables.
    fn example(&self, cli: &Cli, aws: &SimulatedAws) -> Result<Workspace> {
        let ground = aws.set_up()?;
        let variables = json!({
            "cluster_role_arn": ground.cluster_role_arn,
            "node_role_arn": ground.node_role_arn,
            "fargate_role_arn": aws.account.create_role("fargate", "eks-fargate-pods.amazonaws.com")?,
            "admin_role_arn": aws.account.create_role("admin", "ec2.amazonaws.com")?,
            "subnet_ids": ground.network.private_subnet_ids,
            "kms_key_arn": aws.account.create_kms_key()?,
            "admin_cidrs": ["203.0.113.0/24"],
        });
        let module = root().join("examples/complete");
        let provider = Provider::ours()?;
        let workspace =
            Workspace::of_module(&module, cli, &provider, &aws.account, &aws.endpoints())?;
        workspace.write("terraform.tfvars.json", &format!("{variables:#}"))?;
        println!(
            "EKS is at {}, the rest at {}.",
            aws.endpoints().eks,
            aws.endpoints().others
        );
        println!(
            "The account is {}; it has {}.",
            aws.account.id,
            names(&variables)
        );
        Ok(workspace)
    }

    /// Runs the command line so that its output is seen as it comes.
    fn cli(&self, cli: &Cli, workspace: &Workspace, arguments: &[&str]) -> Result<()> {
        println!("\x1b[2m$ {} {}\x1b[0m", cli.name, arguments.join(" "));
        self.call(&mut workspace.command(arguments))
    }

    fn call(&self, command: &mut Command) -> Result<()> {
        let program = command.get_program().to_string_lossy().into_owned();
        let status = command
            .status()
            .with_context(|| format!("cannot run {program}"))?;
        if self.interrupted.load(Ordering::Relaxed) {
            bail!(
                "Interrupted. Simulated AWS has gone with everything in it; nothing is left behind."
            );
        }
        ensure!(status.success(), "{program} ended with {status}");
        Ok(())
    }
}

fn names(variables: &Value) -> String {
    let names = variables
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys);
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
