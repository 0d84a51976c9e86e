//! What an API would hold: the toys that exist, and what was done to them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use tokio::sync::Semaphore;

use super::{thing, vault};

/// Worlds by name: each test has its own, and finds it by what it puts into the provider block.
static WORLDS: LazyLock<Mutex<BTreeMap<String, Arc<World>>>> = LazyLock::new(Mutex::default);

pub struct World {
    pub things: Mutex<BTreeMap<String, thing::Model>>,
    pub vaults: Mutex<BTreeMap<String, vault::Model>>,
    events: Mutex<Vec<String>>,
    /// Counts what waits to be let go.
    pub waiting: Semaphore,
    /// Lets one waiting step go.
    pub release: Semaphore,
}

impl World {
    pub fn named(name: &str) -> Arc<Self> {
        let new = || {
            Arc::new(Self {
                things: Mutex::default(),
                vaults: Mutex::default(),
                events: Mutex::default(),
                waiting: Semaphore::new(0),
                release: Semaphore::new(0),
            })
        };
        WORLDS
            .lock()
            .unwrap()
            .entry(name.to_owned())
            .or_insert_with(new)
            .clone()
    }

    pub fn note(&self, event: impl Into<String>) {
        self.events.lock().unwrap().push(event.into());
    }

    /// What happened since this was last asked.
    pub fn events(&self) -> Vec<String> {
        std::mem::take(&mut self.events.lock().unwrap())
    }

    /// Returns when so many steps have begun to wait.
    pub async fn until_waiting(&self, count: u32) {
        self.waiting.acquire_many(count).await.unwrap().forget();
    }

    /// A step's long wait, which a test ends.
    pub async fn wait(&self) {
        self.waiting.add_permits(1);
        self.release.acquire().await.unwrap().forget();
    }
}
