//! Test fixture, not an example: the plugin process that the handshake tests start as Terraform would.
//!
//! It implements the generated service by hand, so that the tests depend on nothing but the process around it. The
//! environment makes it misbehave: `FIXTURE_TCP`, `FIXTURE_HANG`, `FIXTURE_PANIC` and `FIXTURE_WAITS_FOR`.

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

/// Log target. A real provider's crate has such a name.
const LOG: &str = "terraform_provider_fixture";

fn main() -> ExitCode {
    let options = Options::new("example/fixture", env!("CARGO_PKG_VERSION"));
    let options = if asked("FIXTURE_TCP") {
        options.over_tcp()
    } else {
        options
    };
    plugin::serve(options, || {
        if let Some(file) = std::env::var_os("FIXTURE_WAITS_FOR") {
            wait_for(Path::new(&file));
        }
        Fixture
    })
}

/// Delays the start until this file exists.
fn wait_for(file: &Path) {
    warn!(target: LOG, "Starting");
    while !file.exists() {
        thread::sleep(Duration::from_millis(10));
    }
}

fn asked(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

struct Fixture;

#[tonic::async_trait]
impl Provider for Fixture {
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
            data_source_schemas: [("fixture_nothing".to_owned(), empty)].into(),
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        _request: Request<validate_provider_config::Request>,
    ) -> Result<Response<validate_provider_config::Response>, Status> {
        Ok(Response::new(validate_provider_config::Response::default()))
    }

    /// With `FIXTURE_HANG` it never answers, like a create that is still waiting.
    async fn configure_provider(
        &self,
        _request: Request<configure_provider::Request>,
    ) -> Result<Response<configure_provider::Response>, Status> {
        if asked("FIXTURE_HANG") {
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
    let work = async { assert!(!asked("FIXTURE_PANIC"), "the fixture was asked to panic") };
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
