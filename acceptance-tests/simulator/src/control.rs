//! What tests do behind the provider's back: change and delete objects, and the same things over
//! HTTP.
//!
//! The HTTP routes live under `/_simulator` and speak JSON; the Rust methods of `Simulator` are the
//! same functions.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Timings;
use crate::cluster::{Cluster, same};
use crate::fault::{Fault, PlannedEnding};
use crate::http::{Shared, lock};
use crate::insight;
use crate::kind::{Key, Kind};
use crate::log::Entry;
use crate::state::{LaunchTemplate, Region, World};
use crate::target::Target;
use crate::update::Update;

/// The routes of the control API.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/health", get(|| async { Json(json!({"status": "ok"})) }))
        .route(
            "/faults",
            get(list_faults).post(add_fault).delete(clear_faults),
        )
        .route(
            "/endings",
            get(list_endings).post(add_ending).delete(clear_endings),
        )
        .route("/timings", get(read_timings).put(write_timings))
        .route("/freeze", post(freeze))
        .route("/thaw", post(thaw))
        .route("/advance", post(advance))
        .route("/log", get(read_log).delete(clear_log))
        .route("/state", get(read_state))
        .route("/launch-templates", post(add_launch_template))
        .route("/modify", post(modify_object))
        .route("/remove", post(remove_object))
        .route("/start-update", post(start_update))
        .route("/reset", post(reset))
}

async fn list_faults(State(shared): State<Shared>) -> Json<Vec<Fault>> {
    Json(lock(&shared).faults.calls.clone())
}

async fn add_fault(State(shared): State<Shared>, Json(fault): Json<Fault>) -> StatusCode {
    lock(&shared).faults.calls.push(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).faults.calls.clear();
    StatusCode::NO_CONTENT
}

async fn list_endings(State(shared): State<Shared>) -> Json<Vec<PlannedEnding>> {
    Json(lock(&shared).faults.endings.clone())
}

async fn add_ending(State(shared): State<Shared>, Json(ending): Json<PlannedEnding>) -> StatusCode {
    lock(&shared).faults.endings.push(ending);
    StatusCode::NO_CONTENT
}

async fn clear_endings(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).faults.endings.clear();
    StatusCode::NO_CONTENT
}

async fn read_timings(State(shared): State<Shared>) -> Json<Timings> {
    Json(lock(&shared).timings)
}

async fn write_timings(State(shared): State<Shared>, Json(timings): Json<Timings>) -> StatusCode {
    lock(&shared).timings = timings;
    StatusCode::NO_CONTENT
}

async fn freeze(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).clock.freeze();
    StatusCode::NO_CONTENT
}

async fn thaw(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).clock.thaw();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    millis: u64,
}

async fn advance(State(shared): State<Shared>, Json(by): Json<Advance>) -> StatusCode {
    lock(&shared)
        .clock
        .advance(Duration::from_millis(by.millis));
    StatusCode::NO_CONTENT
}

async fn read_log(State(shared): State<Shared>) -> Json<Vec<Entry>> {
    Json(lock(&shared).log.0.clone())
}

async fn clear_log(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).log.0.clear();
    StatusCode::NO_CONTENT
}

async fn read_state(State(shared): State<Shared>) -> Json<Value> {
    Json(lock(&shared).describe())
}

async fn add_launch_template(
    State(shared): State<Shared>,
    Json(template): Json<LaunchTemplate>,
) -> StatusCode {
    lock(&shared).add_launch_template(template);
    StatusCode::NO_CONTENT
}

async fn reset(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).reset();
    StatusCode::NO_CONTENT
}

/// An object, and what to merge into what Describe answers for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    target: Target,
    #[serde(default)]
    patch: Value,
}

async fn modify_object(State(shared): State<Shared>, Json(request): Json<Patch>) -> StatusCode {
    found(lock(&shared).modify(&request.target, &request.patch))
}

async fn remove_object(State(shared): State<Shared>, Json(request): Json<Patch>) -> StatusCode {
    found(lock(&shared).remove(&request.target))
}

