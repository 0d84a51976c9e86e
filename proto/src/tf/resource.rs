//! What a provider implements: resources, data sources, ephemeral resources and functions.
//!
//! An implementation sees typed models with nothing unknown in them. The engine handles decoding, spelling, partial state
//! on failure, private data, timeouts and panics.

use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{
    Attribute, Diagnostics, Error, Model, Path, Plan, Result, Stop, Timeouts, Type, Value,
};

/// Operation on an object, for timeouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Creating the object.
    Create,
    /// ResourceDataSource the object: refresh, and everything that a plan asks the API.
    Read,
    /// Updating the object in place.
    Update,
    /// Deleting the object.
    Delete,
}

/// Circumstances of one call. Every method of a resource, data source or ephemeral resource gets one as `cx`.
///
/// It dereferences to the provider's context, which holds the API clients. Use it also to end a wait in time
/// ([`stop`](Self::stop), [`deadline`](Self::deadline)), to save partial state ([`save_partial`](Self::save_partial)) and to warn the
/// user ([`warn`](Self::warn)). Clones share the partial state and the warnings.
#[derive(Clone)]
pub struct Call<C> {
    context: Arc<C>,
    stop: Stop,
    deadline: Instant,
    timeout: Duration,
    token: String,
    partial: Arc<Mutex<Option<Value>>>,
    warnings: Arc<Mutex<Diagnostics>>,
    remembered: Option<Json>,
    to_remember: Arc<Mutex<Option<Json>>>,
}

impl<C> Call<C> {
    /// Starts a call whose deadline is `timeout` from now. `token` becomes the idempotency token.
    ///
    /// The engine makes calls. Make one yourself only to test a method of a resource.
    pub fn new(context: Arc<C>, stop: Stop, timeout: Duration, token: String) -> Self {
        Self {
            context,
            stop,
            deadline: Instant::now() + timeout,
            timeout,
            token,
            partial: Arc::default(),
            warnings: Arc::default(),
            remembered: None,
            to_remember: Arc::default(),
        }
    }

    /// The same call with what the change before left to remember.
    #[must_use]
    pub(crate) fn with_memory(mut self, remembered: Option<Json>) -> Self {
        self.remembered = remembered;
        self
    }

    /// The same call, whose time begins now: for who had to wait for others of this process until it could begin.
    #[must_use]
    pub fn from_now_on(&self) -> Self {
        Self {
            context: self.context.clone(),
            stop: self.stop.clone(),
            deadline: Instant::now() + self.timeout,
            timeout: self.timeout,
            token: self.token.clone(),
            partial: self.partial.clone(),
            warnings: self.warnings.clone(),
            remembered: self.remembered.clone(),
            to_remember: self.to_remember.clone(),
        }
    }

    /// Whether and when Terraform asks to stop.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Time at which the call must have ended: now plus the timeout that applies to the operation.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Timeout of the operation, for messages.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Idempotency token: the same text for every attempt at this planned change, and another for every other change.
    ///
    /// Send it where the API takes one, so that a create whose answer was lost is not made twice.
    pub fn idempotency_token(&self) -> &str {
        &self.token
    }

    /// Records what exists from now on. If the step fails later, this becomes the state.
    ///
    /// Call it as soon as the API has accepted a create, and after each part of an update.
    pub fn save_partial<M: Model>(&self, model: &M) {
        if let Ok(value) = super::to_value(model) {
            *self.partial.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        }
    }

    /// Adds a warning to the answer. The step goes on.
    pub fn warn(&self, summary: impl Into<String>, detail: impl Into<String>) {
        let warning = super::Diagnostic::warning(summary, detail);
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(warning);
    }

    /// Stores data for later plans and changes of the object that has no place in its state. It replaces what was stored
    /// before, whether this change succeeds or not.
    ///
    /// Terraform keeps it in the private data of the state, which is not encrypted. Never store secrets.
    pub fn remember(&self, memory: &impl Serialize) {
        if let Ok(memory) = serde_json::to_value(memory) {
            let mut place = self
                .to_remember
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *place = Some(memory);
        }
    }

