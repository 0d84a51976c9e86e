//! From RPCs to the meaning and back: the `tfplugin6.Provider` service over a [`tf::Provider`].
//!
//! It must not know what an attribute means or when something is planned; that is [`crate::tf`]'s. It knows which
//! request holds what, and gives every request its log span and a task of its own.

mod functions;
mod identity;
mod inner;
mod objects;
mod resources;
mod schemas;
mod wire;

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use tonic::{Request, Response, Status};
use tracing::{Instrument, Span, debug, info_span};
use uuid::Uuid;

use self::inner::Inner;
use super::tfplugin6::{self as pb, provider_server};
use crate::tf::{self, Diagnostic, Diagnostics};

/// The `tfplugin6.Provider` service of a provider. Pass its constructor to [`serve()`](super::serve()):
/// `plugin::serve(options, Service::<MyProvider>::new)`.
///
/// Nothing is done before the first request: a single `terraform apply` starts half a dozen processes, and most of
/// them are asked very little.
pub struct Service<P: tf::Provider>(Arc<Inner<P>>);

/// What an RPC comes to before it is put on the wire.
type Outcome<T> = Result<T, Diagnostics>;

impl<P: tf::Provider> Default for Service<P> {
    fn default() -> Self {
        Self(Arc::default())
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
        let started = Instant::now();
        let work = work(self.0.clone());
        let task = async move {
            let outcome = super::caught(work).await;
            let tf_req_duration_ms = u64::try_from(started.elapsed().as_millis());
            debug!(
                tf_req_duration_ms = tf_req_duration_ms.unwrap_or(u64::MAX),
                "Answered"
            );
            outcome
        };
        let finished = tokio::spawn(task.instrument(span)).await;
        match finished {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(panicked(&panic)),
            // The runtime is shutting down: nobody reads this.
            Err(cancelled) => Err(panicked(&cancelled.to_string())),
        }
    }
}

fn panicked(message: &str) -> Diagnostics {
    let detail = format!(
        "{message}. This is a bug in the provider; please report it with the log (TF_LOG_PROVIDER=DEBUG)."
    );
    Diagnostic::error("The provider panicked", detail).into()
}

fn unknown_type(kind: &str, type_name: &str) -> Diagnostics {
    let summary = format!("Unknown {kind} {type_name}");
    Diagnostic::error(summary, "This version of the provider does not have it.").into()
}

/// The service as a table: method, name in the log, what the log says of its subject, and who answers. A failure becomes
/// an answer that holds diagnostics and nothing else; gRPC status codes carry no text that Terraform would show.
macro_rules! service {
    (
        $($rpc:ident($name:literal $(, $subject:ident = $field:ident)?) => $handler:ident;)+
        $({ $($other:tt)+ })?
    ) => {
        #[tonic::async_trait]
        impl<P: tf::Provider> provider_server::Provider for Service<P> {
            $(
                async fn $rpc(
                    &self,
                    request: Request<pb::$rpc::Request>,
                ) -> Result<Response<pb::$rpc::Response>, Status> {
                    let request = request.into_inner();
                    let id = Uuid::new_v4();
                    let span = info_span!(
                        "rpc", tf_rpc = $name, tf_req_id = %id $(, $subject = request.$field.as_str())?
                    );
                    let work = |inner: Arc<Inner<P>>| async move { inner.$handler(request).await };
                    #[allow(clippy::needless_update, reason = "some answers hold nothing else")]
                    let failed = |found| pb::$rpc::Response {
                        diagnostics: wire::diagnostics(found),
                        ..Default::default()
                    };
                    Ok(Response::new(self.run(span, work).await.unwrap_or_else(failed)))
                }
            )+
            $($($other)+)?
        }
    };
}

service! {
    get_metadata("GetMetadata") => metadata;
    get_provider_schema("GetProviderSchema") => provider_schema;
    get_resource_identity_schemas("GetResourceIdentitySchemas") => identity_schemas;
    get_functions("GetFunctions") => functions;

    validate_provider_config("ValidateProviderConfig") => validate_provider;
    configure_provider("ConfigureProvider") => configure;

    validate_resource_config("ValidateResourceConfig", tf_resource_type = type_name) => validate_resource;
    upgrade_resource_state("UpgradeResourceState", tf_resource_type = type_name) => upgrade_state;
    upgrade_resource_identity("UpgradeResourceIdentity", tf_resource_type = type_name) => upgrade_identity;
    read_resource("ReadResource", tf_resource_type = type_name) => read_resource;
    plan_resource_change("PlanResourceChange", tf_resource_type = type_name) => plan;
    // A failure in here, such as a plan that cannot be decoded, answers no state: Terraform then keeps the prior one
    // together with its private data. What fails inside of the resource is answered with the state it left.
    apply_resource_change("ApplyResourceChange", tf_resource_type = type_name) => apply;
    import_resource_state("ImportResourceState", tf_resource_type = type_name) => import;
    move_resource_state("MoveResourceState", tf_resource_type = target_type_name) => move_state;

    validate_data_resource_config("ValidateDataResourceConfig", tf_data_source_type = type_name) => validate_data_source;
    read_data_source("ReadDataSource", tf_data_source_type = type_name) => read_data_source;

    validate_ephemeral_resource_config(
        "ValidateEphemeralResourceConfig", tf_ephemeral_resource_type = type_name
    ) => validate_ephemeral;
    open_ephemeral_resource("OpenEphemeralResource", tf_ephemeral_resource_type = type_name) => open_ephemeral;
    renew_ephemeral_resource("RenewEphemeralResource", tf_ephemeral_resource_type = type_name) => renew_ephemeral;
    close_ephemeral_resource("CloseEphemeralResource", tf_ephemeral_resource_type = type_name) => close_ephemeral;

    // The two whose answers have no diagnostics.
    {
        async fn call_function(
            &self,
            request: Request<pb::call_function::Request>,
        ) -> Result<Response<pb::call_function::Response>, Status> {
            let request = request.into_inner();
            let id = Uuid::new_v4();
            let span = info_span!("rpc", tf_rpc = "CallFunction", tf_req_id = %id);
            let work = |inner: Arc<Inner<P>>| async move { Ok(inner.call_function(&request)) };
            let called = self.run(span, work).await;
            let called = called.unwrap_or_else(|found| Err(wire::function_error(&found)));
            Ok(Response::new(functions::response(called)))
        }

        /// Answers at once: Terraform asks one provider after the other, and waits for each.
        async fn stop_provider(
            &self,
            _request: Request<pb::stop_provider::Request>,
        ) -> Result<Response<pb::stop_provider::Response>, Status> {
            self.0.stop_running();
            Ok(Response::new(pb::stop_provider::Response::default()))
        }
    }
}
