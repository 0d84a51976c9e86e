//! The provider as a whole: its configuration, its context, and what it offers.

use std::future::Future;
use std::sync::Arc;

use super::engine::News;
use super::{Attribute, Call, Diagnostics, Plan, Registry, Result, Schema, Value};

/// What the user wrote in the provider block. Parts may be unknown while planning.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The block.
    pub block: Value,
    /// Version of the CLI, for the user agent.
    pub terraform_version: String,
}

/// A provider.
pub trait Provider: Send + Sync + 'static {
    /// What every call gets: clients and settings.
    type Context: Send + Sync + 'static;

    /// Local name and prefix of every type: `eks`.
    const NAME: &'static str;

    /// The provider block.
    fn schema() -> Schema;

    /// The `provider_meta` block that modules may write.
    fn meta() -> Option<Schema> {
        None
    }

    /// Rules over several attributes of the provider block.
    fn check(config: &Value, found: &mut Diagnostics) {
        let _ = (config, found);
    }

    /// Makes the context. Does no I/O that a later call may turn out not to need.
    fn configure(
        configuration: Configuration,
    ) -> impl Future<Output = Result<Self::Context, Diagnostics>> + Send;

    /// A context for one call of a module that has a `provider_meta` block.
    fn with_meta(context: &Arc<Self::Context>, meta: &Value) -> Arc<Self::Context> {
        let _ = meta;
        context.clone()
    }

    /// Planning rules of every resource, applied before its own.
    fn adjust(cx: &Call<Self::Context>, attributes: &[Attribute], plan: &mut Plan) -> Result<()> {
        let _ = (cx, attributes, plan);
        Ok(())
    }

    /// Takes notice of an object that was looked at, planned or changed.
    ///
    /// Terraform plans an object after those it refers to, in the same process; at apply it plans it once more, when those
    /// are as planned. What is noted of them here is there for [`adjust`](super::Resource::adjust) to plan with: what they
    /// will be, which nobody else can tell yet. Only planning may use it; what is done goes by what is.
    fn note(cx: &Self::Context, news: &News<'_>) {
        let _ = (cx, news);
    }

    /// Attributes that belong to the identity of every resource that has them, such as a region. Who imports by identity
    /// may leave them out.
    const IDENTITY: &'static [&'static str] = &[];

    /// What imports of all resources have in common.
    ///
    /// Gives the import id without what is the provider's part of it, and attributes that are known before the object is
    /// looked at. They stand back behind what an identity says; the id is empty when there is one. With all of
    /// [`IDENTITY`](Self::IDENTITY) among them, an object has the same identity from the import on.
    fn start_import<'i>(
        cx: &Self::Context,
        attributes: &[Attribute],
        id: &'i str,
    ) -> (&'i str, Vec<(&'static str, Value)>) {
        let _ = (cx, attributes);
        (id, Vec::new())
    }

    /// What is offered.
    fn registry() -> Registry<Self::Context>;
}