    /// Data that an earlier change stored with [`Call::remember`]. `None` while reading, and for an imported object.
    pub fn remembered<T: DeserializeOwned>(&self) -> Option<T> {
        let memory = self.remembered.clone()?;
        serde_json::from_value(memory).ok()
    }

    /// What this call is to leave for later ones.
    pub(crate) fn memory(&self) -> Option<Json> {
        self.to_remember
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Object that [`Call::save_partial`] recorded last. For tests.
    pub fn partial(&self) -> Option<Value> {
        self.partial
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Warnings that [`Call::warn`] collected. For tests.
    pub fn warnings(&self) -> Diagnostics {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl<C> Deref for Call<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.context
    }
}

/// State of an object that another provider or type managed, for `moved` blocks.
///
/// Source: `MoveResourceState` of the plugin protocol.
#[derive(Clone, Debug)]
pub struct MoveSource {
    /// Address of the other provider, such as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// Name of the other type, such as `aws_eks_cluster`.
    pub type_name: String,
    /// Schema version of the stored state.
    pub version: i64,
    /// Stored state, as JSON.
    pub state: serde_json::Value,
}

/// A managed resource.
///
/// Terraform calls `update` for a difference that needs no replacement. `create` and `update` should end by reading the
/// object back, so that the state holds what the API returns and not what was sent.
///
/// Errors of these methods become diagnostics titled `Unable to create <TITLE> (<identity>)`. An [`Error`] therefore says
/// only what happened and what to do about it.
pub trait Resource: Send + Sync + 'static {
    /// Context of the provider: API clients and settings.
    type Context: Send + Sync + 'static;
    /// Attributes of the resource, declared with [`model!`](crate::model).
    type Model: Model;

    /// Name without the prefix of the provider: `cluster`.
    const NAME: &'static str;
    /// Name in messages: `EKS cluster`.
    const TITLE: &'static str;
    /// Default timeouts. Each operation that has one can be configured in a `timeouts` block.
    const TIMEOUTS: Timeouts = Timeouts::NONE;
    /// Schema version of the stored state. Increase it when attributes change incompatibly.
    const VERSION: i64 = 0;
    /// Attributes that together identify the object, in the order of the import ID.
    const IDENTITY: &'static [&'static str];
    /// Whether the provider's identity attributes ([`Provider::IDENTITY`](super::Provider::IDENTITY)) are part of the identity,
    /// too. They are not for an object that is the same one wherever it is looked at from, such as a global one.
    const HAS_SHARED_IDENTITY: bool = true;
    /// Version of the stored identity. A host asks for an upgrade of an identity with another version only, so one whose
    /// attributes change needs another. Attributes that the identity no longer has are dropped.
    const IDENTITY_VERSION: i64 = 0;
    /// Types of other providers whose state has the same attributes, so that `moved` may convert them: provider and type,
    /// such as `("hashicorp/aws", "aws_eks_cluster")`.
    const MOVES_FROM: &'static [(&'static str, &'static str)] = &[];

    /// Carries over what a state of [`MOVES_FROM`](Self::MOVES_FROM) holds under another name, before it is read as a state of
    /// this resource. What has no attribute here is dropped.
    fn carry_over(state: &mut serde_json::Map<String, serde_json::Value>) {
        let _ = state;
    }

    /// Validates rules over several attributes of the configuration. Report nothing about an unknown value: it is checked
    /// again when it is known.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Adjusts the plan after configuration, defaults and prior state have been merged. It may ask the API. On destroy it
    /// may only fail or warn.
    ///
    /// Terraform plans again while it applies, so the same question must get the same answer.
    fn adjust(
        cx: &Call<Self::Context>,
        plan: &mut Plan,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (cx, plan);
        async { Ok(()) }
    }

