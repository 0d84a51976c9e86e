//! Simulated time: how far transitions have come, and what is due when.
//!
//! Transitions run on a clock that tests can stop and push forward; timestamps in answers are
//! wall-clock time, as on AWS. This module knows nothing of clusters.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long each transition takes. Every duration is in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timings {
    pub cluster_create: u64,
    pub cluster_update: u64,
    pub cluster_delete: u64,
    pub node_group_create: u64,
    pub node_group_update: u64,
    pub node_group_delete: u64,
    /// Anything else that a cluster contains.
    pub object_create: u64,
    pub object_update: u64,
    pub object_delete: u64,
}

impl Default for Timings {
    fn default() -> Self {
        Timings {
            cluster_create: 300,
            cluster_update: 200,
            cluster_delete: 200,
            node_group_create: 200,
            node_group_update: 150,
            node_group_delete: 150,
            object_create: 150,
            object_update: 150,
            object_delete: 150,
        }
    }
}

impl Timings {
    /// The same timings `speed` times as fast. A speed of zero or less changes nothing.
    pub fn faster(self, speed: f64) -> Self {
        let scale = |millis: u64| match speed > 0.0 {
            true => (millis as f64 / speed).round() as u64,
            false => millis,
        };
        Timings {
            cluster_create: scale(self.cluster_create),
            cluster_update: scale(self.cluster_update),
            cluster_delete: scale(self.cluster_delete),
            node_group_create: scale(self.node_group_create),
            node_group_update: scale(self.node_group_update),
            node_group_delete: scale(self.node_group_delete),
            object_create: scale(self.object_create),
            object_update: scale(self.object_update),
            object_delete: scale(self.object_delete),
        }
    }
}

/// The clock transitions run on: it can stand still, and it can be pushed forward.
pub(crate) struct Clock {
    elapsed: Duration,
    running_since: Option<Instant>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Clock {
            elapsed: Duration::ZERO,
            running_since: Some(Instant::now()),
        }
    }

    /// Simulated time since the clock was made.
    pub(crate) fn now(&self) -> Duration {
        self.elapsed
            + self
                .running_since
                .map_or(Duration::ZERO, |since| since.elapsed())
    }

    pub(crate) fn freeze(&mut self) {
        self.elapsed = self.now();
        self.running_since = None;
    }

    pub(crate) fn thaw(&mut self) {
        self.running_since.get_or_insert_with(Instant::now);
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.elapsed += by;
    }
}

/// What a transition does.
type Action<T> = Box<dyn FnOnce(&mut T) + Send>;

/// A transition that has not happened yet.
struct Event<T> {
    due: Duration,
    action: Action<T>,
}

/// What is going to happen to a `T`, and when.
pub(crate) struct Agenda<T>(Vec<Event<T>>);

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Agenda(Vec::new())
    }
}

impl<T> Agenda<T> {
    pub(crate) fn add(&mut self, due: Duration, action: impl FnOnce(&mut T) + Send + 'static) {
        self.0.push(Event {
            due,
            action: Box::new(action),
        });
    }

    /// Takes out the earliest action that is due; of two due at the same moment, the one added
    /// first.
    pub(crate) fn take_due(&mut self, now: Duration) -> Option<Action<T>> {
        let (index, _) = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, event)| event.due <= now)
            .min_by_key(|(_, event)| event.due)?;
        Some(self.0.remove(index).action)
    }
}

/// The present as EKS writes it: seconds since the epoch with a fraction of milliseconds.
pub(crate) fn timestamp() -> Value {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Value::from(since_epoch.as_millis() as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_pushed() {
        let mut clock = Clock::new();
        clock.freeze();
        let before = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(clock.now(), before);
        clock.advance(Duration::from_secs(60));
        assert_eq!(clock.now(), before + Duration::from_secs(60));
    }

    #[test]
    fn actions_run_in_the_order_they_are_due() {
        let mut agenda: Agenda<Vec<&str>> = Agenda::default();
        agenda.add(Duration::from_secs(2), |seen| seen.push("second"));
        agenda.add(Duration::from_secs(1), |seen| seen.push("first"));
        agenda.add(Duration::from_secs(9), |seen| seen.push("not yet"));
        let mut seen = Vec::new();
        while let Some(action) = agenda.take_due(Duration::from_secs(5)) {
            action(&mut seen);
        }
        assert_eq!(seen, ["first", "second"]);
    }

    #[test]
    fn speed_divides_every_duration() {
        assert_eq!(Timings::default().faster(10.0).cluster_create, 30);
        assert_eq!(Timings::default().faster(0.0), Timings::default());
    }
}
