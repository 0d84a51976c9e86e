//! Compares our provider with hashicorp/aws: the same stack, alternately, on the same simulated AWS.
//!
//! `TF_EKS_COMPARE_MIRROR` names a directory in the layout of `terraform providers mirror`, unpacked, that holds
//! hashicorp/aws; without it only our own column is measured. The one argument is the number of rounds. It prints a
//! Markdown table for each of two stacks.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "This program prints its result."
)]

mod contender;
mod measure;
mod start;
mod table;

use std::process::ExitCode;

use acceptance_tests::{Cli, Provider};
use anyhow::{Context, Result};

use contender::{Contender, Stack};
use table::Table;

const ROUNDS: usize = 5;

const STACKS: [(Stack, &str); 2] = [
    (Stack::Fleet, "One cluster and ten node groups"),
    (
        Stack::Platform,
        "One cluster, one node group, and ten each of add-ons, access entries and roles for service accounts",
    ),
];

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
    let rounds = match std::env::args().nth(1) {
        Some(rounds) => rounds
            .parse()
            .context("the one argument is the number of rounds")?,
        None => ROUNDS,
    };
    for (stack, title) in STACKS {
        println!("{title}:\n\n{}", compare(stack, rounds)?);
    }
    Ok(())
}

fn compare(stack: Stack, rounds: usize) -> Result<Table> {
    let cli = Cli::installed()?;
    let ours = Contender::new("terraform-provider-eks", &cli, Provider::ours()?, stack)?;
    let mut contenders = vec![ours];
    if let Some(theirs) = Provider::hashicorp_aws() {
        contenders.push(Contender::new(
            "hashicorp/aws 5.100.0",
            &cli,
            theirs,
            stack,
        )?);
    }
    for round in 1..=rounds {
        for contender in &mut contenders {
            eprintln!("round {round} of {rounds}: {}", contender.name);
            contender.round()?;
        }
    }
    Table::of(&contenders)
}
