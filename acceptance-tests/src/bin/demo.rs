//! Shows the provider at work on this machine, with no AWS account: builds it, applies `examples/complete` to simulated
//! AWS, changes it, destroys it.
//!
//! Needs Rust, Terraform or OpenTofu, and Python 3. What is missing is named in one sentence.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "This program talks to a person."
)]

use std::io::{self, IsTerminal};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use acceptance_tests::{Cli, Provider, SimulatedAws, Workspace, checkout};
use anyhow::{Context, Result, ensure};
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
    let cli = Cli::installed()?;

    step(
        1,
        "Build the provider (the AWS SDKs take a few minutes the first time)",
    );
    demo.call(&mut checkout::build_provider())?;

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
    demo.destroy(&cli, &workspace)?;

    step(8, "Ask EKS what is left");
    let left = aws.cluster_names()?;
    ensure!(left.is_empty(), "EKS still has the clusters {left:?}");
    println!("No cluster is left. EKS had {} requests.", aws.eks_calls());
    Ok(())
}

fn step(number: u8, what: &str) {
    println!("\n{}", styled(BOLD, &format!("[{number}/{STEPS}] {what}")));
}

const BOLD: u8 = 1;
const FAINT: u8 = 2;

fn styled(style: u8, text: &str) -> String {
    match io::stdout().is_terminal() {
        true => format!("\x1b[{style}m{text}\x1b[0m"),
        false => text.to_owned(),
    }
}

/// Only notes the signal: the terminal sends it to the running command as well, and that winds down by itself. All
/// that is left then is to return, which stops simulated AWS and removes the working directory.
fn watch_for_interrupt() -> Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGINT, Arc::clone(&interrupted))?;
    Ok(interrupted)
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
        let module = checkout::root().join("examples/complete");
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
        let mut arguments = arguments.to_vec();
        if !io::stdout().is_terminal() {
            arguments.insert(1, "-no-color");
        }
        say(cli, &arguments);
        self.call(&mut workspace.command(&arguments))
    }

    /// Of the plan it shows the sum only: what there is has been seen when it was made.
    fn destroy(&self, cli: &Cli, workspace: &Workspace) -> Result<()> {
        let plan = ["plan", "-destroy", "-no-color", "-out=destroy.tfplan"];
        say(cli, &plan);
        let run = workspace.run(&plan)?;
        self.require_calm()?;
        let run = run.require()?;
        let sums = run.stdout.lines().filter(|line| line.starts_with("Plan:"));
        sums.for_each(|sum| println!("{sum}"));
        self.cli(cli, workspace, &["apply", "destroy.tfplan"])
    }

    fn call(&self, command: &mut Command) -> Result<()> {
        let program = command.get_program().to_string_lossy().into_owned();
        let status = command
            .status()
            .with_context(|| format!("cannot run {program}"))?;
        self.require_calm()?;
        ensure!(status.success(), "{program} ended with {status}");
        Ok(())
    }

    fn require_calm(&self) -> Result<()> {
        ensure!(
            !self.interrupted.load(Ordering::Relaxed),
            "Interrupted. Simulated AWS has gone with everything in it; nothing is left behind."
        );
        Ok(())
    }
}

fn say(cli: &Cli, arguments: &[&str]) {
    let command = format!("$ {} {}", cli.name, arguments.join(" "));
    println!("{}", styled(FAINT, &command));
}

fn names(variables: &Value) -> String {
    let names = variables
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys);
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
