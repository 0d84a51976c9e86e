//! Clusters: what one is, how it comes and goes, and the operations on it.
//!
//! Creation is in `create`, changes of configuration in `config` and the modules it names, of
//! version in `upgrade`.

mod auto_mode;
mod config;
mod create;
mod encryption;
mod logging;
mod network;
mod shapes;
mod upgrade;
mod vpc;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, delete, get, page, post};
use crate::error::ApiError;
use crate::fault::{Issue, UpdateError};
use crate::kind::{Key, Kind};
use crate::object::{Object, patch_common};
use crate::state::{Region, Replays, merge};
use crate::update::{Status, Update};

pub(crate) const ROUTES: &[Route] = &[
    post("CreateCluster", "/clusters", create::create),
    get("ListClusters", "/clusters", list),
    get("DescribeCluster", "/clusters/{name}", describe),
    delete("DeleteCluster", "/clusters/{name}", delete_cluster),
    post(
        "UpdateClusterConfig",
        "/clusters/{name}/update-config",
        config::update_config,
    ),
    post(
        "UpdateClusterVersion",
        "/clusters/{name}/updates",
        upgrade::update_version,
    ),
    post(
        "AssociateEncryptionConfig",
        "/clusters/{name}/encryption-config/associate",
        encryption::associate,
    ),
];

/// Where a cluster stands, updates aside: a cluster with an update in progress is UPDATING.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Creating,
    Active,
    Failed,
    Deleting,
}

/// A step up to the version that a cluster has.
struct Upgrade {
    from: String,
    /// When it was complete, on the clock of transitions.
    at: Duration,
}

/// One cluster.
pub(crate) struct Cluster {
    pub(crate) name: String,
    /// Tells it from another cluster of the same name, and is part of endpoint and issuer.
    pub(crate) uid: Uuid,
    pub(crate) phase: Phase,
    pub(crate) issues: Vec<Issue>,
    pub(crate) tags: BTreeMap<String, String>,
    /// The members of DescribeCluster that say what the cluster is set to be.
    pub(crate) document: Value,
    /// Members that exist from the end of creation on: endpoint, certificate, issuer, security
    /// group.
    made: Value,
    /// The last upgrade, unless it has been rolled back.
    upgrade: Option<Upgrade>,
    /// All that the cluster contains, in the order of names.
    pub(crate) objects: BTreeMap<Key, Object>,
    pub(crate) updates: Vec<Update>,
    /// The last refresh of the insights, as DescribeInsightsRefresh answers it.
    pub(crate) refresh: Value,
    pub(crate) replays: Replays,
}

impl Cluster {
    pub(crate) fn version(&self) -> &str {
        self.document["version"].as_str().unwrap_or_default()
    }