    /// Creates the object, waits until it is ready, and returns it as read back.
    fn create(
        cx: &Call<Self::Context>,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Reads the object. `None` means that it no longer exists. `prior` has at least the attributes of the identity.
    fn read(
        cx: &Call<Self::Context>,
        prior: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>>> + Send;

    /// Updates the object in place, waits until it is ready, and returns it as read back.
    fn update(
        cx: &Call<Self::Context>,
        prior: Self::Model,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Deletes the object and waits until it is gone. An object that does not exist is a success.
    fn delete(
        cx: &Call<Self::Context>,
        prior: Self::Model,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Parses an import ID into the attributes that identify the object. `read` fills in the rest.
    ///
    /// # Errors
    ///
    /// The ID is malformed. The message says which form it must have.
    fn import(id: &str) -> Result<Self::Model>;
}

/// A data source.
pub trait DataSource: Send + Sync + 'static {
    /// Context of the provider: API clients and settings.
    type Context: Send + Sync + 'static;
    /// Arguments and results, declared with [`model!`](crate::model).
    type Model: Model;

    /// Name without the prefix of the provider.
    const NAME: &'static str;
    /// Name in messages.
    const TITLE: &'static str;

    /// Validates rules over several attributes of the configuration. Unknown values must pass.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Returns the model with its results. An object that does not exist is an error.
    fn read(
        cx: &Call<Self::Context>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;
}

/// Result of opening an ephemeral resource.
pub struct Opened<M> {
    /// Arguments and results. Terraform never stores them.
    pub result: M,
    /// Time to renew at. `None` if the value needs no renewal.
    pub renew_at: Option<std::time::SystemTime>,
    /// Data for `renew` and `close`.
    pub private: Vec<u8>,
}

/// An ephemeral resource: a value that exists only while Terraform runs, such as a token.
///
/// Terraform 1.10 and OpenTofu 1.11 and later have them.
pub trait EphemeralResource: Send + Sync + 'static {
    /// Context of the provider: API clients and settings.
    type Context: Send + Sync + 'static;
    /// Arguments and results, declared with [`model!`](crate::model).
    type Model: Model;

    /// Name without the prefix of the provider.
    const NAME: &'static str;
    /// Name in messages.
    const TITLE: &'static str;

    /// Validates rules over several attributes of the configuration. Unknown values must pass.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Makes the value.
    fn open(
        cx: &Call<Self::Context>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Opened<Self::Model>>> + Send;

    /// Renews the value. Returns the time of the next renewal, if there is one.
    fn renew(
        cx: &Call<Self::Context>,
        private: &[u8],
    ) -> impl Future<Output = Result<Option<std::time::SystemTime>>> + Send {
        let _ = (cx, private);
        async { Ok(None) }
    }

    /// Releases the value.
    fn close(cx: &Call<Self::Context>, private: &[u8]) -> impl Future<Output = Result<()>> + Send {
        let _ = (cx, private);
        async { Ok(()) }
    }
}

/// A pure function, called as `provider::<name>::<function>(…)`.
///
/// The same arguments must always give the same result, because Terraform caches results. Terraform 1.8 and OpenTofu 1.7
/// and later have functions.
pub trait Function: Send + Sync + 'static {
    /// Name of the function.
    const NAME: &'static str;
    /// Summary in one sentence.
    const SUMMARY: &'static str;
    /// Description in Markdown.
    const DESCRIPTION: &'static str;

    /// Parameters. Only name, description and shape of the attributes are used.
    fn parameters() -> Vec<Attribute>;

    /// Last parameter, if it takes any number of arguments.
    fn variadic() -> Option<Attribute> {
        None
    }

    /// Type of the result.
    fn returns() -> Type;

    /// Computes the result.
    ///
    /// # Errors
    ///
    /// The message for the user, and the index of the invalid argument, from 0.
    fn call(arguments: &[Value]) -> Result<Value, (String, Option<i64>)>;
}

/// The identity of an object in words, from its identity attributes: `my-cluster/my-group`.
pub(crate) fn identity_in_words(names: &[&str], object: &Value) -> String {
    let words: Vec<_> = names
        .iter()
        .filter_map(|name| object.get(name).as_str())
        .collect();
    if words.is_empty() {
        "not named yet".to_owned()
    } else {
        words.join("/")
    }
}

/// The error for a path, where an API error is to be blamed on an attribute.
pub(crate) fn into_diagnostic(summary: String, error: Error) -> super::Diagnostic {
    let diagnostic = super::Diagnostic::error(summary, error.detail);
    match error.path {
        Some(path) => diagnostic.at(path),
        None => diagnostic.at(Path::root()),
    }
}
