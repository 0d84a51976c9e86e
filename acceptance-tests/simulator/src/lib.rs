//! Amazon EKS, simulated: its REST-JSON API with the state machines behind it, for tests of
//! Terraform providers and other EKS clients.
//!
//! [`Simulator::start`] listens on a port of its own; a client is pointed at
//! [`Simulator::endpoint`]. Everything a test can make happen (faults, bad endings, drift, time) is
//! a method here and a route under `/_simulator`. Nothing but EKS is simulated, and nothing runs:
//! there are no Kubernetes API servers behind the endpoints.

mod access_entry;
mod account;
mod addon;
mod call;
mod capability;
mod clock;
mod cluster;
mod control;
mod error;
mod fargate_profile;
mod fault;
mod http;
mod identity_provider_config;
mod insight;
mod kind;
mod log;
mod node_group;
mod object;
mod pod_identity_association;
mod server;
mod shape;
mod state;
mod tag;
mod target;
mod update;
mod version;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use serde_json::Value;

pub use crate::clock::Timings;
pub use crate::fault::{Effect, Ending, Fault, IamSymptom, Issue, PlannedEnding, UpdateError};
pub use crate::http::{operation_at, operations};
pub use crate::kind::Kind;
pub use crate::log::Entry;
pub use crate::state::{DEFAULT_ACCOUNT, LaunchTemplate, Scope};
pub use crate::target::Target;

use crate::http::{Shared, lock};
use crate::server::Server;
use crate::state::World;

/// The ids of the insights that every cluster has.
pub mod insights {
    pub use crate::insight::{
        ADDON_COMPATIBILITY, CLUSTER_HEALTH, DEPRECATED_APIS, KUBE_PROXY_SKEW, KUBELET_SKEW,
    };
}

/// How to start a simulator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0, the default, takes a free one.
    pub port: u16,
    /// How long transitions take.
    pub timings: Timings,
}

/// A running simulator. Dropping it stops it.
pub struct Simulator {
    shared: Shared,
    server: Server,
}

impl Simulator {
    /// Starts a simulator on a thread of its own.
    ///
    /// # Errors
    /// When the port is taken, or no thread can be made.
    pub fn start(options: Options) -> io::Result<Self> {
        let shared: Shared = Arc::new(Mutex::new(World::new(options.timings)));
        let router = Router::new()
            .nest("/_simulator", control::router())
            .fallback(http::serve)
            .with_state(Arc::clone(&shared));
        let server = Server::start(options.port, router)?;
        Ok(Simulator { shared, server })
    }

    /// The URL to give to clients as the EKS endpoint.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Serves until the process ends.
    pub fn wait(self) {
        self.server.wait();
    }

    /// Makes coming calls go wrong.
    pub fn inject(&self, fault: Fault) {
        lock(&self.shared).faults.calls.push(fault);
    }

    /// The faults that have not struck as often as they were to.
    pub fn faults(&self) -> Vec<Fault> {
        lock(&self.shared).faults.calls.clone()
    }

    /// Forgets all faults and planned endings.
    pub fn clear_faults(&self) {
        lock(&self.shared).faults = Default::default();
    }

    /// Makes the next transition of an object end badly. It is decided when the transition starts.
    pub fn plan_ending(&self, target: Target, ending: Ending) {
        lock(&self.shared)
            .faults
            .endings
            .push(PlannedEnding { target, ending });
    }

    pub fn timings(&self) -> Timings {
        lock(&self.shared).timings
    }

    /// Sets how long transitions take that start from now on.
    pub fn set_timings(&self, timings: Timings) {
        lock(&self.shared).timings = timings;
    }

    /// Stops the clock: no transition happens until [`thaw`](Self::thaw) or
    /// [`advance`](Self::advance).
    pub fn freeze(&self) {
        lock(&self.shared).clock.freeze();
    }

    pub fn thaw(&self) {
        lock(&self.shared).clock.thaw();
    }

    /// Lets time jump, whether the clock stands still or not.
    pub fn advance(&self, by: Duration) {
        lock(&self.shared).clock.advance(by);
    }

    /// Every request since the start or since the log was cleared, in order.
    pub fn log(&self) -> Vec<Entry> {
        lock(&self.shared).log.0.clone()
    }

    /// The operation names in the log, in order.
    pub fn operations(&self) -> Vec<String> {
        lock(&self.shared)
            .log
            .0
            .iter()
            .map(|entry| entry.operation.clone())
            .collect()
    }

    pub fn clear_log(&self) {
        lock(&self.shared).log.0.clear();
    }

    /// Every object, as its Describe operation would answer.
    pub fn state(&self) -> Value {
        lock(&self.shared).describe()
    }

    /// Tells of a launch template that node groups may name.
    pub fn add_launch_template(&self, template: LaunchTemplate) {
        lock(&self.shared).add_launch_template(template);
    }

    /// Changes an object behind the provider's back: `patch` is merged (RFC 7396) into what
    /// Describe answers. Says whether there is such an object; an insight is made if there is none.
    pub fn modify(&self, target: &Target, patch: &Value) -> bool {
        lock(&self.shared).modify(target, patch)
    }

    /// Deletes an object and all it contains at once. Says whether there was such an object.
    pub fn remove(&self, target: &Target) -> bool {
        lock(&self.shared).remove(target)
    }

    /// Starts an update of a cluster, a node group or an add-on that merges `patch` into it when
    /// done, as if somebody else had asked for it. Gives the update's id, or none when there is no
    /// such object.
    pub fn start_update(&self, target: &Target, patch: Value) -> Option<String> {
        lock(&self.shared).start_update(target, patch)
    }

    /// Forgets everything: objects, faults, log, launch templates and changed timings.
    pub fn reset(&self) {
        lock(&self.shared).reset();
    }
}
