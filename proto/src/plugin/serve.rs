//! The life of a provider process, from its arguments to its end. It must not know what the provider answers.

use std::future::Future;
use std::io::{self, Write};
use std::num::NonZero;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;
use tonic::Request;
use tonic::transport::Server;
use tonic_health::ServingStatus;
use tracing::{debug, error, info};

use super::arguments::{Mode, Options};
use super::go_plugin::{self, End};
use super::handshake::{Greeting, Invitation, PROTOCOL};
use super::listen::{self, Listener, OpenConnections};
use super::parent::Parent;
use super::signals::Signals;
use super::start_error::StartError;
use super::tfplugin6::provider_server::{Provider, ProviderServer};
use super::tfplugin6::stop_provider;
use super::tls::MutualTls;
use super::{log, panic, reattach};

/// Largest gRPC message in either direction, in bytes; terraform-plugin-go's value. tonic's default of 4 MiB is less
/// than the state of a large object can take.
pub const MAX_MESSAGE_SIZE: usize = 256 << 20;

/// How long the answer to Shutdown and running requests may take. The host kills us after 2 s.
const FAREWELL: Duration = Duration::from_millis(500);

/// How long after the end of its launcher a host may take to connect, which it does as soon as it has read the
/// handshake.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// A provider waits for the network; more threads would only cost memory.
const MAX_WORKERS: usize = 4;

/// Serves `provider` to the Terraform or OpenTofu that started this process, until that ends. The whole of a
/// provider's `main`:
///
/// ```no_run
/// # use tfplugin_rs::plugin::{self, Options};
/// # use tfplugin_rs::plugin::tfplugin6::provider_server::Provider;
/// # struct Tiny;
/// # impl Provider for Tiny {}
/// fn main() -> std::process::ExitCode {
///     plugin::serve(Options::new("example/tiny", env!("CARGO_PKG_VERSION")), || Tiny)
/// }
/// ```
///
/// `provider` is called once, inside the tokio runtime, and only if there is somebody to serve. Keep it cheap: a
/// single `terraform apply` starts half a dozen processes.
///
/// What it takes care of: handshake and mutual TLS as go-plugin does them, the services go-plugin expects, logging
/// (see [`log`]), crash reports, and the end of the process. The provider's `StopProvider` is called when
/// the host asks, when the process receives SIGTERM, and when the host has died; SIGINT is ignored, since the host
/// receives the same Ctrl-C. In debug mode (`--debug`) it serves in plaintext until it is interrupted.
///
/// Standard output belongs to the handshake: printing anything before it makes the host give up.
///
/// Exit codes: 0 after an orderly end, 1 when the process cannot start (no host, no socket, a bad certificate; the
/// reason is on stderr), 2 for an unknown option.
pub fn serve<P: Provider>(options: Options, provider: impl FnOnce() -> P) -> ExitCode {
    let mode = match Mode::from_arguments(std::env::args_os().skip(1)) {
        Ok(mode) => mode,
        Err(unknown) => {
            complain(&format!("{unknown}\n\n{}", options.help()));
            return ExitCode::from(2);
        }
    };
    let result = match mode {
        Mode::Version => say(&options.banner()),
        Mode::Help => say(&options.help()),
        Mode::Debug => debug_session(&options, provider),
        Mode::Plugin => plugin_session(&options, provider),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error}\n"));
            ExitCode::FAILURE
        }
    }
}

fn plugin_session<P: Provider>(
    options: &Options,
    provider: impl FnOnce() -> P,
) -> Result<(), StartError> {
    let parent = Parent::now();
    let environment = |key: &str| std::env::var(key).ok();
    let Some(invitation) = Invitation::read(environment)? else {
        return Err(StartError::new(options.help()));
    };
    in_runtime(options, async {
        let mut signals = Signals::catch()?;
        let tls = invitation
            .client_certificate
            .as_deref()
            .map(MutualTls::with)
            .transpose()?;
        let session = Session::new(listen(options, &invitation).await?, provider());
        greet(&invitation, &session, tls.as_ref())?;
        let stops = async {
            loop {
                signals.terminated().await;
                session.stop_provider("SIGTERM").await;
            }
        };
        tokio::select! {
            result = session.run(tls.map(|tls| tls.acceptor)) => result,
            () = session.orphaned(&parent) => Ok(()),
            () = stops => Ok(()),
        }
    })
}