    pub(crate) fn status(&self) -> &'static str {
        match self.phase {
            Phase::Creating => "CREATING",
            Phase::Active if self.update_in_progress().is_some() => "UPDATING",
            Phase::Active => "ACTIVE",
            Phase::Failed => "FAILED",
            Phase::Deleting => "DELETING",
        }
    }

    /// Puts the cluster into a status; one that no cluster can be put into is ignored.
    fn set_status(&mut self, status: &str) {
        self.phase = match status {
            "CREATING" => Phase::Creating,
            "ACTIVE" => Phase::Active,
            "FAILED" => Phase::Failed,
            "DELETING" => Phase::Deleting,
            _ => self.phase,
        };
    }

    /// The update of the cluster itself that is in progress.
    pub(crate) fn update_in_progress(&self) -> Option<&Update> {
        self.updates
            .iter()
            .find(|update| update.subject.is_none() && update.status == Status::InProgress)
    }

    /// Refuses what only an ACTIVE cluster takes. Known text and exception, from CreateNodegroup;
    /// they are given for a cluster that is updating, too.
    pub(crate) fn require_active(&self) -> Result<(), ApiError> {
        match self.phase == Phase::Active && self.update_in_progress().is_none() {
            true => Ok(()),
            false => Err(ApiError::invalid_request(format!(
                "Cluster '{}' is not in ACTIVE status",
                self.name
            ))),
        }
    }

    /// The cluster as DescribeCluster answers it.
    pub(crate) fn describe(&self) -> Value {
        let mut cluster = json!({
            // Null members as AWS sends them, overlaid by what is known.
            "endpoint": null, "certificateAuthority": {"data": null}, "identity": null,
            "encryptionConfig": null, "connectorConfig": null, "id": null,
            "outpostConfig": null, "clientRequestToken": null,
        });
        overlay(&mut cluster, &self.document);
        if !matches!(self.phase, Phase::Creating | Phase::Failed) {
            overlay(&mut cluster, &self.made);
        }
        cluster["name"] = self.name.clone().into();
        cluster["status"] = self.status().into();
        cluster["tags"] = json!(self.tags);
        cluster["health"] = json!({"issues": self.issues});
        cluster
    }

    /// The cluster with all it contains, for tests to look at.
    pub(crate) fn describe_all(&self) -> Value {
        let updates: Vec<Value> = self.updates.iter().map(Update::describe).collect();
        let mut all = json!({"cluster": self.describe(), "updates": updates});
        for kind in Kind::ALL {
            let objects = self.objects_of(*kind).map(|object| object.describe(self));
            all[kind.traits().plural] = objects.collect();
        }
        all
    }

    /// Merges a patch of what DescribeCluster answers into the cluster, at once.
    pub(crate) fn modify(&mut self, patch: &Value) {
        if let Some(status) = patch["status"].as_str() {
            self.set_status(status);
        }
        patch_common(&mut self.document, &mut self.issues, &mut self.tags, patch);
    }
}

/// Puts the members of one object over those of another, objects being merged.
fn overlay(target: &mut Value, over: &Value) {
    for (key, value) in over.as_object().unwrap_or(&Map::new()) {
        match value {
            Value::Object(_) if target[key].is_object() => overlay(&mut target[key], value),
            value => target[key] = value.clone(),
        }
    }
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    Ok(json!({"cluster": call.region().cluster(&name)?.describe()}))
}

/// `include` would add registered clusters, which are not simulated.
fn list(call: &mut Call) -> Result<Value, ApiError> {
    let names = call.region().clusters.keys().cloned().collect();
    page(call, "clusters", names)
}

fn delete_cluster(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    let cluster = call.region().cluster(&name)?;
    check_deletable(cluster)?;
    if cluster.phase == Phase::Deleting {
        return Ok(json!({"cluster": cluster.describe()}));
    }
    let (uid, before) = (cluster.uid, cluster.phase);
    cluster.phase = Phase::Deleting;
    let answer = json!({"cluster": cluster.describe()});
    let target = call.target(&name, None);
    let failure = call.world.faults.deletion(&target);
    let millis = call.world.timings.cluster_delete;
    call.after(millis, move |region| match failure {
        Some(issues) => {
            if let Some(cluster) = same(region, &name, uid) {
                cluster.phase = before;
                cluster.issues = issues;
            }
        }
        None if same(region, &name, uid).is_some() => drop(region.clusters.remove(&name)),
        None => {}
    });
    Ok(answer)
}

fn check_deletable(cluster: &Cluster) -> Result<(), ApiError> {
    let name = &cluster.name;
    if cluster.document["deletionProtection"] == true {
        // The exception is known from the API reference, the words are a guess.
        return Err(ApiError::invalid_request(format!(
            "Cluster {name} cannot be deleted because deletion protection is enabled"
        )));
    }
    if cluster.objects_of(Kind::NodeGroup).next().is_some() {
        return Err(ApiError::in_use("Cluster has nodegroups attached"));
    }
    if cluster.objects_of(Kind::FargateProfile).next().is_some() {
        // Known text. That it is given for profiles in other states, too, is a guess.
        let message = "Cluster has Fargate Profiles in ACTIVE/CREATING state";
        return Err(ApiError::in_use(message));
    }
    if cluster.objects_of(Kind::Capability).next().is_some() {
        // Known text.
        return Err(ApiError::in_use("Cluster has capabilities attached"));
    }
    if cluster.update_in_progress().is_some() {
        let message =
            format!("Cannot delete because cluster {name} currently has an update in progress");
        return Err(ApiError::in_use(message));
    }
    if cluster.phase == Phase::Creating {
        // A guess: that AWS refuses is documented nowhere.
        let message =
            format!("Cannot delete because cluster {name} currently has creation in progress");
        return Err(ApiError::in_use(message));
    }
    Ok(())
}

