//! What a host asks of a resource, and what it gets for an answer. It must not know how the answers come about.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::ObjectEvent;
use crate::tf::private::Private;
use crate::tf::{
    Attribute, Call, Diagnostics, Identity, MoveSource, Path, Plan, Result, Schema, Stop, Timeouts,
    Value,
};

/// A future that can be named.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The circumstances that the caller of an operation gives.
pub struct Circumstances<C> {
    /// The provider's context.
    pub context: Arc<C>,
    /// Terraform's request to stop.
    pub stop: Stop,
    /// See [`Provider::adjust`](crate::tf::Provider::adjust).
    pub adjust: fn(&Call<C>, &[Attribute], &mut Plan) -> Result<()>,
    /// See [`Provider::observe`](crate::tf::Provider::observe).
    pub observe: fn(&C, &ObjectEvent<'_>),
    /// See [`Provider::IDENTITY`](crate::tf::Provider::IDENTITY).
    pub identity: &'static [&'static str],
}

/// Question of a plan. Source: `PlanResourceChange` of the plugin protocol.
pub struct PlanRequest {
    /// Configuration.
    pub config: Value,
    /// Prior state; null for a create.
    pub prior: Value,
    /// Proposed new state; null for a destroy plan.
    pub proposed: Value,
    /// Private data of the state; of the plan for a change, where Terraform plans once more to replace the object.
    pub private: Vec<u8>,
}

impl PlanRequest {
    /// Whether the object is to take the place of one that is there. Terraform plans a change of that one first; then it
    /// asks as if there were nothing yet, with the private data of the first plan, which no state has.
    ///
    /// A tainted object is asked for as a new one, and nothing tells the two apart.
    pub fn replaces(&self) -> bool {
        self.prior.is_null() && Private::read(&self.private).has_token()
    }
}

/// Answer to [`PlanRequest`].
#[derive(Default)]
pub struct PlanAnswer {
    /// Planned state.
    pub planned: Value,
    /// Planned identity; null unless all of it is known.
    pub identity: Value,
    /// Attributes that require replacement.
    pub replace: Vec<Path>,
    /// Private data for the apply.
    pub private: Vec<u8>,
    /// Messages.
    pub diagnostics: Diagnostics,
}

/// Question of an apply. Source: `ApplyResourceChange` of the plugin protocol.
pub struct ApplyRequest {
    /// Configuration; null for a destroy.
    pub config: Value,
    /// Prior state; null for a create.
    pub prior: Value,
    /// Planned state; null for a destroy.
    pub planned: Value,
    /// Private data of the plan.
    pub private: Vec<u8>,
}

/// Answer to [`ApplyRequest`] and to a read.
#[derive(Default)]
pub struct StateAnswer {
    /// State; null if there is no object.
    pub state: Value,
    /// Identity; null if there is no object, or if part of its identity is missing.
    pub identity: Value,
    /// Private data for the state.
    pub private: Vec<u8>,
    /// Messages.
    pub diagnostics: Diagnostics,
}

/// A resource with its type erased: an element of [`Registry::resources`](crate::tf::Registry::resources).
///
/// Use it to describe what a provider offers. The remaining methods are for hosts and tests.
pub trait ManagedResource<C>: Send + Sync {
    /// Name without the prefix of the provider.
    fn name(&self) -> &'static str;
    /// Name in messages.
    fn title(&self) -> &'static str;
    /// Schema, with the attributes that the engine adds, such as `timeouts`.
    fn schema(&self) -> Schema;
    /// Attributes that identify an object.
    fn identity(&self) -> &'static [&'static str];
    /// Version of the stored identity.
    fn identity_version(&self) -> i64 {
        0
    }
    /// Whether the provider's identity attributes are part of the identity, too.
    fn has_shared_identity(&self) -> bool {
        true
    }
    /// The identity of its objects, with the provider's attributes `shared` where they are part of it.
    fn full_identity(&self, shared: &'static [&'static str]) -> Identity {
        let shared = match self.has_shared_identity() {
            true => shared,
            false => &[],
        };
        Identity::new(self.identity(), shared, &self.schema())
    }
    /// Default timeouts.
    fn timeouts(&self) -> Timeouts;
    /// Validates a configuration. `write_only_allowed` says whether the host knows write-only attributes.
    fn validate(&self, config: &Value, write_only_allowed: bool) -> Diagnostics;
    /// Plans a change.
    fn plan(&self, by: Circumstances<C>, request: PlanRequest) -> BoxFuture<'_, PlanAnswer>;
    /// Applies a plan.
    fn apply(&self, by: Circumstances<C>, request: ApplyRequest) -> BoxFuture<'_, StateAnswer>;
    /// Reads the object. The answer has the private data unchanged.
    fn read(
        &self,
        by: Circumstances<C>,
        prior: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'_, StateAnswer>;
    /// Returns the object that an import ID names, to be read next.
    ///
    /// # Errors
    ///
    /// The ID is malformed.
    fn import_by_id(&self, id: &str) -> Result<Value, Diagnostics>;
    /// Returns the object that an identity names, to be read next.
    ///
    /// # Errors
    ///
    /// The identity has invalid values.
    fn import_by_identity(&self, identity: &Value) -> Result<Value, Diagnostics>;
    /// Reads stored state of any schema version.
    ///
    /// # Errors
    ///
    /// A member has a type that the schema cannot take.
    fn upgrade(&self, version: i64, state: &serde_json::Value) -> Result<Value, Diagnostics>;
    /// Converts the state of another type, for `moved`.
    ///
    /// # Errors
    ///
    /// The other type is not one of [`Resource::MOVES_FROM`](crate::tf::Resource::MOVES_FROM), or its state does not fit.
    fn move_from(&self, source: &MoveSource) -> Result<Value, Diagnostics>;
    /// An object as its model holds it: decoded, and encoded again. A field without an attribute, or of another type, would
    /// otherwise show only when a user sets it.
    ///
    /// # Errors
    ///
    /// The model cannot hold it.
    #[cfg(any(test, feature = "testing"))]
    fn through_model(&self, object: &Value) -> Result<Value, crate::tf::DecodeError>;
}
