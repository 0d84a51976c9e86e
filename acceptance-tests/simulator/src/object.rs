//! Objects that a cluster contains: what all kinds have in common, and how they come, change and
//! go.
//!
//! What an object is set to be stands in its document; which members that has, and which requests
//! are taken, only the module of the kind knows.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, page};
use crate::clock::timestamp;
use crate::cluster::{Cluster, same};
use crate::error::ApiError;
use crate::fault::{Failure, Issue};
use crate::kind::{Key, Kind};
use crate::state::{Region, Replays, merge};
use crate::tag::Tags;
use crate::update::{Status, Update};

/// Where an object stands, updates aside: one with an update in progress is UPDATING. Kinds whose
/// objects have no status stay `Active`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Creating,
    CreateFailed,
    Active,
    Degraded,
    Deleting,
    DeleteFailed,
    /// Only add-ons stay in it.
    UpdateFailed,
}

/// Statuses that are nothing but a phase.
const PHASES: &[(&str, Phase)] = &[
    ("CREATING", Phase::Creating),
    ("CREATE_FAILED", Phase::CreateFailed),
    ("ACTIVE", Phase::Active),
    ("DEGRADED", Phase::Degraded),
    ("DELETING", Phase::Deleting),
    ("DELETE_FAILED", Phase::DeleteFailed),
    ("UPDATE_FAILED", Phase::UpdateFailed),
];

/// An object that a cluster contains.
pub(crate) struct Object {
    pub(crate) key: Key,
    /// Tells it from another object of the same name, and is part of most ARNs.
    pub(crate) uid: Uuid,
    pub(crate) phase: Phase,
    pub(crate) issues: Vec<Issue>,
    pub(crate) tags: Tags,
    /// The members of the Describe operation that say what the object is set to be.
    pub(crate) document: Value,
    pub(crate) replays: Replays,
}

impl Object {
    /// An object whose creation has begun.
    pub(crate) fn new(kind: Kind, name: &str, uid: Uuid, document: Value) -> Self {
        Object {
            key: Key::new(kind, name),
            uid,
            phase: Phase::Creating,
            issues: Vec::new(),
            tags: Tags::new(),
            document,
            replays: Replays::default(),
        }
    }

    pub(crate) fn arn(&self) -> &str {
        let member = self.key.kind.traits().arn;
        self.document[member].as_str().unwrap_or_default()
    }

    pub(crate) fn version(&self) -> Option<&str> {
        self.document["version"].as_str()
    }

    pub(crate) fn is_updating(&self, cluster: &Cluster) -> bool {
        cluster.updates.iter().any(|update| {
            update.subject.as_ref() == Some(&self.key) && update.status == Status::InProgress
        })
    }

    pub(crate) fn status(&self, cluster: &Cluster) -> &'static str {
        let stays = !matches!(self.phase, Phase::Creating | Phase::Deleting);
        if stays && self.is_updating(cluster) {
            return "UPDATING";
        }
        let named = PHASES.iter().find(|(_, phase)| *phase == self.phase);
        named.map_or("ACTIVE", |(name, _)| *name)
    }

    /// Puts the object into a status; one that no object can be put into is ignored.
    fn set_status(&mut self, status: &str) {
        if let Some((_, phase)) = PHASES.iter().find(|(name, _)| *name == status) {
            self.phase = *phase;
        }
    }

    pub(crate) fn describe(&self, cluster: &Cluster) -> Value {
        (self.key.kind.traits().describe)(self, cluster)
    }

    /// The document over `nulls`, the members that AWS answers null when nothing is known of them.
    pub(crate) fn over(&self, mut nulls: Value) -> Value {
        for (key, value) in self.document.as_object().into_iter().flatten() {
            nulls[key] = value.clone();
        }
        nulls
    }

    /// Merges a patch of what Describe answers into the object, at once.
    pub(crate) fn modify(&mut self, patch: &Value) {
        if let Some(status) = patch["status"].as_str() {
            self.set_status(status);
        }
        patch_common(&mut self.document, &mut self.issues, &mut self.tags, patch);
    }
}

