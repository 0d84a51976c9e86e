//! The resource with its type erased: where questions about values meet the resource's own types.

use std::marker::PhantomData;
use std::sync::OnceLock;

use super::life::Life;
use super::models::{import_stub, schema_of};
use super::moved::without_nothings;
use super::{
    ApplyRequest, BoxFuture, Circumstances, ManagedResource, News, PlanAnswer, PlanRequest, Stage,
    StateAnswer, self_check,
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

    fn timeouts(&self) -> Timeouts {
        R::TIMEOUTS
    }

    fn validate(&self, config: &Value, write_only_allowed: bool) -> Diagnostics {
        let attributes = &self.known_schema().attributes;
        let mut found = validate(attributes, config, write_only_allowed);
        R::check(config, &mut found);
        found
    }

    fn plan(
        &self,
        by: Circumstances<R::Context>,
        request: PlanRequest,
    ) -> BoxFuture<'_, PlanAnswer> {
        Box::pin(async move {
            let stage = match request.replaces() {
                true => Stage::Replacement,
                false => Stage::Planned,
            };
            let tell = teller::<R>(&by, stage, request.prior.clone());
            let asked = (request.prior.clone(), request.config.clone());
            let answer = self.life(by).plan(request).await;
            if !answer.diagnostics.has_errors() {
                tell(&answer.planned);
            }
            self_check::plan(self.known_schema(), asked, answer)
        })
    }

    fn apply(
        &self,
        by: Circumstances<R::Context>,
        request: ApplyRequest,
    ) -> BoxFuture<'_, StateAnswer> {
        Box::pin(async move {
            let tell = teller::<R>(&by, Stage::Actual, request.prior.clone());
            tell(&Value::Null);
            let planned = request.planned.clone();
            let life = self.life(by);
            let answer = match (request.prior.is_null(), planned.is_null()) {
                (_, true) => life.delete(request).await,
                (true, false) => life.create(request).await,
                (false, false) => life.update(request).await,
            };
            tell(&answer.state);
            self_check::apply(self.known_schema(), &planned, answer)
        })
    }

    fn read(
        &self,
        by: Circumstances<R::Context>,
        prior: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'_, StateAnswer> {
        Box::pin(async move {
            let tell = teller::<R>(&by, Stage::Actual, prior.clone());
            let answer = self.life(by).read(prior).await;
            if !answer.diagnostics.has_errors() {
                tell(&answer.state);
            }
            StateAnswer { private, ..answer }
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
        let member = |attribute: &Attribute| match identity.get(&attribute.name) {
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

    fn move_from(&self, source: &MoveSource) -> Result<Value, Diagnostics> {
        let is_source = |(provider, type_name): &(&str, &str)| {
            is_provider(&source.provider, provider) && source.type_name == *type_name
        };
        if R::MOVES_FROM.iter().any(is_source) {
            let state = self.upgrade(source.version, &source.state)?;
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

/// Tells the provider what has become of an object.
fn teller<R: Resource>(
    by: &Circumstances<R::Context>,
    stage: Stage,
    before: Value,
) -> impl Fn(&Value) + use<R> {
    let (context, note) = (by.context.clone(), by.note);
    move |now| {
        let news = News {
            resource: R::NAME,
            stage,
            before: &before,
            now,
        };
        note(&context, &news);
    }
}

/// Registries differ between Terraform and OpenTofu; the namespace and name of a provider do not.
fn is_provider(address: &str, provider: &str) -> bool {
    let host = address.strip_suffix(provider);
    host.is_some_and(|host| host.is_empty() || host.ends_with('/'))
}
