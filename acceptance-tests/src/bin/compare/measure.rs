//! Stopwatches for one command.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::{Workspace, providers_of};
use anyhow::{Result, bail, ensure};
use wait4::{ResUse, Wait4};

const SAMPLE_INTERVAL: Duration = Duration::from_millis(20);

/// What one command cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sample {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of processor time, user and system, of the command line and its providers.
    pub cpu: f64,
    /// Most megabytes that all provider processes together had resident.
    pub resident: f64,
    /// Requests that EKS received.
    pub calls: f64,
    /// Requests that the other services received: IAM and STS.
    pub other_calls: f64,
}

/// Values measured over and over.
#[derive(Debug, Clone)]
pub struct Samples<T>(Vec<T>);

impl<T> Default for Samples<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Samples<T> {
    pub fn push(&mut self, sample: T) {
        self.0.push(sample);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One quantity of all samples.
    pub fn of(&self, quantity: impl Fn(&T) -> f64) -> Spread {
        let mut values: Vec<_> = self.0.iter().map(quantity).collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        let last = values.len().saturating_sub(1);
        Spread {
            least: at(0),
            median: (at(last / 2) + at(last.div_ceil(2))) / 2.0,
            most: at(last),
        }
    }
}

/// Where the values of one quantity lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

/// Runs a command of the command line and measures it.
pub fn command(workspace: &Workspace, arguments: &[&str]) -> Result<Sample> {
    let start = Instant::now();
    let child = workspace.command(arguments).stdout(Stdio::null()).spawn()?;
    let (pid, ended) = (child.id(), AtomicBool::new(false));
    let (ended_with, wall, resident) = thread::scope(|scope| {
        let sampler = scope.spawn(|| most_resident(pid, &ended));
        let ended_with = child.wait4();
        let wall = start.elapsed();
        ended.store(true, Ordering::Relaxed);
        (ended_with, wall, sampler.join())
    });
    let ResUse { status, rusage } = ended_with?;
    ensure!(
        status.success(),
        "{} {arguments:?}: {status}",
        workspace.module().display()
    );
    let Ok(resident) = resident else {
        bail!("the sampler failed")
    };
    Ok(Sample {
        wall: wall.as_secs_f64(),
        // The command line waits for its providers, so their time is in its own.
        cpu: (rusage.utime + rusage.stime).as_secs_f64(),
        resident: resident? as f64 / 1e6,
        ..Sample::default()
    })
}

fn most_resident(pid: u32, ended: &AtomicBool) -> Result<u64> {
    let mut most = 0;
    while !ended.load(Ordering::Relaxed) {
        let sum = providers_of(pid)?
            .iter()
            .map(|provider| provider.resident)
            .sum();
        most = most.max(sum);
        thread::sleep(SAMPLE_INTERVAL);
    }
    Ok(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[f64]) -> (f64, f64, f64) {
        let Spread {
            least,
            median,
            most,
        } = Samples(values.to_vec()).of(|value| *value);
        (least, median, most)
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(spread(&[3.0, 1.0, 2.0]), (1.0, 2.0, 3.0));
        assert_eq!(spread(&[4.0, 1.0, 2.0, 3.0]), (1.0, 2.5, 4.0));
        assert_eq!(spread(&[7.0]), (7.0, 7.0, 7.0));
        assert_eq!(spread(&[]), (0.0, 0.0, 0.0));
    }
}
