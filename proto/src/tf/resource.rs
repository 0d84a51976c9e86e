//! What a provider implements: resources, data sources, ephemeral resources and functions.
//!
//! An implementation sees typed models with nothing unknown in them. Decoding, spelling, partial state on failure,
//! private data, timeouts and panics are the framework's.

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

/// What is being done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Making it.
    Create,
    /// Looking at it.
    Read,
    /// Changing it.
    Update,
    /// Removing it.
    Delete,
}

/// The circumstances of one call: the provider's context, the time allowed, the request to stop, and a place to leave
/// what exists so far.
///
/// Dereferences to the provider's context.
#[derive(Clone)]
pub struct Call<C> {
    context: Arc<C>,
    stop: Stop,
    deadline: Instant,
    timeout: Duration,
    token: String,
    kept: Arc<Mutex<Option<Value>>>,
    warnings: Arc<Mutex<Diagnostics>>,
    remembered: Option<Json>,
    to_remember: Arc<Mutex<Option<Json>>>,
}

impl<C> Call<C> {
    /// A call that may take `timeout` from now on. `token` names this planned change, for idempotent requests.
    pub fn new(context: Arc<C>, stop: Stop, timeout: Duration, token: String) -> Self {
        Self {
            context,
            stop,
            deadline: Instant::now() + timeout,
            timeout,
            token,
            kept: Arc::default(),
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
            kept: self.kept.clone(),
            warnings: self.warnings.clone(),
            remembered: self.remembered.clone(),
            to_remember: self.to_remember.clone(),
        }
    }

    /// Whether and when Terraform asks to stop.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// When the time allowed is over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The time allowed, for messages.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A text that is the same for every attempt at this planned change and differs from that of every other change.
    pub fn idempotency_token(&self) -> &str {
        &self.token
    }

    /// Leaves what exists from now on. If the step fails later, this is what the state will hold.
    ///
    /// Call it as soon as the API has accepted a create, and after each part of an update.
    pub fn exists<M: Model>(&self, model: &M) {
        if let Ok(value) = super::to_value(model) {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        }
    }

    /// Tells the user something without failing.
    pub fn warn(&self, summary: impl Into<String>, detail: impl Into<String>) {
        let warning = super::Diagnostic::warning(summary, detail);
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(warning);
    }

    /// Leaves what later plans and changes of the object need to know and its state cannot say, whether this change
    /// succeeds or not. It counts from now on, in the place of what was left before.
    ///
    /// It is stored in the private data next to the state, which is not encrypted: never leave secrets.
    pub fn remember(&self, memory: &impl Serialize) {
        if let Ok(memory) = serde_json::to_value(memory) {
            let mut place = self
                .to_remember
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *place = Some(memory);
        }
    }

    /// What an earlier change left with [`Call::remember`]. Of an imported object, and while reading, there is nothing.
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

    /// What [`Call::exists`] left.
    pub fn kept(&self) -> Option<Value> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What [`Call::warn`] collected.
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

/// The state of an object that another provider or type managed, for `moved` blocks.
#[derive(Clone, Debug)]
pub struct MoveSource {
    /// The other provider, such as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// The other type, such as `aws_eks_cluster`.
    pub type_name: String,
    /// Version of the stored state.
    pub version: i64,
    /// The stored state.
    pub state: serde_json::Value,
}

/// A managed kind of object.
///
/// `update` is called when something differs that needs no new object. `create` and `update` end by reading back, so
/// that the state never holds what was only hoped for.
pub trait Resource: Send + Sync + 'static {
    /// What calls get: clients, settings.
    type Context: Send + Sync + 'static;
    /// Its attributes.
    type Model: Model;

