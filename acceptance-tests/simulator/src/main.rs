//! The simulator as a program: it prints its endpoint and serves until it is stopped.

use std::io::{self, Write};

use clap::Parser;
use eks_simulator::{Options, Simulator, Timings};

/// Simulates the Amazon EKS API on 127.0.0.1.
#[derive(Parser)]
struct Arguments {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How many times as fast as by default transitions are (a cluster takes 300 ms to create by
    /// default)
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let timings = Timings::default().faster(arguments.speed);
    let simulator = Simulator::start(Options {
        port: arguments.port,
        timings,
    })?;
    writeln!(io::stdout(), "{}", simulator.endpoint())?;
    io::stdout().flush()?;
    simulator.wait();
    Ok(())
}
