//! The provider as the process that Terraform starts: what it says by hand, and that a host can talk to it.
//!
//! TLS, signals and what else concerns every plugin is tested where the protocol lives, in `proto`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use tfplugin_rs::plugin::tfplugin6::get_provider_schema;
use tfplugin_rs::plugin::tfplugin6::provider_client::ProviderClient;
use tonic::transport::Endpoint;

const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

fn provider() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-eks"));
    for name in [COOKIE.0, "PLUGIN_CLIENT_CERT", "TF_REATTACH_PROVIDERS"] {
        command.env_remove(name);
    }
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The provider under a host. It ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the provider as a host without TLS does, and reads its first line.
fn start() -> (Running, String) {
    let mut command = provider();
    command
        .env(COOKIE.0, COOKIE.1)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    (running, line)
}

#[test]
fn says_what_it_is_when_started_by_hand() {
    let Output {
        status,
        stdout,
        stderr,
    } = provider().output().unwrap();
    assert_eq!(status.code(), Some(1));
    // A host would take it for the handshake.
    assert_eq!(text(&stdout), "");
    let said = text(&stderr);
    assert!(said.contains("eks") && said.contains("plugin"), "{said}");
}

#[test]
fn tells_its_version() {
    let Output { status, stdout, .. } = provider().arg("--version").output().unwrap();
    assert!(status.success());
    assert!(
        text(&stdout).contains(env!("CARGO_PKG_VERSION")),
        "{}",
        text(&stdout)
    );
}

#[test]
fn greets_its_host() {
    let (_running, line) = start();
    let fields: Vec<_> = line.trim_end().split('|').collect();
    assert!(
        matches!(fields.as_slice(), ["1", "6", "unix", _, "grpc", ""]),
        "{line}"
    );
}

/// Within tonic's limit of 4 MiB, a sixteenth of Terraform's.
#[tokio::test]
async fn tells_its_host_what_it_offers() {
    let (_running, line) = start();
    let socket = line.split('|').nth(3).unwrap();
    let endpoint = Endpoint::try_from(format!("unix:{socket}")).unwrap();
    let mut client = ProviderClient::new(endpoint.connect().await.unwrap());
    let answer = client
        .get_provider_schema(get_provider_schema::Request {})
        .await
        .unwrap();
    let answer = answer.into_inner();
    assert_eq!(answer.diagnostics, []);
    assert!(answer.resource_schemas.contains_key("eks_cluster"));
}