/// The cluster of that name, unless it has been replaced by another one since.
pub(crate) fn same<'a>(region: &'a mut Region, name: &str, uid: Uuid) -> Option<&'a mut Cluster> {
    region
        .clusters
        .get_mut(name)
        .filter(|cluster| cluster.uid == uid)
}

/// What an update of the cluster itself does.
pub(crate) struct Change {
    pub(crate) operation: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) params: Vec<(&'static str, String)>,
    /// Merged into the document when the update is successful.
    pub(crate) patch: Value,
}

/// The answer given before, if this is the same request again.
pub(crate) fn replayed(
    call: &mut Call,
    operation: &str,
    name: &str,
) -> Result<Option<Value>, ApiError> {
    let body = call.body.clone();
    Ok(call.region().cluster(name)?.replays.find(operation, &body))
}

/// Known texts: "Cannot EndpointAccessUpdate because cluster x currently has update <id> in
/// progress".
pub(crate) fn check_updatable(cluster: &Cluster, kind: &str) -> Result<(), ApiError> {
    let name = &cluster.name;
    if let Some(update) = cluster.update_in_progress() {
        return Err(ApiError::in_use(format!(
            "Cannot {kind} because cluster {name} currently has update {} in progress",
            update.id
        )));
    }
    match cluster.phase {
        Phase::Active => Ok(()),
        // The words are a guess.
        _ => Err(ApiError::in_use(format!(
            "Cannot {kind} because cluster {name} is in {} status",
            cluster.status()
        ))),
    }
}

/// Starts an update of the cluster and answers with it.
fn start(call: &mut Call, name: &str, change: Change) -> Result<Value, ApiError> {
    start_then(call, name, change, |_, _| {})
}

/// The same, and has something happen when the update has ended; it is told whether the change was
/// made.
pub(crate) fn start_then(
    call: &mut Call,
    name: &str,
    change: Change,
    then: impl FnOnce(&mut Cluster, bool) + Send + 'static,
) -> Result<Value, ApiError> {
    let body = call.body.clone();
    let cluster = call.region().cluster(name)?;
    let update = Update::new(change.kind, change.params, None);
    let (uid, id) = (cluster.uid, update.id.clone());
    let answer = json!({"update": update.describe()});
    cluster.replays.keep(change.operation, &body, &answer);
    cluster.updates.push(update);
    let target = call.target(name, None);
    let failure = call.world.faults.update(&target);
    let failure = failure.map(|failure| failure.errors);
    let (millis, name) = (call.world.timings.cluster_update, name.to_owned());
    call.after(millis, move |region| {
        if let Some(cluster) = same(region, &name, uid) {
            let is_made = cluster.finish(&id, failure, &change.patch);
            then(cluster, is_made);
        }
    });
    Ok(answer)
}

impl Cluster {
    /// Ends an update, and makes its change if it is successful and has not been cancelled. Says
    /// whether it has.
    pub(crate) fn finish(
        &mut self,
        id: &str,
        failure: Option<Vec<UpdateError>>,
        patch: &Value,
    ) -> bool {
        let is_successful = failure.is_none();
        let update = self.update(id);
        let is_made = update.is_some_and(|update| update.finish(failure)) && is_successful;
        if is_made {
            merge(&mut self.document, patch);
        }
        is_made
    }
}
