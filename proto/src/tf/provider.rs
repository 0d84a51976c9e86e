//! The provider as a whole: its configuration, its context, and what it offers.

use std::future::Future;
use std::sync::Arc;

use super::engine::ObjectEvent;
use super::{Attribute, Call, Diagnostics, Plan, Registry, Result, Schema, Value};

/// Configuration of the provider. Parts of it may be unknown during a plan.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Provider block.
    pub block: Value,
    /// Version of Terraform or OpenTofu, such as `1.11.4`, for the user agent.
    pub terraform_version: String,
}

/// A provider: its configuration, its context and what it offers.
pub trait Provider: Send + Sync + 'static {
    /// Context that every call gets: API clients and settings.
    type Context: Send + Sync + 'static;

    /// Local name, which is the prefix of every type: `eks`.
    const NAME: &'static str;

    /// Schema of the provider block.
    fn schema() -> Schema;

    /// Schema of the `provider_meta` block of modules. `None` if there is none.
    fn meta() -> Option<Schema> {
        None
    }

    /// Validates rules over several attributes of the provider block. Unknown values must pass.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Makes the context. Leave I/O to the calls that need it: Terraform configures a provider for every command.
    fn configure(
        configuration: Configuration,
    ) -> impl Future<Output = Result<Self::Context, Diagnostics>> + Send;

    /// Returns the context for one call from a module that has a `provider_meta` block.
    fn with_meta(context: &Arc<Self::Context>, meta: &Value) -> Arc<Self::Context> {
        let _ = meta;
        context.clone()
    }

    /// Adjusts the plan of every resource, before [`Resource::adjust`](super::Resource::adjust). For attributes that all
    /// resources have, such as tags.
    ///
    /// # Errors
    ///
    /// The planned change cannot be made.
    fn adjust(cx: &Call<Self::Context>, attributes: &[Attribute], plan: &mut Plan) -> Result<()> {
        let _ = (cx, attributes, plan);
        Ok(())
    }

    /// Receives what became known of an object that was read, planned or changed.
    ///
    /// Terraform plans an object after those that it refers to, in the same process, and plans it again during the apply.
    /// Keep in the context what [`adjust`](super::Resource::adjust) needs to know of other objects that do not exist yet.
    /// Use it for planning only; operations must ask the API.
    fn observe(cx: &Self::Context, event: &ObjectEvent<'_>) {
        let _ = (cx, event);
    }

    /// Attributes that belong to the identity of every resource that has them, such as a Region. They are optional in an
    /// import by identity.
    const IDENTITY: &'static [&'static str] = &[];

    /// Prepares the import of any resource.
    ///
    /// Returns the import ID without the part that the provider itself understands, such as a Region, and attributes that
    /// are known before the object is read. In an import by identity the ID is empty, and the identity overrides these
    /// attributes. Include all of [`IDENTITY`](Self::IDENTITY), so that the identity is complete from the import on.
    fn start_import<'i>(
        cx: &Self::Context,
        attributes: &[Attribute],
        id: &'i str,
    ) -> (&'i str, Vec<(&'static str, Value)>) {
        let _ = (cx, attributes);
        (id, Vec::new())
    }

    /// Resources, data sources, ephemeral resources and functions.
    fn registry() -> Registry<Self::Context>;
}