fn debug_session<P: Provider>(
    options: &Options,
    provider: impl FnOnce() -> P,
) -> Result<(), StartError> {
    in_runtime(options, async {
        let mut signals = Signals::catch()?;
        let invitation = Invitation::of_a_human();
        let session = Session::new(listen(options, &invitation).await?, provider());
        let address = session.listener.address();
        say(&reattach::instructions(
            options.source(),
            &address,
            std::process::id(),
        ))?;
        let stops = async {
            signals.any().await;
            session.stop_provider("a signal").await;
            session.end.announce();
            std::future::pending().await
        };
        tokio::select! {
            result = session.run(None) => result,
            () = stops => Ok(()),
        }
    })
}

/// Runs a session in a runtime that is left behind in the end: whatever still runs has nobody to answer to.
fn in_runtime(
    options: &Options,
    session: impl Future<Output = Result<(), StartError>>,
) -> Result<(), StartError> {
    panic::report(options);
    log::init(options.name());
    let runtime = runtime().map_err(StartError::unable("start the tokio runtime"))?;
    let result = runtime.block_on(session);
    runtime.shutdown_background();
    result
}

fn runtime() -> io::Result<Runtime> {
    let workers = available_parallelism()
        .map_or(1, NonZero::get)
        .min(MAX_WORKERS);
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
}

async fn listen(options: &Options, invitation: &Invitation) -> Result<Listener, StartError> {
    if options.uses_tcp() {
        return Listener::tcp(invitation.ports.clone()).await;
    }
    Listener::unix(
        invitation.socket_dir.as_deref(),
        invitation.socket_group.as_deref(),
    )
}

/// The listener is bound before this: the host connects as soon as it has read the line.
fn greet<P: Provider>(
    invitation: &Invitation,
    session: &Session<P>,
    tls: Option<&MutualTls>,
) -> Result<(), StartError> {
    if !invitation.speaks_ours {
        error!(
            "The host does not offer protocol version {PROTOCOL}: Terraform 1.0 or OpenTofu is needed"
        );
    }
    let address = &session.listener.address();
    let certificate = tls.map(|tls| &*tls.certificate);
    let greeting = Greeting {
        address,
        certificate,
        multiplex: invitation.reads_multiplex,
    };
    info!(network = address.network(), %address, tls = tls.is_some(), "Listening");
    say(&greeting.to_string())
}

/// One host being served.
struct Session<P> {
    listener: Listener,
    provider: Arc<P>,
    open: OpenConnections,
    end: End,
}

impl<P: Provider> Session<P> {
    fn new(listener: Listener, provider: P) -> Self {
        Self {
            listener,
            provider: Arc::new(provider),
            open: OpenConnections::new(),
            end: End::new(),
        }
    }

    /// Serves until the end is announced. Running requests get a moment to finish, not more.
    async fn run(&self, tls: Option<TlsAcceptor>) -> Result<(), StartError> {
        let (accepted, incoming) = listen::channel();
        let (health, health_service) = tonic_health::server::health_reporter();
        health
            .set_service_status(go_plugin::HEALTH_SERVICE, ServingStatus::Serving)
            .await;
        let provider = ProviderServer::from_arc(self.provider.clone())
            .max_decoding_message_size(MAX_MESSAGE_SIZE)
            .max_encoding_message_size(MAX_MESSAGE_SIZE);
        // No request timeout: Terraform sets no deadline, and creating a cluster takes as long as it takes.
        let server = Server::builder()
            .add_service(provider)
            .add_service(health_service)
            .add_service(go_plugin::controller(&self.end))
            .add_service(go_plugin::stdio(&self.end))
            .add_service(go_plugin::broker(&self.end))
            .serve_with_incoming_shutdown(incoming, self.end.announced());
        tokio::select! {
            result = server => result.map_err(StartError::unable("serve")),
            () = self.listener.accept_all(accepted, tls, &self.open) => Ok(()),
            () = self.patience() => Ok(()),
        }
    }

    async fn patience(&self) {
        self.end.announced().await;
        tokio::time::sleep(FAREWELL).await;
        debug!("Requests are still running; leaving them");
    }

    /// Completes when the host is gone: its process, and its connections with it. A host that started us through a
    /// launcher which has ended keeps its connection, or is about to make it, and is served on.
    async fn orphaned(&self, parent: &Parent) {
        parent.gone().await;
        self.stop_provider("the end of the host").await;
        self.open.none_for(CONNECTS_WITHIN).await;
    }

    async fn stop_provider(&self, reason: &str) {
        info!(reason, "Stopping the provider");
        if let Err(status) = self
            .provider
            .stop_provider(Request::new(stop_provider::Request {}))
            .await
        {
            error!(%status, "Unable to stop the provider");
        }
    }
}

/// Standard output, flushed: the host reads the line through a pipe.
fn say(text: &str) -> Result<(), StartError> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(StartError::unable("write to standard output"))
}

fn complain(text: &str) {
    // With standard error gone there is nobody left to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
