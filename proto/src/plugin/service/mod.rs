//! From RPCs to the meaning and back: the `tfplugin6.Provider` service over a [`tf::Provider`].
//!
//! It must not know what an attribute means or when something is planned; that is [`crate::tf`]'s. It knows which
//! request holds what, keeps the configured context and the stop signal, and gives every request its log span.

mod objects;
mod resources;
mod schemas;
mod wire;

use std::future::Future;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tonic::{Request, Response, Status};
use tracing::{Instrument, Span, debug, info_span};
use uuid::Uuid;

use super::tfplugin6::{self as pb, provider_server};
use crate::tf::{self, Configuration, Diagnostic, Diagnostics, Registry, Schema, Stop, Value};

/// Serves a provider.
///
/// Nothing is done before the first request: a single `terraform apply` starts half a dozen processes, and most of
/// them are asked very little.
pub struct Service<P: tf::Provider>(Arc<Inner<P>>);

struct Inner<P: tf::Provider> {
    registry: OnceLock<Registry<P::Context>>,
    context: RwLock<Option<Arc<P::Context>>>,
    stop: RwLock<Stop>,
}

/// What an RPC comes to before it is put on the wire.
type Outcome<T> = Result<T, Diagnostics>;

impl<P: tf::Provider> Default for Service<P> {
    fn default() -> Self {
        Self(Arc::new(Inner {
            registry: OnceLock::new(),
            context: RwLock::new(None),
            stop: RwLock::new(Stop::default()),
        }))
    }
}

impl<P: tf::Provider> Service<P> {
    /// A service that is not configured yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a request in a task of its own: when the connection breaks, tonic drops the handler, and an AWS call must
    /// not be cut short by that.
    async fn run<T, F>(&self, span: Span, work: impl FnOnce(Arc<Inner<P>>) -> F) -> Outcome<T>
    where
        T: Send + 'static,
        F: Future<Output = Outcome<T>> + Send + 'static,
    {
        let started = std::time::Instant::now();
        let work = super::caught(work(self.0.clone()).instrument(span.clone()));
        let outcome = tokio::spawn(work)
            .await
            .unwrap_or_else(|error| Err(error.to_string()));
        let tf_req_duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        span.in_scope(|| debug!(tf_req_duration_ms, "Answered"));
        outcome
            .unwrap_or_else(|panic| Err(Diagnostic::error("The provider panicked", panic).into()))
    }
}

impl<P: tf::Provider> Inner<P> {
    fn registry(&self) -> &Registry<P::Context> {
        self.registry.get_or_init(P::registry)
    }

    /// The name of a type without the provider's prefix.
    fn short_name<'a>(&self, type_name: &'a str) -> &'a str {
        let rest = type_name
            .strip_prefix(P::NAME)
            .and_then(|rest| rest.strip_prefix('_'));
        rest.unwrap_or(type_name)
    }

    fn type_name(&self, name: &str) -> String {
        format!("{}_{name}", P::NAME)
    }

    fn stop(&self) -> Stop {
        self.stop
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stops what runs, and arms a fresh signal: requests that follow, such as closing an ephemeral resource, must
    /// still work.
    fn stop_running(&self) {
        let mut stop = self.stop.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *stop).request();
    }

    /// The context for a request, with what the module's `provider_meta` block says.
    fn context(&self, meta: Option<pb::DynamicValue>) -> Outcome<Arc<P::Context>> {
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
        let meta = wire::decode(&schema.ty(), Some(&meta))?;
        Ok(if meta.is_null() {
            context
        } else {
            P::with_meta(&context, &meta)
        })
    }

    async fn configure(&self, request: pb::configure_provider::Request) -> Outcome<()> {
        let schema = P::schema();
        let block = wire::decode(&schema.ty(), request.config.as_ref())?;
        let terraform_version = request.terraform_version;
        let context = P::configure(Configuration {
            block,
            terraform_version,
        })
        .await?;
        let mut place = self.context.write().unwrap_or_else(PoisonError::into_inner);
        *place = Some(Arc::new(context));
        Ok(())
    }

    fn validate_provider(&self, config: Option<&pb::DynamicValue>) -> Outcome<Diagnostics> {
        let schema = P::schema();
        let config = wire::decode(&schema.ty(), config)?;
        let mut found = tf::validate(&schema.attributes, &config, true);
        P::check(&config, &mut found);
        Ok(found)
    }
}

