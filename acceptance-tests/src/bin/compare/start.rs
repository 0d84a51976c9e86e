//! Stopwatches for a provider process on its own: its handshake, and its first answer.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tfplugin_rs::plugin::tfplugin6::get_provider_schema;
use tfplugin_rs::plugin::tfplugin6::provider_client::ProviderClient;
use tonic::transport::Endpoint;

/// Every provider wants to see it before it speaks; it is the same for all.
const MAGIC_COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// Milliseconds from starting a provider to its handshake line, with TLS as Terraform asks for it.
pub fn handshake(binary: &Path) -> Result<f64> {
    let certificate = include_str!("client.pem");
    let started = Started::with(binary, &[("PLUGIN_CLIENT_CERT", certificate)])?;
    Ok(millis(started.after))
}

/// Milliseconds that the first GetProviderSchema of a process takes; `None` for a provider of protocol 5.
pub fn schema(binary: &Path) -> Result<Option<f64>> {
    let started = Started::with(binary, &[])?;
    let mut fields = started.line.trim_end().split('|').skip(1);
    let (Some("6"), Some("unix"), Some(socket)) = (fields.next(), fields.next(), fields.next())
    else {
        return Ok(None);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime
        .block_on(first_schema(socket))
        .map(|taken| Some(millis(taken)))
}

async fn first_schema(socket: &str) -> Result<Duration> {
    let endpoint = Endpoint::try_from(format!("unix:{socket}"))?;
    let mut client = ProviderClient::new(endpoint.connect().await?);
    let start = Instant::now();
    let request = get_provider_schema::Request {};
    let answer = client.get_provider_schema(request).await?.into_inner();
    let taken = start.elapsed();
    ensure!(!answer.resource_schemas.is_empty(), "the schema is empty");
    Ok(taken)
}

/// A provider that has shaken hands. It ends with this.
struct Started {
    child: Child,
    line: String,
    after: Duration,
}

impl Started {
    fn with(binary: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        let start = Instant::now();
        let mut child = Command::new(binary)
            .env("TF_PLUGIN_MAGIC_COOKIE", MAGIC_COOKIE)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_MIN_PORT", "10000")
            .env("PLUGIN_MAX_PORT", "25000")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().context("standard output is piped")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let after = start.elapsed();
        let started = Self { child, line, after };
        let (name, line) = (binary.display(), &started.line);
        ensure!(
            line.starts_with("1|"),
            "{name} printed no handshake: {line:?}"
        );
        Ok(started)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
