//! Runs after the acceptance tests, since Cargo goes by the alphabet: shows how they fared with each command line, and holds
//! `hosts.txt` against it, which the documentation is made of.
//!
//! With an argument, the filter of a run that was not a complete one, it only shows.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "A person reads the table."
)]

use std::env;
use std::process::ExitCode;

use acceptance_tests::hosts::Matrix;
use anyhow::Result;

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
    let matrix = Matrix::of_last_run()?;
    println!("\nThe acceptance tests, by command line:\n\n{matrix}");
    if env::args().len() > 1 {
        return Ok(());
    }
    matrix.settle()
}
