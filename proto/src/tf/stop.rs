//! Terraform's request to stop (Ctrl-C), as something that waits can listen to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_listener::Event;

/// Request of Terraform to stop, such as after Ctrl-C. Clones share it. Waits should end when it is made.
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
    /// Makes the request, for all clones.
    pub fn request(&self) {
        self.0.requested.store(true, Ordering::SeqCst);
        self.0.event.notify(usize::MAX);
    }

    /// Whether the request was made.
    pub fn is_requested(&self) -> bool {
        self.0.requested.load(Ordering::SeqCst)
    }

    /// Completes when the request is made, or at once if it was made already.
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