fn rpc(name: &'static str) -> Span {
    info_span!("rpc", tf_rpc = name, tf_req_id = %Uuid::new_v4())
}

fn resource_rpc(name: &'static str, type_name: &str) -> Span {
    info_span!(
        "rpc",
        tf_rpc = name,
        tf_req_id = %Uuid::new_v4(),
        tf_resource_type = type_name,
    )
}

fn data_rpc(name: &'static str, type_name: &str) -> Span {
    info_span!(
        "rpc",
        tf_rpc = name,
        tf_req_id = %Uuid::new_v4(),
        tf_data_source_type = type_name,
    )
}

fn ephemeral_rpc(name: &'static str, type_name: &str) -> Span {
    info_span!(
        "rpc",
        tf_rpc = name,
        tf_req_id = %Uuid::new_v4(),
        tf_ephemeral_resource_type = type_name,
    )
}

fn unknown_type(kind: &str, type_name: &str) -> Diagnostics {
    let summary = format!("Unknown {kind} {type_name}");
    Diagnostic::error(summary, "This version of the provider does not have it.").into()
}

/// Terraform expects an object where the schema has one: decodes it with the schema's type.
fn object(schema: &Schema, value: Option<&pb::DynamicValue>) -> Outcome<Value> {
    wire::decode(&schema.ty(), value)
}

/// An answer, or one that holds nothing but the diagnostics.
macro_rules! answer {
    ($outcome:expr, $rpc:ident) => {
        Ok(Response::new($outcome.unwrap_or_else(|found| {
            pb::$rpc::Response {
                diagnostics: wire::diagnostics(found),
                ..Default::default()
            }
        })))
    };
}

#[tonic::async_trait]
impl<P: tf::Provider> provider_server::Provider for Service<P> {
    async fn get_metadata(
        &self,
        _request: Request<pb::get_metadata::Request>,
    ) -> Result<Response<pb::get_metadata::Response>, Status> {
        Ok(Response::new(self.0.metadata()))
    }

    async fn get_provider_schema(
        &self,
        _request: Request<pb::get_provider_schema::Request>,
    ) -> Result<Response<pb::get_provider_schema::Response>, Status> {
        Ok(Response::new(self.0.schemas()))
    }

    async fn get_resource_identity_schemas(
        &self,
        _request: Request<pb::get_resource_identity_schemas::Request>,
    ) -> Result<Response<pb::get_resource_identity_schemas::Response>, Status> {
        Ok(Response::new(self.0.identity_schemas()))
    }

    async fn get_functions(
        &self,
        _request: Request<pb::get_functions::Request>,
    ) -> Result<Response<pb::get_functions::Response>, Status> {
        let functions = self.0.functions();
        Ok(Response::new(pb::get_functions::Response {
            functions,
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        request: Request<pb::validate_provider_config::Request>,
    ) -> Result<Response<pb::validate_provider_config::Response>, Status> {
        let config = request.into_inner().config;
        let work = |inner: Arc<Inner<P>>| async move { inner.validate_provider(config.as_ref()) };
        let found = self.run(rpc("ValidateProviderConfig"), work).await;
        let diagnostics = wire::diagnostics(found.unwrap_or_else(|failed| failed));
        Ok(Response::new(pb::validate_provider_config::Response {
            diagnostics,
        }))
    }

    async fn configure_provider(
        &self,
        request: Request<pb::configure_provider::Request>,
    ) -> Result<Response<pb::configure_provider::Response>, Status> {
        let request = request.into_inner();
        let work = |inner: Arc<Inner<P>>| async move { inner.configure(request).await };
        let outcome = self.run(rpc("ConfigureProvider"), work).await;
        let diagnostics = wire::diagnostics(outcome.err().unwrap_or_default());
        Ok(Response::new(pb::configure_provider::Response {
            diagnostics,
        }))
    }

    async fn stop_provider(
        &self,
        _request: Request<pb::stop_provider::Request>,
    ) -> Result<Response<pb::stop_provider::Response>, Status> {
        self.0.stop_running();
        Ok(Response::new(pb::stop_provider::Response::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<pb::validate_resource_config::Request>,
    ) -> Result<Response<pb::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("ValidateResourceConfig", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.validate_resource(&request) },
        );
        answer!(outcome.await, validate_resource_config)
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<pb::upgrade_resource_state::Request>,
    ) -> Result<Response<pb::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("UpgradeResourceState", &request.type_name);
        let outcome = self.run(span, |inner| async move { inner.upgrade_state(&request) });
        answer!(outcome.await, upgrade_resource_state)
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<pb::upgrade_resource_identity::Request>,
    ) -> Result<Response<pb::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("UpgradeResourceIdentity", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.upgrade_identity(&request) },
        );
        answer!(outcome.await, upgrade_resource_identity)
    }

