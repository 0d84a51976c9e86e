//! The resource with its type erased: where questions about values meet the resource's own types.

use std::marker::PhantomData;
use std::sync::OnceLock;

use super::life::Life;
use super::models::{import_stub, schema_of};
use super::moved::without_nothings;
use super::{
    ApplyRequest, BoxFuture, Circumstances, ManagedResource, PlanAnswer, PlanRequest, StateAnswer,
    self_check,
};
use crate::tf::schema::absent;
use crate::tf::{
    Attribute, Diagnostic, Diagnostics, Error, MoveSource, Resource, Result, Schema, Timeouts,
    Value, from_json, validate,
};

/// Erases the type of a resource. Its schema is made once.
pub(crate) struct Managed<R> {
    schema: OnceLock<Schema>,
    resource: PhantomData<fn() -> R>,
}

impl<R> Default for Managed<R> {
    fn default() -> Self {
        Self {
            schema: OnceLock::new(),
            resource: PhantomData,
        }
    }
}

impl<R: Resource> Managed<R> {
    fn known_schema(&self) -> &Schema {
        self.schema.get_or_init(schema_of::<R>)
    }

    fn life(&self, by: Circumstances<R::Context>) -> Life<'_, R> {
        Life::new(self.known_schema(), by)
    }
}

impl<R: Resource> ManagedResource<R::Context> for Managed<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn title(&self) -> &'static str {
        R::TITLE
    }

    fn schema(&self) -> Schema {
        self.known_schema().clone()
    }

    fn identity(&self) -> &'static [&'static str] {
        R::IDENTITY
    }

    fn identity_version(&self) -> i64 {
        R::IDENTITY_VERSION
    }

    fn has_shared_identity(&self) -> bool {
        R::HAS_SHARED_IDENTITY
    }

    fn timeouts(&self) -> Timeouts {
        R::TIMEOUTS
    }

    fn validate(&self, config: &Value, write_only_allowed: bool) -> Diagnostics {
        let attributes = &self.known_schema().attributes;
        let mut found = validate(attributes, config, write_only_allowed);
        R::check(config, &mut found);
        self_check::paths(self.known_schema(), found)
    }

    fn plan(
        &self,
        by: Circumstances<R::Context>,
        request: PlanRequest,
    ) -> BoxFuture<'_, PlanAnswer> {
        Box::pin(async move {
            let asked = (request.prior.clone(), request.config.clone());
            let identity = self.full_identity(by.identity);
            let mut answer = self.life(by).plan(request).await;
            answer.identity = identity.of(&answer.planned);
            self_check::plan(self.known_schema(), asked, answer)
        })
    }

    fn apply(
        &self,
        by: Circumstances<R::Context>,
        request: ApplyRequest,
    ) -> BoxFuture<'_, StateAnswer> {
        Box::pin(async move {
            let identity = self.full_identity(by.identity);
            let mut answer = self.life(by).apply(&request).await;
            answer.identity = identity.of(&answer.state);
            self_check::apply(self.known_schema(), &request.planned, answer)
        })
    }

    fn read(
        &self,
        by: Circumstances<R::Context>,
        prior: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'_, StateAnswer> {
        Box::pin(async move {
            let identity = self.full_identity(by.identity);
            let answer = self.life(by).read(&prior).await;
            StateAnswer {
                identity: identity.of(&answer.state),
                private,
                ..answer
            }
        })
    }

    fn import_by_id(&self, id: &str) -> Result<Value, Diagnostics> {
        let explain = |error: Error| {
            let summary = format!("Invalid import id for {}", R::TITLE);
            Diagnostics::from(Diagnostic::error(summary, error.detail))
        };
        R::import(id)
            .and_then(|model| import_stub::<R>(self.known_schema(), &model))
            .map_err(explain)
    }

    fn import_by_identity(&self, identity: &Value) -> Result<Value, Diagnostics> {
        let attributes = &self.known_schema().attributes;
        let found = validate(attributes, identity, true);
        if found.has_errors() {
            return Err(found);
        }
        let member = |attribute: &Attribute| match identity.find(&attribute.name) {
            Value::Null => (attribute.name.clone(), absent(attribute)),
            given => (attribute.name.clone(), given.clone()),
        };
        Ok(Value::Object(attributes.iter().map(member).collect()))
    }

    fn upgrade(&self, version: i64, state: &serde_json::Value) -> Result<Value, Diagnostics> {
        from_json(&self.known_schema().attributes, state).map_err(|error| {
            let summary = format!("Unable to read the stored state of {}", R::TITLE);
            let detail = format!("The state has schema version {version}: {error}.");
            Diagnostics::from(Diagnostic::error(summary, detail))
        })
    }

    #[cfg(any(test, feature = "testing"))]
    fn through_model(&self, object: &Value) -> Result<Value, crate::tf::DecodeError> {
        crate::tf::to_value(&crate::tf::from_value::<R::Model>(object)?)
    }

    fn move_from(&self, source: &MoveSource) -> Result<Value, Diagnostics> {
        let is_source = |(provider, type_name): &(&str, &str)| {
            is_provider(&source.provider, provider) && source.type_name == *type_name
        };
        if R::MOVES_FROM.iter().any(is_source) {
            let mut state = source.state.clone();
            if let Some(state) = state.as_object_mut() {
                R::carry_over(state);
            }
            let state = self.upgrade(source.version, &state)?;
            return Ok(without_nothings(&self.known_schema().attributes, &state));
        }
        let summary = format!("Unable to move {} to {}", source.type_name, R::TITLE);
        let name = |(provider, type_name): &(&str, &str)| format!("{type_name} of {provider}");
        let known: Vec<_> = R::MOVES_FROM.iter().map(name).collect();
        let detail = match known.as_slice() {
            [] => "No other type can be moved to this one.".to_owned(),
            known => format!("What can be moved here is {}.", known.join(", ")),
        };
        Err(Diagnostic::error(summary, detail).into())
    }
}

/// Registries differ between Terraform and OpenTofu; the namespace and name of a provider do not.
fn is_provider(address: &str, provider: &str) -> bool {
    let host = address.strip_suffix(provider);
    host.is_some_and(|host| host.is_empty() || host.ends_with('/'))
}
