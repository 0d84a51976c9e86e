//! A host as Terraform is one: it starts the fixture `plugin`, reads its handshake line, and connects. It must not
//! know what is tested.

use std::path::PathBuf;
use std::process::{Command as StdCommand, ExitStatus, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use tempfile::TempDir;
use tfplugin_rs::plugin::tfplugin6::get_provider_schema;
use tfplugin_rs::plugin::tfplugin6::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, BufReader};
use tokio::net::{TcpStream, UnixStream};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

/// Long enough for a busy machine, short enough for a test that is going to fail.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Cargo builds it as an example, because only those are binaries that may use dev-dependencies.
const FIXTURE: &str = "handshake_plugin";

/// The plugin binary, built once: `cargo test --test handshake` alone builds no examples.
static PLUGIN: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut cargo = StdCommand::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--package",
        env!("CARGO_PKG_NAME"),
        "--example",
        FIXTURE,
    ]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    assert!(
        cargo.status().unwrap().success(),
        "cannot build the fixture"
    );
    let test = std::env::current_exe().unwrap();
    test.parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples")
        .join(FIXTURE)
});

/// The plugin as a human would start it.
pub fn by_hand(arguments: &[&str]) -> Command {
    let mut command = Command::new(&*PLUGIN);
    command.args(arguments);
    clean(&mut command);
    command
}

/// The plugin as Terraform starts it, before TLS is considered.
pub fn by_terraform() -> Command {
    let mut command = by_hand(&[]);
    as_terraform(&mut command);
    command
}

/// The plugin under a launcher, which is then its parent.
pub fn by_launcher() -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#""$0" & wait"#]).arg(&*PLUGIN);
    clean(&mut command);
    as_terraform(&mut command);
    command
}

fn as_terraform(command: &mut Command) {
    let cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    command.env("TF_PLUGIN_MAGIC_COOKIE", cookie);
    command.env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
    command
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000");
}

/// Whatever this test run's own environment holds must not reach the plugin.
fn clean(command: &mut Command) {
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("TF_") || name.starts_with("PLUGIN_") {
            command.env_remove(&variable);
        }
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
}

/// A client certificate with its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
    pub pem: String,
}

impl Identity {
    /// What go-plugin makes: P-521, and a CA.
    pub fn of_go_plugin() -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "HashiCorp");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ClientAuth,
            ExtendedKeyUsagePurpose::ServerAuth,
        ];
        let certificate = params.self_signed(&key).unwrap();
        Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
        }
    }

    /// This certificate with somebody else's key.
    pub fn with_key_of(&self, other: &Self) -> Self {
        let Self {
            certificate, pem, ..
        } = self;
        Self {
            certificate: certificate.clone(),
            key: other.key.clone_key(),
            pem: pem.clone(),
        }
    }
}

/// A plugin that runs.
pub struct Plugin {
    pub child: Child,
    /// The fields of the handshake line.
    pub fields: Vec<String>,
    stdout: BufReader<ChildStdout>,
    stderr: BufReader<ChildStderr>,
    /// Its temporary directory. A test that ends kills its plugin, which then cannot remove its socket.
    _temporary: TempDir,
}

/// Starts the plugin and reads its handshake line.
pub async fn start(command: Command) -> Plugin {
    let mut plugin = launch(command);
    plugin.shakes_hands().await;
    plugin
}

/// Starts the plugin.
pub fn launch(mut command: Command) -> Plugin {
    let temporary = tempfile::tempdir().unwrap();
    let mut child = command.env("TMPDIR", temporary.path()).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let stderr = BufReader::new(child.stderr.take().unwrap());
    Plugin {
        child,
        fields: Vec::new(),
        stdout,
        stderr,
        _temporary: temporary,
    }
}

impl Plugin {
    /// Reads the handshake line.
    pub async fn shakes_hands(&mut self) {
        let mut line = String::new();
        tokio::time::timeout(PATIENCE, self.stdout.read_line(&mut line))
            .await
            .unwrap()
            .unwrap();
        let line = line.strip_suffix('\n').expect("a whole line");
        self.fields = line.split('|').map(str::to_owned).collect();
    }

