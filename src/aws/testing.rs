//! AWS for the unit tests in here: real SDK clients over an HTTP client that gives prepared answers in order and keeps
//! the requests. Only tests use this.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use tfplugin_rs::tf::Stop;

use super::region::ProviderRegion;
use super::settings::{AccessKey, Settings};
use super::{Call, Context};
use crate::api::Polling;

/// One prepared answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status, `x-amzn-errortype` (may be empty) and body.
    Http(u16, &'static str, String),
    /// The connection breaks.
    Lost,
    /// There is no connection.
    Refused,
}

/// Prepared answers, and the requests so far.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    answers: Arc<Mutex<Vec<Answer>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Replay {
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self {
            answers: Arc::new(Mutex::new(answers)),
            requests: Arc::default(),
        }
    }

    /// The requests as `METHOD uri body [user agent]`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn context(&self, settings: Settings) -> Context {
        context(settings, self.clone())
    }

    pub fn call(&self) -> Call {
        call(self.context(settings()))
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let agent = request.headers().get("user-agent").unwrap_or_default();
        let line = format!("{} {} {body} [{agent}]", request.method(), request.uri());
        self.requests.lock().unwrap().push(line);
        let refused = || std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let answer = self
            .answers
            .lock()
            .unwrap()
            .pop()
            .expect("an answer for every request");
        let (status, error, body) = match answer {
            Answer::Http(status, error, body) => (status, error, body),
            Answer::Lost => return Err(ConnectorError::io("connection reset by peer".into())),
            Answer::Refused => return Err(ConnectorError::io(refused().into())),
        };
        Ok(response(status, error, body))
    }
}

impl Transport for Replay {
    fn respond(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        self.answer(request)
    }
}

/// Something that stands in for the network.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    fn respond(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError>;
}

/// A context whose clients talk to that instead of to AWS.
pub fn context(settings: Settings, transport: impl Transport) -> Context {
    let client = SharedHttpClient::new(Wire(Arc::new(transport)));
    Context::with_http_client(settings, client)
}

/// An answer with a request id; `error` is `x-amzn-errortype`, and empty for none.
pub fn response(status: u16, error: &'static str, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    let headers = response.headers_mut();
    headers.insert("x-amzn-requestid", "request-1");
    if !error.is_empty() {
        headers.insert("x-amzn-errortype", error);
    }
    response
}

#[derive(Clone, Debug)]
struct Wire(Arc<dyn Transport>);

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(self.0.respond(&request))
    }
}

/// An EKS error as it comes over the wire.
pub fn error(status: u16, code: &'static str, message: &str) -> Answer {
    let body = serde_json::json!({ "clusterName": "demo", "message": message });
    Answer::Http(status, code, body.to_string())
}

/// Settings with a static key and a region, that look often and never repeat.
pub fn settings() -> Settings {
    let mut settings = Settings {
        region: ProviderRegion::Known("eu-west-1".to_owned()),
        polling: Polling {
            min: Duration::from_millis(1),
            max: Duration::from_millis(2),
        },
        ..Settings::default()
    };
    settings.credentials.key = Some(AccessKey {
        id: "AKIDEXAMPLE".to_owned(),
        secret: "secret".to_owned(),
        token: None,
    });
    settings.retry.max_attempts = Some(1);
    settings
}

/// A call that may take five seconds.
pub fn call(context: Context) -> Call {
    call_for(context, Duration::from_secs(5))
}

pub fn call_for(context: Context, timeout: Duration) -> Call {
    Call::new(
        Arc::new(context),
        Stop::default(),
        timeout,
        "token".to_owned(),
    )
}
