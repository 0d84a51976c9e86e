//! The provider's private data next to a state: a JSON object that Terraform stores and hands back unread.
//!
//! Not encrypted and invisible in plans: good for tokens and ids of operations, never for secrets.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use uuid::Uuid;

/// Key of the idempotency token, made at plan and used by the apply of that plan.
const TOKEN: &str = ".token";

/// Key of what the resource remembers from one change to the next.
const MEMORY: &str = ".memory";

/// Private data, read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Private(BTreeMap<String, Json>);

impl Private {
    /// Reads private data; data of a form we never wrote counts as none.
    pub fn read(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// The bytes to hand to Terraform; none when there is no data.
    pub fn write(&self) -> Vec<u8> {
        if self.0.is_empty() {
            return Vec::new();
        }
        serde_json::to_vec(&self.0).unwrap_or_default()
    }

    /// The same data with a token for the planned change.
    ///
    /// The state never holds one, so that each change gets its own. Terraform plans once more at apply; what counts is
    /// that every attempt of that apply sends the same.
    pub fn with_token(mut self) -> Self {
        let fresh = || Uuid::new_v4().to_string().into();
        self.0.entry(TOKEN.to_owned()).or_insert_with(fresh);
        self
    }

    /// Whether the data is that of a plan, and not of a state.
    pub fn has_token(&self) -> bool {
        self.0.contains_key(TOKEN)
    }

    /// The same data for a new object, which has nothing to remember.
    pub fn without_memory(mut self) -> Self {
        self.0.remove(MEMORY);
        self
    }

    /// The same data after the change.
    pub fn without_token(mut self) -> Self {
        self.0.remove(TOKEN);
        self
    }

    /// What the resource remembers of the change before.
    pub fn memory(&self) -> Option<Json> {
        self.0.get(MEMORY).cloned()
    }

    /// The same data with another memory; without one, with the one there is.
    pub fn with_memory(mut self, memory: Option<Json>) -> Self {
        if let Some(memory) = memory {
            self.0.insert(MEMORY.to_owned(), memory);
        }
        self
    }

    /// The token of the planned change, or a fresh one.
    pub fn token(&self) -> String {
        let planned = self.0.get(TOKEN).and_then(|token| token.as_str());
        planned.map_or_else(|| Uuid::new_v4().to_string(), ToOwned::to_owned)
    }
}
