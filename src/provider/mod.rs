//! The provider as Terraform sees it: its block, its context, its resources. How AWS is talked to is [`crate::aws`]'s.

mod block;
mod check;
mod region;
mod settings;
#[cfg(test)]
mod tests;
mod user_agent;

use std::sync::Arc;

use tfplugin_rs::tf::engine::ObjectEvent;
use tfplugin_rs::tf::{
    self, Attribute, Configuration, Diagnostic, Diagnostics, Plan, Registry, Schema, Value,
};

use crate::aws::{Call, Context, Region, objects};
use crate::eks::shared::lookup;
use crate::{eks, functions, iam};
use block::{Block, Meta};

/// The provider for Amazon EKS.
pub struct Eks;

impl tf::Provider for Eks {
    type Context = Context;

    const NAME: &'static str = "eks";

    fn schema() -> Schema {
        schema_of::<Block>()
    }

    fn meta() -> Option<Schema> {
        Some(schema_of::<Meta>())
    }

    fn check(config: &Value, found: &mut Diagnostics) {
        check::block(config, found);
    }

    async fn configure(configuration: Configuration) -> Result<Context, Diagnostics> {
        let environment = settings::Environment::of_process();
        let settings = settings::read(&configuration, &environment).await?;
        Context::new(settings).map_err(|reason| {
            Diagnostic::error(
                "Invalid proxy",
                format!("http_proxy or https_proxy: {reason}."),
            )
            .into()
        })
    }

    fn with_meta(context: &Arc<Context>, meta: &Value) -> Arc<Context> {
        let products = user_agent::of_module(meta.get("user_agent"));
        match products.as_slice() {
            [] => context.clone(),
            _ => Arc::new(context.for_module(products)),
        }
    }

    fn adjust(cx: &Call, attributes: &[Attribute], plan: &mut Plan) -> tf::Result<()> {
        objects::plan(cx, attributes, plan)
    }

    fn observe(cx: &Context, event: &ObjectEvent<'_>) {
        lookup::observe(cx, event);
    }

    const IDENTITY: &'static [&'static str] = &[Region::NAME];

    fn start_import<'i>(
        cx: &Context,
        attributes: &[Attribute],
        id: &'i str,
    ) -> (&'i str, Vec<(&'static str, Value)>) {
        objects::start_import(cx, attributes, id)
    }

    fn registry() -> Registry<Context> {
        functions::register(iam::register(eks::register(Registry::new())))
    }
}

fn schema_of<M: tf::Model>() -> Schema {
    Schema {
        version: 0,
        description: tf::checks::prose(M::DESCRIPTION),
        deprecated: None,
        attributes: M::attributes(),
    }
}
