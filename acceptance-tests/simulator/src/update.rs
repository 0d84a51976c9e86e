//! Updates of clusters and node groups, and the operations on them.
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
    /// The node group it is about; none for the cluster itself.
    pub(crate) node_group: Option<String>,
}

impl Update {
    pub(crate) fn new(
        kind: &'static str,
        params: Vec<(&'static str, String)>,
        node_group: Option<&str>,
    ) -> Self {
        Update {
            id: Uuid::new_v4().to_string(),
            kind,
            params,
            created_at: timestamp(),
            status: Status::InProgress,
            errors: Vec::new(),
            cancellation: None,
            node_group: node_group.map(str::to_owned),
        }
    }

    /// Ends the update, unless it was cancelled meanwhile. Says whether its change is to be made.
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
        self.status == Status::Successful
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

/// The updates of the cluster, or of the node group that the query names.
fn subject<'a>(
    cluster: &'a mut Cluster,
    node_group: Option<&str>,
) -> Result<Vec<&'a mut Update>, ApiError> {
    if let Some(name) = node_group {
        cluster.node_group(name)?;
    }
    Ok(cluster
        .updates
        .iter_mut()
        .filter(|update| update.node_group.as_deref() == node_group)
        .collect())
}

fn find<'a>(
    cluster: &'a mut Cluster,
    node_group: Option<&str>,
    id: &str,
) -> Result<&'a mut Update, ApiError> {
    subject(cluster, node_group)?
        .into_iter()
        .find(|update| update.id == id)
        .ok_or_else(|| ApiError::not_found(format!("No update found for ID: {id}")))
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    let node_group = call.query("nodegroupName");
    let (name, id) = (call.path("name"), call.path("updateId"));
    let update = find(call.region().cluster(&name)?, node_group.as_deref(), &id)?;
    Ok(json!({"update": update.describe()}))
}

/// Oldest first; the order AWS uses is not documented.
fn list(call: &mut Call) -> Result<Value, ApiError> {
    let (node_group, name) = (call.query("nodegroupName"), call.path("name"));
    let updates = subject(call.region().cluster(&name)?, node_group.as_deref())?;
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
