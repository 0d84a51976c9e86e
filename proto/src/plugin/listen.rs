//! Where the host reaches us: a unix socket, or TCP on the loopback interface, and the connections made there.
//! It must not know what is said on a connection.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;
use tracing::{debug, warn};

#[cfg(unix)]
use super::unix_socket::UnixSocket;

use super::start_error::StartError;

/// A peer that does not finish its TLS handshake must not hold a task for ever.
const TLS_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait when the operating system has no descriptor left for a new connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections accepted and not yet taken over by the gRPC server.
const BACKLOG: usize = 16;

/// Where a host connects to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Address {
    Unix(PathBuf),
    Tcp(SocketAddr),
}

impl Address {
    /// As Go names networks.
    pub(super) fn network(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "{}", path.display()),
            Self::Tcp(address) => write!(f, "{address}"),
        }
    }
}

/// A bound listener. The socket file goes when it is dropped.
pub(super) enum Listener {
    #[cfg(unix)]
    Unix(UnixSocket),
    Tcp(TcpListener, SocketAddr),
}

impl Listener {
    /// Binds a socket in the host's directory, or in one of our own.
    #[cfg(unix)]
    pub(super) fn unix(directory: Option<&Path>, group: Option<&str>) -> Result<Self, StartError> {
        Ok(Self::Unix(match directory {
            Some(directory) => UnixSocket::shared(directory, group)?,
            None => UnixSocket::private()?,
        }))
    }

    #[cfg(not(unix))]
    pub(super) fn unix(_: Option<&Path>, _: Option<&str>) -> Result<Self, StartError> {
        Err(StartError::new("There are no unix sockets on this system"))
    }

    /// Binds the first free port of the range on 127.0.0.1; `0..=0` is any port.
    pub(super) async fn tcp(ports: RangeInclusive<u16>) -> Result<Self, StartError> {
        let mut refusal = io::Error::from(io::ErrorKind::InvalidInput);
        for port in ports.clone() {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                Ok(listener) => {
                    let address = listener
                        .local_addr()
                        .map_err(StartError::unable("find out the port that was bound"))?;
                    return Ok(Self::Tcp(listener, address));
                }
                Err(error) => refusal = error,
            }
        }
        let (first, last) = ports.into_inner();
        Err(StartError::unable(format!(
            "listen on any port from {first} to {last}"
        ))(refusal))
    }

    pub(super) fn address(&self) -> Address {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => Address::Unix(socket.path().to_owned()),
            Self::Tcp(_, address) => Address::Tcp(*address),
        }
    }

    async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Unix(socket) => Ok(Box::new(socket.accept().await?)),
            Self::Tcp(listener, _) => {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// Knows whether any connection is still open.
#[derive(Clone)]
pub(super) struct OpenConnections(Arc<watch::Sender<()>>);

impl OpenConnections {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(())))
    }

    /// Waits until no connection is open, and none is again after this time.
    pub(super) async fn none_for(&self, time: Duration) {
        loop {
            self.0.closed().await;
            tokio::time::sleep(time).await;
            if self.0.receiver_count() == 0 {
                return;
            }
        }
    }
}

/// Accepted connections, on their way to the gRPC server.
pub(super) type Incoming = ReceiverStream<io::Result<Connection>>;

/// A way for connections: accept them into one end, serve them from the other.
pub(super) fn channel() -> (Accepted, Incoming) {
    let (sender, receiver) = mpsc::channel(BACKLOG);
    (Accepted(sender), ReceiverStream::new(receiver))
}

pub(super) struct Accepted(mpsc::Sender<io::Result<Connection>>);

impl Listener {
    /// Accepts for ever. Each TLS handshake runs in a task of its own, so that one peer that stalls keeps nobody else
    /// out; a peer that fails it never becomes a connection.
    pub(super) async fn accept_all(
        &self,
        accepted: Accepted,
        tls: Option<TlsAcceptor>,
        open: &OpenConnections,
    ) {
        loop {
            match self.accept().await {
                Ok(stream) => {
                    tokio::spawn(admit(stream, tls.clone(), open.clone(), accepted.0.clone()));
                }
                Err(error) => {
                    warn!(%error, "Unable to accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn admit(
    stream: Box<dyn Stream>,
    tls: Option<TlsAcceptor>,
    open: OpenConnections,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let stream = match tls {
        None => stream,
        Some(tls) => match tokio::time::timeout(TLS_TIMEOUT, tls.accept(stream)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => return warn!(%error, "Refused a connection"),
            Err(_) => return warn!("Refused a connection: no TLS handshake in time"),
        },
    };
    debug!("Accepted a connection");
    // A closed channel means that the server is shutting down.
    let _ = sender
        .send(Ok(Connection {
            stream,
            _open: open.0.subscribe(),
        }))
        .await;
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for T {}

/// An authenticated connection, whatever it runs over.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    /// Dropped with the connection, which is how [`OpenConnections`] counts.
    _open: watch::Receiver<()>,
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
