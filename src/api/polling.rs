//! How often to look: jittered exponential intervals.

use std::time::Duration;

/// The shortest and the longest interval between two looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    /// The first interval.
    pub min: Duration,
    /// What the intervals grow to.
    pub max: Duration,
}

impl Default for Polling {
    /// EKS needs seconds for small changes and ten minutes for a cluster, and answers a describe in a few milliseconds.
    fn default() -> Self {
        Self {
            min: Duration::from_secs(1),
            max: Duration::from_secs(10),
        }
    }
}

impl Polling {
    /// The intervals, without end.
    pub fn intervals(self) -> impl Iterator<Item = Duration> + Send {
        std::iter::successors(Some(self.min), move |interval| {
            Some(interval.mul_f64(GROWTH).min(self.max))
        })
        .map(jittered)
    }
}

const GROWTH: f64 = 1.5;

/// Ten node groups that Terraform starts together must not ask AWS at the same moments.
fn jittered(interval: Duration) -> Duration {
    interval.mul_f64(0.75 + 0.5 * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_grow_to_the_longest() {
        let polling = Polling::default();
        let intervals: Vec<_> = polling.intervals().take(20).collect();
        assert!(intervals[0] <= polling.min.mul_f64(1.25));
        assert!(intervals.iter().all(|i| *i >= polling.min.mul_f64(0.75)));
        let last = intervals[19];
        assert!(last >= polling.max.mul_f64(0.75) && last <= polling.max.mul_f64(1.25));
    }
}
