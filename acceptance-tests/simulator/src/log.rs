//! The request log: what was called, in order, and what came of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kind::Kind;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Operation name as in the service model; empty when no operation has such a path.
    pub operation: String,
    /// Who calls.
    pub user_agent: String,
    pub account: String,
    pub region: String,
    pub cluster: Option<String>,
    /// The kind and name of the object in the cluster that the request is about.
    pub kind: Option<Kind>,
    pub name: Option<String>,
    /// The JSON body; null when there was none.
    pub body: Value,
    /// The status answered, or that would have been answered had the connection not been reset.
    pub status: u16,
    /// The exception answered.
    pub error: Option<String>,
    /// Whether the caller got a reset connection instead of an answer.
    pub reset: bool,
    pub request_id: String,
    /// Time from request to answer.
    pub millis: f64,
}

#[derive(Default)]
pub(crate) struct Log(pub(crate) Vec<Entry>);
