//! The services that go-plugin expects beside the provider itself: the host opens two streams that stay silent, and
//! ends us through the third. Source: go-plugin `grpc_{broker,controller,stdio}.proto`. Health is tonic-health's.
//! It must not know about providers.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::debug;

use self::proto::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use self::proto::grpc_controller_server::{GrpcController, GrpcControllerServer};
use self::proto::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use self::proto::{ConnInfo, Empty, StdioData};

#[allow(
    clippy::all,
    reason = "generated from grpc_{broker,controller,stdio}.proto"
)]
mod proto {
    tonic::include_proto!("plugin");
}

/// What go-plugin's `Ping` asks the health service about.
pub(super) const HEALTH_SERVICE: &str = "plugin";

/// The end of the session, announced once and seen by all who wait for it.
#[derive(Clone)]
pub(super) struct End(Arc<watch::Sender<bool>>);

impl End {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub(super) fn announce(&self) {
        self.0.send_replace(true);
    }

    pub(super) async fn announced(&self) {
        // The sender lives as long as self, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|ended| *ended).await;
    }
}

pub(super) fn controller(end: &End) -> GrpcControllerServer<Controller> {
    GrpcControllerServer::new(Controller(end.clone()))
}

pub(super) fn stdio(end: &End) -> GrpcStdioServer<Stdio> {
    GrpcStdioServer::new(Stdio(end.clone()))
}

pub(super) fn broker(end: &End) -> GrpcBrokerServer<Broker> {
    GrpcBrokerServer::new(Broker(end.clone()))
}

pub(super) struct Controller(End);

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        debug!("The host asks for the end");
        self.0.announce();
        Ok(Response::new(Empty {}))
    }
}

/// Never sends: the host would log whatever arrives as unexpected. Our log goes to stderr, which it reads.
pub(super) struct Stdio(End);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(
        &self,
        _request: Request<()>,
    ) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(silence(&self.0)))
    }
}

/// Never sends and does not listen: nothing is brokered for providers.
pub(super) struct Broker(End);

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        let mut offers = request.into_inner();
        // ResourceDataSource keeps the host's flow control window open.
        tokio::spawn(async move { while let Ok(Some(_)) = offers.message().await {} });
        Ok(Response::new(silence(&self.0)))
    }
}

/// A stream without items that stays open until the end.
fn silence<T: Send + 'static>(end: &End) -> BoxStream<T> {
    let end = end.clone();
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        end.announced().await;
        drop(sender);
    });
    Box::pin(ReceiverStream::new(receiver))
}
