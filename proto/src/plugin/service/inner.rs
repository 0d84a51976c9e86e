//! What a provider process keeps between requests: what is offered, how the provider is configured, and the signal to
//! stop. It must not know what is done with them.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{Outcome, wire};
use crate::plugin::{log, tfplugin6 as pb};
use crate::tf::{self, Attribute, Configuration, Diagnostic, Registry, Stop, Value};

/// Shared by all requests. No lock is held across an await.
pub(super) struct Inner<P: tf::Provider> {
    registry: OnceLock<Registry<P::Context>>,
    context: RwLock<Option<Arc<P::Context>>>,
    stop: RwLock<Stop>,
}

impl<P: tf::Provider> Default for Inner<P> {
    fn default() -> Self {
        Self {
            registry: OnceLock::new(),
            context: RwLock::default(),
            stop: RwLock::default(),
        }
    }
}

impl<P: tf::Provider> Inner<P> {
    pub fn registry(&self) -> &Registry<P::Context> {
        self.registry.get_or_init(P::registry)
    }

    /// A type's name as users write it.
    pub fn type_name(&self, name: &str) -> String {
        format!("{}_{name}", P::NAME)
    }

    /// The entry of a type that users call `type_name`.
    pub fn find<'a, T>(
        &self,
        entries: &'a [T],
        type_name: &str,
        name: impl Fn(&T) -> &str,
    ) -> Option<&'a T> {
        let short = type_name.strip_prefix(P::NAME)?.strip_prefix('_')?;
        entries.iter().find(|entry| name(entry) == short)
    }

    pub fn stop(&self) -> Stop {
        self.stop
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stops what runs, and arms a fresh signal: requests that follow, such as closing an ephemeral resource, must
    /// still work.
    pub fn stop_running(&self) {
        let mut stop = self.stop.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *stop).request();
    }

    /// The context for a request, with what the module's `provider_meta` block says.
    pub fn context(&self, meta: Option<&pb::DynamicValue>) -> Outcome<Arc<P::Context>> {
        let context = self
            .context
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(context) = context else {
            let detail = "Terraform asked for an operation before it configured the provider.";
            return Err(Diagnostic::error("The provider is not configured", detail).into());
        };
        let (Some(schema), Some(meta)) = (P::meta(), meta) else {
            return Ok(context);
        };
        let meta = wire::object(&schema, Some(meta))?;
        Ok(if meta.is_null() {
            context
        } else {
            P::with_meta(&context, &meta)
        })
    }

    /// In debug mode one process serves many runs, and is configured anew by each of them.
    pub async fn configure(
        &self,
        request: pb::configure_provider::Request,
    ) -> Outcome<pb::configure_provider::Response> {
        let schema = P::schema();
        let block = wire::object(&schema, request.config.as_ref())?;
        hide_secrets(&schema.attributes, &block);
        let context = P::configure(Configuration {
            block,
            terraform_version: request.terraform_version,
        });
        let context = Arc::new(context.await?);
        *self.context.write().unwrap_or_else(PoisonError::into_inner) = Some(context);
        Ok(pb::configure_provider::Response::default())
    }

    pub async fn validate_provider(
        &self,
        request: pb::validate_provider_config::Request,
    ) -> Outcome<pb::validate_provider_config::Response> {
        let schema = P::schema();
        let config = wire::object(&schema, request.config.as_ref())?;
        // A provider block is never stored, so it may hold anything.
        let mut found = tf::validate(&schema.attributes, &config, true);
        P::check(&config, &mut found);
        let diagnostics = wire::diagnostics(found);
        Ok(pb::validate_provider_config::Response { diagnostics })
    }
}

/// What is sensitive in the provider block never gets into a log, whatever logs it.
fn hide_secrets(attributes: &[Attribute], object: &Value) {
    for attribute in attributes {
        let value = object.get(&attribute.name);
        if let (true, Some(secret)) = (attribute.sensitive, value.as_str()) {
            log::hide(secret);
        }
        let inner = attribute.inner().unwrap_or_default();
        match value {
            Value::Object(_) => hide_secrets(inner, value),
            _ => value
                .elements()
                .for_each(|element| hide_secrets(inner, element)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::{Nesting, Shape, Type};

    #[test]
    fn secrets_of_the_provider_block_are_kept_out_of_logs() {
        let leaf = |name| Attribute::required(name, Shape::Leaf(Type::String), "").sensitive();
        let block = Shape::Nested(Nesting::List, vec![leaf("nested_password")]);
        let attributes = [leaf("password"), Attribute::required("block", block, "")];
        let inner = Value::object([("nested_password", "inner-and-unguessable")]);
        let config = Value::object([
            ("password", Value::from("outer-and-unguessable")),
            ("block", Value::list([inner])),
        ]);
        let said = "outer-and-unguessable, inner-and-unguessable";
        assert!(log::redact(said).contains("unguessable"));
        hide_secrets(&attributes, &config);
        assert!(!log::redact(said).contains("unguessable"));
    }
}