    /// Name without the provider's prefix: `cluster`.
    const NAME: &'static str;
    /// What it is called in messages: `EKS cluster`.
    const TITLE: &'static str;
    /// How long operations may take, and which can be configured.
    const TIMEOUTS: Timeouts = Timeouts::NONE;
    /// Version of the stored state.
    const VERSION: i64 = 0;
    /// The attributes that together name the object to AWS, in the order of the import id.
    const IDENTITY: &'static [&'static str];
    /// The types of other providers whose state has the same attributes and may be taken over by `moved`.
    const MOVES_FROM: &'static [(&'static str, &'static str)] = &[];

    /// Rules over several attributes of the configuration. Unknown means "cannot say yet".
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// The resource's own planning rules. Also called on destroy, where it may refuse or warn.
    fn adjust(
        cx: &Call<Self::Context>,
        plan: &mut Plan,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (cx, plan);
        async { Ok(()) }
    }

    /// Makes the object and returns it as read back.
    fn create(
        cx: &Call<Self::Context>,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// The object as it is, or `None` when it is gone. `prior` holds at least the identity.
    fn read(
        cx: &Call<Self::Context>,
        prior: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>>> + Send;

    /// Makes the object as planned and returns it as read back.
    fn update(
        cx: &Call<Self::Context>,
        prior: Self::Model,
        planned: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Removes the object and waits until it is gone. Success when there is none.
    fn delete(
        cx: &Call<Self::Context>,
        prior: Self::Model,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The identity that an import id means; `read` fills in the rest.
    ///
    /// # Errors
    ///
    /// The id has another form; the message says which.
    fn import(id: &str) -> Result<Self::Model>;
}

/// An object that is only read.
pub trait DataSource: Send + Sync + 'static {
    /// What calls get.
    type Context: Send + Sync + 'static;
    /// Its attributes, arguments and results alike.
    type Model: Model;

    /// Name without the provider's prefix.
    const NAME: &'static str;
    /// What it is called in messages.
    const TITLE: &'static str;

    /// Rules over several attributes of the configuration.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Fills in the results. Not found is an error.
    fn read(
        cx: &Call<Self::Context>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;
}

/// What opening an ephemeral resource gives.
pub struct Opened<M> {
    /// The result; never stored.
    pub result: M,
    /// When to renew, if ever.
    pub renew_at: Option<std::time::SystemTime>,
    /// What renewing and closing need.
    pub private: Vec<u8>,
}

/// A value that exists only while Terraform runs, such as a token.
pub trait EphemeralResource: Send + Sync + 'static {
    /// What calls get.
    type Context: Send + Sync + 'static;
    /// Its attributes, arguments and results alike.
    type Model: Model;

    /// Name without the provider's prefix.
    const NAME: &'static str;
    /// What it is called in messages.
    const TITLE: &'static str;

    /// Rules over several attributes of the configuration.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Makes the value.
    fn open(
        cx: &Call<Self::Context>,
        config: Self::Model,
    ) -> impl Future<Output = Result<Opened<Self::Model>>> + Send;

    /// Prolongs it; gives the next time to do so.
    fn renew(
        cx: &Call<Self::Context>,
        private: &[u8],
    ) -> impl Future<Output = Result<Option<std::time::SystemTime>>> + Send {
        let _ = (cx, private);
        async { Ok(None) }
    }

    /// Gives it back.
    fn close(cx: &Call<Self::Context>, private: &[u8]) -> impl Future<Output = Result<()>> + Send {
        let _ = (cx, private);
        async { Ok(()) }
    }
}

/// A pure function, called as `provider::<name>::<function>(…)`.
///
/// Terraform remembers results per arguments: the same arguments must always give the same result.
pub trait Function: Send + Sync + 'static {
    /// Its name.
    const NAME: &'static str;
    /// One sentence.
    const SUMMARY: &'static str;
    /// What it does, in Markdown.
    const DESCRIPTION: &'static str;

    /// Its parameters, as attributes of which only name, description and shape count.
    fn parameters() -> Vec<Attribute>;

    /// A last parameter that takes any number of arguments.
    fn variadic() -> Option<Attribute> {
        None
    }

    /// The type of its result.
    fn returns() -> Type;

    /// The result.
    ///
    /// # Errors
    ///
    /// The text for the user, and the number of the argument to blame, counted from 0.
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
