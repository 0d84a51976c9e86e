//! Terraform's request to stop (Ctrl-C), as something that waits can listen to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_listener::Event;

/// Says whether Terraform asked to stop. Clones share the request.
///
/// Each walk gets a fresh one: after a stop, later calls such as closing an ephemeral resource must still work.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    requested: AtomicBool,
    event: Event,
}

impl Stop {
    /// Asks everything that holds a clone to stop.
    pub fn request(&self) {
        self.0.requested.store(true, Ordering::SeqCst);
        self.0.event.notify(usize::MAX);
    }

    /// Whether somebody asked.
    pub fn is_requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }

    /// Ends when somebody asks; at once when somebody already has.
    pub async fn requested(&self) {
        loop {
            let listener = self.0.event.listen();
            if self.is_requested() {
                return;
            }
            listener.await;
        }
    }
}