/// Merges a patch into what clusters and objects have in common. Status, health and tags are not
/// part of the document.
pub(crate) fn patch_common(
    document: &mut Value,
    issues: &mut Vec<Issue>,
    tags: &mut Tags,
    patch: &Value,
) {
    if let Ok(given) = serde_json::from_value(patch["health"]["issues"].clone()) {
        *issues = given;
    }
    for (key, value) in patch["tags"].as_object().into_iter().flatten() {
        match value.as_str() {
            Some(value) => drop(tags.insert(key.clone(), value.to_owned())),
            None => drop(tags.remove(key)),
        }
    }
    let mut rest = patch.clone();
    if let Some(rest) = rest.as_object_mut() {
        ["status", "health", "tags"]
            .iter()
            .for_each(|key| drop(rest.remove(*key)));
        merge(document, &Value::Object(rest.clone()));
    }
}

impl Cluster {
    /// The objects of a kind, by name.
    pub(crate) fn objects_of(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.objects
            .values()
            .filter(move |object| object.key.kind == kind)
    }

    /// The object, or EKS's answer that there is none.
    pub(crate) fn object(&mut self, key: &Key) -> Result<&mut Object, ApiError> {
        let missing = || (key.kind.traits().missing)(&self.name, &key.name);
        let missing = missing().about(Some(&self.name), Some(key));
        self.objects.get_mut(key).ok_or(missing)
    }

    /// The object as operations answer it.
    pub(crate) fn answer(&self, key: &Key) -> Result<Value, ApiError> {
        let traits = key.kind.traits();
        let missing = || (traits.missing)(&self.name, &key.name).about(Some(&self.name), Some(key));
        let object = self.objects.get(key).ok_or_else(missing)?;
        Ok(json!({traits.singular: object.describe(self)}))
    }

    /// The answer given before, if this is the create request of the object again; if something
    /// else has made it, the refusal.
    pub(crate) fn made_before(
        &self,
        key: &Key,
        operation: &str,
        body: &Value,
        exists: impl Into<String>,
    ) -> Result<Option<Value>, ApiError> {
        let Some(object) = self.objects.get(key) else {
            return Ok(None);
        };
        let answer = object.replays.find(operation, body);
        answer.map(Some).ok_or_else(|| ApiError::in_use(exists))
    }

    /// Puts a new object in, and keeps the answer for the same request with the same token. The
    /// answer is the object.
    pub(crate) fn insert(
        &mut self,
        object: Object,
        operation: &'static str,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let key = object.key.clone();
        self.objects.insert(key.clone(), object);
        let answer = self.answer(&key)?;
        self.object(&key)?.replays.keep(operation, body, &answer);
        Ok(answer)
    }

    /// Removes an object, its updates and what it owns: a later one of the same name starts
    /// afresh. Says whether there was such an object.
    pub(crate) fn forget(&mut self, key: &Key) -> bool {
        self.updates
            .retain(|update| update.subject.as_ref() != Some(key));
        let Some(object) = self.objects.remove(key) else {
            return false;
        };
        self.objects
            .retain(|_, other| other.document["ownerArn"] != object.arn());
        true
    }
}

/// One certain object: not another one that has since taken its name, or its cluster's.
#[derive(Clone)]
pub(crate) struct Id {
    pub(crate) cluster: String,
    cluster_uid: Uuid,
    pub(crate) key: Key,
    uid: Uuid,
}

impl Id {
    pub(crate) fn new(cluster: &Cluster, object: &Object) -> Self {
        Id {
            cluster: cluster.name.clone(),
            cluster_uid: cluster.uid,
            key: object.key.clone(),
            uid: object.uid,
        }
    }

    fn find<'a>(&self, region: &'a mut Region) -> Option<&'a mut Object> {
        let cluster = same(region, &self.cluster, self.cluster_uid)?;
        let object = cluster.objects.get_mut(&self.key);
        object.filter(|object| object.uid == self.uid)
    }

    fn forget(&self, region: &mut Region) {
        if self.find(region).is_some()
            && let Some(cluster) = region.clusters.get_mut(&self.cluster)
        {
            cluster.forget(&self.key);
        }
    }
}

/// Describe, of any kind.
pub(crate) fn describe(call: &mut Call, kind: Kind) -> Result<Value, ApiError> {
    let (cluster, key) = (call.path("name"), call.key(kind));
    call.region().cluster(&cluster)?.answer(&key)
}

/// List, of any kind: names in `member`.
pub(crate) fn list(call: &mut Call, kind: Kind, member: &str) -> Result<Value, ApiError> {
    let cluster = call.path("name");
    let objects = call.region().cluster(&cluster)?.objects_of(kind);
    let names = objects.map(|object| object.key.name.clone()).collect();
    page(call, member, names)
}