async fn start_update(
    State(shared): State<Shared>,
    Json(request): Json<Patch>,
) -> (StatusCode, Json<Value>) {
    match lock(&shared).start_update(&request.target, request.patch) {
        Some(id) => (StatusCode::OK, Json(json!({"id": id}))),
        None => (StatusCode::NOT_FOUND, Json(Value::Null)),
    }
}

fn found(found: bool) -> StatusCode {
    if found {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

impl World {
    /// The region and the name of the cluster that a target names, the first that fits.
    fn cluster_of(&mut self, target: &Target) -> Option<(&mut Region, String)> {
        let name = target.cluster.clone()?;
        let fits =
            |wanted: &Option<String>, it: &str| wanted.as_deref().is_none_or(|wanted| wanted == it);
        let (_, region) = self.regions.iter_mut().find(|(scope, region)| {
            fits(&target.account, &scope.account)
                && fits(&target.region, &scope.region)
                && region.clusters.contains_key(&name)
        })?;
        Some((region, name))
    }

    /// Replaces a launch template of the same id.
    pub(crate) fn add_launch_template(&mut self, template: LaunchTemplate) {
        self.launch_templates
            .retain(|known| known.id != template.id);
        self.launch_templates.push(template);
    }

    /// Merges a patch into an object, at once. Says whether there is such an object; an insight is
    /// made if there is none.
    pub(crate) fn modify(&mut self, target: &Target, patch: &Value) -> bool {
        let Some((region, name)) = self.cluster_of(target) else {
            return false;
        };
        let Some(cluster) = region.clusters.get_mut(&name) else {
            return false;
        };
        match (target.kind, target.key()) {
            (None, _) => cluster.modify(patch),
            (Some(_), None) => return false,
            (Some(_), Some(key)) => match cluster.objects.get_mut(&key) {
                Some(object) => object.modify(patch),
                None if key.kind == Kind::Insight => {
                    let insight = insight::new_insight(&key.name, patch);
                    cluster.objects.insert(key, insight);
                }
                None => return false,
            },
        }
        true
    }

    /// Deletes an object and all it contains, at once. Says whether there was such an object.
    pub(crate) fn remove(&mut self, target: &Target) -> bool {
        let Some((region, name)) = self.cluster_of(target) else {
            return false;
        };
        match (target.kind, target.key()) {
            (None, _) => region.clusters.remove(&name).is_some(),
            (Some(_), None) => false,
            (Some(_), Some(key)) => region
                .clusters
                .get_mut(&name)
                .is_some_and(|cluster| cluster.forget(&key)),
        }
    }

    /// Starts an update of a cluster, or of an object in it, that the provider knows nothing of.
    /// Gives its id.
    pub(crate) fn start_update(&mut self, target: &Target, patch: Value) -> Option<String> {
        let (kind, millis) = match target.kind {
            None => ("VersionUpdate", self.timings.cluster_update),
            Some(Kind::NodeGroup) => ("VersionUpdate", self.timings.node_group_update),
            Some(Kind::Addon) => ("AddonUpdate", self.timings.object_update),
            Some(_) => return None,
        };
        let due = self.clock.now() + Duration::from_millis(millis);
        let (region, name) = self.cluster_of(target)?;
        let cluster = region.clusters.get_mut(&name)?;
        let subject = target.key();
        if target.kind.is_some() && !cluster.objects.contains_key(subject.as_ref()?) {
            return None;
        }
        let update = Update::new(kind, Vec::new(), subject.as_ref());
        let (id, uid) = (update.id.clone(), cluster.uid);
        cluster.updates.push(update);
        let finished = id.clone();
        region.agenda.add(due, move |region| {
            if let Some(cluster) = same(region, &name, uid) {
                end_update(cluster, &finished, subject.as_ref(), &patch);
            }
        });
        Some(id)
    }
}

/// Ends an update that [`World::start_update`] has started.
fn end_update(cluster: &mut Cluster, id: &str, subject: Option<&Key>, patch: &Value) {
    let Some(key) = subject else {
        cluster.finish(id, None, patch);
        return;
    };
    let finished = cluster.update(id).is_some_and(|update| update.finish(None));
    if let Some(object) = cluster.objects.get_mut(key).filter(|_| finished) {
        object.modify(patch);
    }
}
