//! Simulated AWS to try one's own configurations on: starts it, prints what to export, and stays until Ctrl-C. The one
//! argument, which may be left out, is the port of EKS; the other services get the port after it.
//!
//! Needs Rust and Python 3. What is missing is named in one sentence.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "This program talks to a person."
)]

use std::env;
use std::process::ExitCode;

use acceptance_tests::{Playground, checkout};
use anyhow::{Context, Result, ensure};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let port = match env::args().nth(1) {
        Some(port) => port
            .parse()
            .context("the one argument is the port of EKS, such as 4510")?,
        None => 0,
    };
    // It first looks whether there is anything to build.
    let status = checkout::build_provider().status()?;
    ensure!(status.success(), "the provider does not build");
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let playground = Playground::start(port)?;
    println!("{}", told(&playground));
    signals.forever().next();
    println!("\nSimulated AWS has gone with everything in it.");
    Ok(())
}

/// Can be pasted into a shell as a whole.
fn told(playground: &Playground) -> String {
    let variables = playground.variables().into_iter();
    let exports: Vec<_> = variables
        .map(|(name, value)| format!("export {name}='{value}'"))
        .collect();
    format!(
        "# Simulated AWS runs until Ctrl-C. In another shell:\nunset AWS_PROFILE\n{}\n\
         # Then terraform plan and apply, without init.",
        exports.join("\n")
    )
}
