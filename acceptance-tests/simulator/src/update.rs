//! Updates of clusters and the objects in them, and the operations on them.
//!
//! An update changes nothing until it is done; then its patch is merged into the object's document.
//! Whether AWS shows a new logging or endpoint setting earlier than that is not known; for versions
//! it is known that it does not.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, get, page, post};
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::fault::UpdateError;
use crate::kind::{Key, Kind};

pub(crate) const ROUTES: &[Route] = &[
    get("ListUpdates", "/clusters/{name}/updates", list),
    get(
        "DescribeUpdate",
        "/clusters/{name}/updates/{updateId}",
        describe,
    ),
    post(
        "CancelUpdate",
        "/clusters/{name}/updates/{updateId}/cancel-update",
        cancel,
    ),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    InProgress,
    Successful,
    Failed,
    Cancelled,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::InProgress => "InProgress",
            Status::Successful => "Successful",
            Status::Failed => "Failed",
            Status::Cancelled => "Cancelled",
        }
    }
}

/// One update.
pub(crate) struct Update {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    params: Vec<(&'static str, String)>,
    created_at: Value,
    pub(crate) status: Status,
    errors: Vec<UpdateError>,
    cancellation: Option<&'static str>,
    /// The object it is about; none for the cluster itself.
    pub(crate) subject: Option<Key>,
}

impl Update {
    pub(crate) fn new(
        kind: &'static str,
        params: Vec<(&'static str, String)>,
        subject: Option<&Key>,
    ) -> Self {
        Update {
            id: Uuid::new_v4().to_string(),
            kind,
            params,
            created_at: timestamp(),
            status: Status::InProgress,
            errors: Vec::new(),
            cancellation: None,
            subject: subject.cloned(),
        }
    }

    /// Ends the update. Says whether it was still in progress, which one that was cancelled is not.
    pub(crate) fn finish(&mut self, failure: Option<Vec<UpdateError>>) -> bool {
        if self.status != Status::InProgress {
            return false;
        }
        self.status = if failure.is_some() {
            Status::Failed
        } else {
            Status::Successful
        };
        self.errors = failure.unwrap_or_default();
        true
    }

    pub(crate) fn describe(&self) -> Value {
        let params: Vec<Value> = self
            .params
            .iter()
            .map(|(kind, value)| json!({"type": kind, "value": value}))
            .collect();
        let cancellation = self
            .cancellation
            .map(|status| json!({"status": status, "reason": null}));
        json!({
            "id": self.id,
            "status": self.status.name(),
            "type": self.kind,
            "params": params,
            "createdAt": self.created_at,
            "errors": self.errors,
            "cancellation": cancellation,
        })
    }
}

impl Cluster {
    pub(crate) fn update(&mut self, id: &str) -> Option<&mut Update> {
        self.updates.iter_mut().find(|update| update.id == id)
    }
}

/// The object that the query names; none when the cluster itself is meant.
fn subject(call: &Call) -> Option<Key> {
    let named = |kind: &Kind| {
        let name = call.query(kind.traits().named_by.first()?)?;
        Some(Key::new(*kind, &name))
    };
    Kind::ALL.iter().find_map(named)
}

/// The updates of the cluster, or of an object in it.
fn updates_of<'a>(
    cluster: &'a mut Cluster,
    subject: Option<&Key>,
) -> Result<Vec<&'a mut Update>, ApiError> {
    if let Some(key) = subject {
        cluster.object(key)?;
    }
    Ok(cluster
        .updates
        .iter_mut()
        .filter(|update| update.subject.as_ref() == subject)
        .collect())
}

fn find<'a>(
    cluster: &'a mut Cluster,
    subject: Option<&Key>,
    id: &str,
) -> Result<&'a mut Update, ApiError> {
    updates_of(cluster, subject)?
        .into_iter()
        .find(|update| update.id == id)
        .ok_or_else(|| ApiError::not_found(format!("No update found for ID: {id}")))
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    let subject = subject(call);
    let (name, id) = (call.path("name"), call.path("updateId"));
    let update = find(call.region().cluster(&name)?, subject.as_ref(), &id)?;
    Ok(json!({"update": update.describe()}))
}

/// Oldest first; the order AWS uses is not documented.
fn list(call: &mut Call) -> Result<Value, ApiError> {
    let (subject, name) = (subject(call), call.path("name"));
    let updates = updates_of(call.region().cluster(&name)?, subject.as_ref())?;
    let ids: Vec<String> = updates.iter().map(|update| update.id.clone()).collect();
    page(call, "updateIds", ids)
}

/// Only version rollbacks can be cancelled, says the API reference; the words of the refusal are a
/// guess.
fn cancel(call: &mut Call) -> Result<Value, ApiError> {
    let (name, id) = (call.path("name"), call.path("updateId"));
    let update = find(call.region().cluster(&name)?, None, &id)?;
    if update.status != Status::InProgress {
        return Err(ApiError::new(
            "InvalidStateException",
            format!("Update {id} is not in progress"),
        ));
    }
    if update.kind != "VersionRollback" {
        let message = format!("Update {id} of type {} cannot be cancelled", update.kind);
        return Err(ApiError::invalid_request(message));
    }
    update.status = Status::Cancelled;
    update.cancellation = Some("Successful");
    Ok(json!({"update": update.describe()}))
}
