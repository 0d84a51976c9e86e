//! Answers that never came: whether a request may have been carried out without our hearing of it.
//!
//! Who sees the single attempts of a client writes it down here; how they are seen is the client's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The answers to the requests of one client, as far as they were lost.
#[derive(Clone, Debug, Default)]
pub struct LostAnswers(Arc<AtomicBool>);

impl LostAnswers {
    /// Whether there was one.
    pub fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An attempt got no answer.
    pub fn add(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
