//! Clients that have been made. How they are made is not known here.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What distinguishes the clients of one service: the region, and the products of a module in the user agent.
pub(super) type Key = (String, Vec<(String, Option<String>)>);

/// Clients of one service. Cloning a client is cheap and shares its connections.
pub(super) struct Cache<C>(Mutex<HashMap<Key, C>>);

impl<C> Default for Cache<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Clone> Cache<C> {
    pub fn get_or_make(&self, key: Key, make: impl FnOnce() -> C) -> C {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clients.entry(key).or_insert_with(make).clone()
    }
}