    async fn read_resource(
        &self,
        request: Request<pb::read_resource::Request>,
    ) -> Result<Response<pb::read_resource::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("ReadResource", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.read_resource(request).await },
        );
        answer!(outcome.await, read_resource)
    }

    async fn plan_resource_change(
        &self,
        request: Request<pb::plan_resource_change::Request>,
    ) -> Result<Response<pb::plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("PlanResourceChange", &request.type_name);
        let outcome = self.run(span, |inner| async move { inner.plan(request).await });
        answer!(outcome.await, plan_resource_change)
    }

    async fn apply_resource_change(
        &self,
        request: Request<pb::apply_resource_change::Request>,
    ) -> Result<Response<pb::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        // Should even the framework fail, the state before is the best that is known.
        let prior = request.prior_state.clone();
        let span = resource_rpc("ApplyResourceChange", &request.type_name);
        let outcome = self.run(span, |inner| async move { inner.apply(request).await });
        let response = outcome
            .await
            .unwrap_or_else(|found| pb::apply_resource_change::Response {
                new_state: prior,
                diagnostics: wire::diagnostics(found),
                ..Default::default()
            });
        Ok(Response::new(response))
    }

    async fn import_resource_state(
        &self,
        request: Request<pb::import_resource_state::Request>,
    ) -> Result<Response<pb::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("ImportResourceState", &request.type_name);
        let outcome = self.run(span, |inner| async move { inner.import(&request) });
        answer!(outcome.await, import_resource_state)
    }

    async fn move_resource_state(
        &self,
        request: Request<pb::move_resource_state::Request>,
    ) -> Result<Response<pb::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        let span = resource_rpc("MoveResourceState", &request.target_type_name);
        let outcome = self.run(span, |inner| async move { inner.move_state(&request) });
        answer!(outcome.await, move_resource_state)
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<pb::validate_data_resource_config::Request>,
    ) -> Result<Response<pb::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let span = data_rpc("ValidateDataResourceConfig", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.validate_data_source(&request) },
        );
        answer!(outcome.await, validate_data_resource_config)
    }

    async fn read_data_source(
        &self,
        request: Request<pb::read_data_source::Request>,
    ) -> Result<Response<pb::read_data_source::Response>, Status> {
        let request = request.into_inner();
        let span = data_rpc("ReadDataSource", &request.type_name);
        let outcome = self.run(span, |inner| async move {
            inner.read_data_source(request).await
        });
        answer!(outcome.await, read_data_source)
    }

    async fn call_function(
        &self,
        request: Request<pb::call_function::Request>,
    ) -> Result<Response<pb::call_function::Response>, Status> {
        let request = request.into_inner();
        let work = |inner: Arc<Inner<P>>| async move { Ok(inner.call_function(&request)) };
        let outcome = self.run(rpc("CallFunction"), work).await;
        Ok(Response::new(outcome.unwrap_or_else(|found| {
            pb::call_function::Response {
                result: None,
                error: Some(wire::function_error(&found)),
            }
        })))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<pb::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<pb::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        let span = ephemeral_rpc("ValidateEphemeralResourceConfig", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.validate_ephemeral(&request) },
        );
        answer!(outcome.await, validate_ephemeral_resource_config)
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<pb::open_ephemeral_resource::Request>,
    ) -> Result<Response<pb::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let span = ephemeral_rpc("OpenEphemeralResource", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.open_ephemeral(request).await },
        );
        answer!(outcome.await, open_ephemeral_resource)
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<pb::renew_ephemeral_resource::Request>,
    ) -> Result<Response<pb::renew_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let span = ephemeral_rpc("RenewEphemeralResource", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.renew_ephemeral(request).await },
        );
        answer!(outcome.await, renew_ephemeral_resource)
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<pb::close_ephemeral_resource::Request>,
    ) -> Result<Response<pb::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        let span = ephemeral_rpc("CloseEphemeralResource", &request.type_name);
        let outcome = self.run(
            span,
            |inner| async move { inner.close_ephemeral(request).await },
        );
        answer!(outcome.await, close_ephemeral_resource)
    }
}
