//! The smallest provider that does anything: one data source without attributes. It shows what [`plugin::serve`]
//! needs, and the handshake tests start it as Terraform would. The environment makes it misbehave for them.

use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use tfplugin_rs::plugin::tfplugin6::provider_server::Provider;
use tfplugin_rs::plugin::tfplugin6::{
    Diagnostic, Schema, configure_provider, diagnostic, get_provider_schema, read_data_source,
    schema, stop_provider, validate_data_resource_config, validate_provider_config,
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
    plugin::serve(options, || {
        if let Some(file) = std::env::var_os("TINY_WAITS_FOR") {
            wait_for(Path::new(&file));
        }
        Tiny
    })
}

/// Takes its time to start: until there is this file.
fn wait_for(file: &Path) {
    warn!(target: LOG, "Starting");
    while !file.exists() {
        thread::sleep(Duration::from_millis(10));
    }
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
        let empty = Schema {
            version: 0,
            block: Some(schema::Block::default()),
        };
        Ok(Response::new(get_provider_schema::Response {
            provider: Some(empty.clone()),
            data_source_schemas: [("tiny_nothing".to_owned(), empty)].into(),
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        _request: Request<validate_provider_config::Request>,
    ) -> Result<Response<validate_provider_config::Response>, Status> {
        Ok(Response::new(validate_provider_config::Response::default()))
    }

    /// With `TINY_HANG` it never answers, as a create that waits for AWS.
    async fn configure_provider(
        &self,
        _request: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        if asked("TINY_HANG") {
            debug!(target: LOG, "Waiting");
            std::future::pending().await
        }
        Ok(Response::new(configure_provider::Response::default()))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<validate_data_resource_config::Request>,
    ) -> Result<Response<validate_data_resource_config::Response>, Status> {
        let tf_data_source_type = request.into_inner().type_name;
        let span = error_span!(target: LOG, "rpc", tf_rpc = "ValidateDataResourceConfig", tf_data_source_type);
        let diagnostics = validated().instrument(span).await;
        Ok(Response::new(validate_data_resource_config::Response {
            diagnostics,
        }))
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Result<Response<read_data_source::Response>, Status> {
        let state = request.into_inner().config;
        Ok(Response::new(read_data_source::Response {
            state,
            ..Default::default()
        }))
    }

    async fn stop_provider(
        &self,
        _request: Request<stop_provider::Request>,
    ) -> Result<Response<stop_provider::Response>, Status> {
        warn!(target: LOG, "Stopped");
        Ok(Response::new(stop_provider::Response::default()))
    }
}

async fn validated() -> Vec<Diagnostic> {
    info!(target: LOG, secret_access_key = "wJalrXUtnFEMI", "Validating");
    let work = async { assert!(!asked("TINY_PANIC"), "tiny was asked to panic") };
    match plugin::caught(work).await {
        Ok(()) => Vec::new(),
        Err(summary) => {
            let severity = diagnostic::Severity::Error.into();
            vec![Diagnostic {
                severity,
                summary,
                ..Default::default()
            }]
        }
    }
}
