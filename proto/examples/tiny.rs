//! The smallest provider there can be: no resources, an empty provider block. It shows what [`plugin::serve`] needs,
//! and the handshake tests start it as Terraform would. The environment makes it misbehave for them.

use std::process::ExitCode;

use tfplugin_rs::plugin::tfplugin6::provider_server::Provider;
use tfplugin_rs::plugin::tfplugin6::{
    Diagnostic, Schema, configure_provider, diagnostic, get_provider_schema, schema, stop_provider,
    validate_provider_config,
};
use tfplugin_rs::plugin::{self, Options};
use tonic::{Request, Response, Status};
use tracing::{Instrument, debug, error_span, info, warn};

/// The crate that logs; a real provider's crate has this name.
const LOG: &str = "terraform_provider_tiny";

fn main() -> ExitCode {
    let options = Options::new("example/tiny", env!("CARGO_PKG_VERSION"));
    let options = if asked("TINY_TCP") {
        options.over_tcp()
    } else {
        options
    };
    plugin::serve(options, || Tiny)
}

fn asked(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

struct Tiny;

#[tonic::async_trait]
impl Provider for Tiny {
    async fn get_provider_schema(
        &self,
        _request: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        let block = Some(schema::Block::default());
        let provider = Some(Schema { version: 0, block });
        Ok(Response::new(get_provider_schema::Response {
            provider,
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        _request: Request<validate_provider_config::Request>,
    ) -> Result<Response<validate_provider_config::Response>, Status> {
        async {
            info!(target: LOG, secret_access_key = "wJalrXUtnFEMI", "Looking at the configuration");
        }
        .instrument(
            error_span!(target: LOG, "rpc", tf_rpc = "ValidateProviderConfig", tf_req_id = 1),
        )
        .await;
        let diagnostics = if asked("TINY_PANIC") {
            panicked().await
        } else {
            Vec::new()
        };
        Ok(Response::new(validate_provider_config::Response {
            diagnostics,
        }))
    }

    /// Never answers, as a create that waits for AWS.
    async fn configure_provider(
        &self,
        _request: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        debug!(target: LOG, "Waiting");
        std::future::pending().await
    }

    async fn stop_provider(
        &self,
        _request: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        warn!(target: LOG, "Stopped");
        Ok(Response::new(stop_provider::Response::default()))
    }
}

async fn panicked() -> Vec<Diagnostic> {
    let summary = match plugin::caught(async { panic!("tiny was asked to panic") }).await {
        Ok(()) => return Vec::new(),
        Err(summary) => summary,
    };
    let severity = diagnostic::Severity::Error.into();
    vec![Diagnostic {
        severity,
        summary,
        ..Default::default()
    }]
}