    pub fn address(&self) -> &str {
        &self.fields[3]
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = self.child.id().expect("still running");
        let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// The plugin's end, which must come within `limit`.
    pub async fn exit(mut self, limit: Duration) -> (ExitStatus, String) {
        let status = tokio::time::timeout(limit, self.child.wait());
        let status = status.await.expect("the plugin must end").unwrap();
        (status, self.rest_of_stderr().await)
    }

    /// What the plugin and all who share its stderr still say, until the last of them ends.
    pub async fn rest_of_stderr(&mut self) -> String {
        let mut text = String::new();
        let reading = self.stderr.read_to_string(&mut text);
        tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("stderr must be closed")
            .unwrap();
        text
    }

    /// Reads stdout up to a line that starts with `start`, and returns the rest of that line.
    pub async fn stdout_line(&mut self, start: &str) -> String {
        let mut line = String::new();
        while self.stdout.read_line(&mut line).await.unwrap() > 0 {
            if let Some(rest) = line.trim().strip_prefix(start) {
                return rest.to_owned();
            }
            line.clear();
        }
        panic!("no line starts with {start:?}");
    }

    /// Reads log lines up to one with `message`.
    pub async fn log_line(&mut self, message: &str) -> serde_json::Value {
        let wanted = async {
            let mut line = String::new();
            while self.stderr.read_line(&mut line).await.unwrap() > 0 {
                let entry: serde_json::Value = serde_json::from_str(&line).unwrap();
                if entry["@message"] == message {
                    return entry;
                }
                line.clear();
            }
            panic!("no log line says {message:?}");
        };
        tokio::time::timeout(PATIENCE, wanted).await.unwrap()
    }

    /// A channel without TLS.
    pub async fn plain(&self) -> Channel {
        plain(&self.fields[2], self.address()).await
    }

    /// A channel with TLS; the server must show the certificate of the handshake line.
    pub async fn tls(
        &self,
        identity: Option<&Identity>,
    ) -> Result<Channel, tonic::transport::Error> {
        let (network, address) = (self.fields[2].clone(), self.address().to_owned());
        let connector = TlsConnector::from(Arc::new(self.client_config(identity)));
        let connect = move |_| {
            let (network, address) = (network.clone(), address.clone());
            let connector = connector.clone();
            async move {
                let stream = dial(&network, &address).await?;
                let stream = connector
                    .connect("localhost".try_into().unwrap(), stream)
                    .await?;
                assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                std::io::Result::Ok(TokioIo::new(stream))
            }
        };
        endpoint()
            .connect_with_connector(tower::service_fn(connect))
            .await
    }

    fn client_config(&self, identity: Option<&Identity>) -> ClientConfig {
        let server = STANDARD_NO_PAD
            .decode(&self.fields[5])
            .expect("unpadded base64");
        let mut roots = RootCertStore::empty();
        roots.add(server.into()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match identity {
            None => config.with_no_client_auth(),
            // Not `with_client_auth_cert`: it would refuse a key that does not fit, on the thief's side.
            Some(Identity {
                certificate, key, ..
            }) => {
                let key = aws_lc_rs::sign::any_supported_type(&key.clone_key().into()).unwrap();
                let pair = CertifiedKey::new(vec![certificate.clone()], key);
                config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(pair)))
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }
}

fn endpoint() -> Endpoint {
    Endpoint::from_static("http://localhost")
}

/// A channel without TLS to any address.
pub async fn plain(network: &str, address: &str) -> Channel {
    let (network, address) = (network.to_owned(), address.to_owned());
    let connect = move |_| {
        let (network, address) = (network.clone(), address.clone());
        async move { dial(&network, &address).await.map(TokioIo::new) }
    };
    endpoint()
        .connect_with_connector(tower::service_fn(connect))
        .await
        .unwrap()
}

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn dial(network: &str, address: &str) -> std::io::Result<Box<dyn Stream>> {
    Ok(match network {
        "unix" => Box::new(UnixStream::connect(address).await?),
        _ => Box::new(TcpStream::connect(address).await?),
    })
}

/// The names of the data sources that the plugin answers with, as proof that it serves.
pub async fn schema(channel: Channel) -> Result<Vec<String>, Status> {
    let request = get_provider_schema::Request {};
    let response = ProviderClient::new(channel)
        .get_provider_schema(request)
        .await?;
    Ok(response
        .into_inner()
        .data_source_schemas
        .into_keys()
        .collect())
}