/// Lets a creation end, well or as a test has planned.
pub(crate) fn end_creation(call: &mut Call, id: Id, millis: u64) {
    let target = call.target(&id.cluster, Some(&id.key));
    let failure = call.world.faults.creation(&target);
    call.after(millis, move |region| {
        let found = id.find(region);
        let Some(object) = found.filter(|found| found.phase == Phase::Creating) else {
            return;
        };
        let (phase, issues) = match failure {
            None => (Phase::Active, Vec::new()),
            Some((true, issues)) => (Phase::Degraded, issues),
            Some((false, issues)) => (Phase::CreateFailed, issues),
        };
        object.phase = phase;
        object.issues = issues;
    });
}

/// Deletes the object that the path names, and answers with it as it is DELETING. That a second
/// request is answered like the first is a guess.
pub(crate) fn delete(call: &mut Call, kind: Kind, millis: u64) -> Result<Value, ApiError> {
    let (cluster, key) = (call.path("name"), call.key(kind));
    let found = call.region().cluster(&cluster)?;
    let object = found.object(&key)?;
    if object.phase == Phase::Deleting {
        return found.answer(&key);
    }
    object.phase = Phase::Deleting;
    let answer = found.answer(&key);
    let id = Id::new(found, &found.objects[&key]);
    let target = call.target(&cluster, Some(&key));
    let failure = call.world.faults.deletion(&target);
    call.after(millis, move |region| match failure {
        None => id.forget(region),
        Some(issues) => {
            if let Some(object) = id.find(region) {
                object.phase = Phase::DeleteFailed;
                object.issues = issues;
            }
        }
    });
    answer
}

/// What becomes of an object when an update is over, well or not.
pub(crate) type Finish = Box<dyn FnOnce(&mut Object, Option<&Failure>) + Send>;

/// What an update of an object does.
pub(crate) struct Change {
    pub(crate) operation: &'static str,
    /// The type of the update.
    pub(crate) kind: &'static str,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) finish: Finish,
}

impl Change {
    /// A change that merges a patch into the object's document when it is successful, and makes a
    /// degraded object well.
    pub(crate) fn merging(
        operation: &'static str,
        kind: &'static str,
        params: Vec<(&'static str, String)>,
        patch: Value,
    ) -> Self {
        Change {
            operation,
            kind,
            params,
            finish: Box::new(move |object, failure| {
                if failure.is_some() {
                    return;
                }
                merge(&mut object.document, &patch);
                object.document["modifiedAt"] = timestamp();
                // What could be changed is well again: users report that scaling out mends a
                // degraded node group.
                if object.phase == Phase::Degraded {
                    object.phase = Phase::Active;
                    object.issues.clear();
                }
            }),
        }
    }
}

/// Starts an update of an object, and answers with it.
pub(crate) fn start_update(
    call: &mut Call,
    cluster: &str,
    key: &Key,
    change: Change,
    millis: u64,
) -> Result<Value, ApiError> {
    let (body, target) = (call.body.clone(), call.target(cluster, Some(key)));
    let failure = call.world.faults.update(&target);
    let update = Update::new(change.kind, change.params, Some(key));
    let answer = json!({"update": update.describe()});
    let update_id = update.id.clone();
    let found = call.region().cluster(cluster)?;
    let object = found.object(key)?;
    object.replays.keep(change.operation, &body, &answer);
    let id = Id::new(found, &found.objects[key]);
    found.updates.push(update);
    if failure.as_ref().is_some_and(|failure| failure.late) {
        let id = id.clone();
        call.after(2 * millis, move |region| recover(region, &id));
    }
    call.after(millis, move |region| {
        let cluster = same(region, &id.cluster, id.cluster_uid);
        let update = cluster.and_then(|cluster| cluster.update(&update_id));
        let errors = failure.as_ref().map(|failure| failure.errors.clone());
        let finished = update.is_some_and(|update| update.finish(errors));
        if let Some(object) = id.find(region).filter(|_| finished) {
            (change.finish)(object, failure.as_ref());
        }
    });
    Ok(answer)
}

/// Makes an object well that an update has left degraded.
fn recover(region: &mut Region, id: &Id) {
    let found = id.find(region);
    if let Some(object) = found.filter(|found| found.phase == Phase::Degraded) {
        object.phase = Phase::Active;
        object.issues.clear();
    }
}
