//! The one HTTP client that all AWS clients share.
//!
//! TLS is set up with the first `https://` request only: loading the certificates of the system costs more time and
//! memory than everything else at start-up, and emulators are reached over plain HTTP.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::{ProxyConfig, ProxyError};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::shared::IntoShared;

use super::error::never_connected;
use super::settings::Transport;

/// The client for these settings. Connects to nothing yet.
pub(super) fn client(settings: &Transport) -> Result<SharedHttpClient, String> {
    let (plain, secure) = proxies(settings).map_err(|error| error.to_string())?;
    let client = ByScheme {
        plain: Pool::new(plain, Some(TrustStore::empty())),
        secure: Pool::new(secure, settings.ca_bundle.clone().map(only)),
    };
    Ok(SharedHttpClient::new(client))
}

fn only(certificates: Vec<u8>) -> TrustStore {
    TrustStore::empty().with_pem_certificate(certificates)
}

/// The proxies for `http://` and for `https://` requests.
fn proxies(settings: &Transport) -> Result<(ProxyConfig, ProxyConfig), ProxyError> {
    let proxy = |url: Option<&String>| {
        let Some(url) = url else {
            return Ok::<_, ProxyError>(ProxyConfig::from_env());
        };
        let config = ProxyConfig::all(url.as_str())?;
        Ok(match &settings.no_proxy {
            Some(hosts) => config.no_proxy(hosts),
            None => config,
        })
    };
    let secure = settings
        .https_proxy
        .as_ref()
        .or(settings.http_proxy.as_ref());
    Ok((proxy(settings.http_proxy.as_ref())?, proxy(secure)?))
}

/// Plain and secure requests take different ways, because their proxies differ and TLS is expensive to set up.
#[derive(Clone, Debug)]
struct ByScheme {
    plain: Arc<Pool>,
    secure: Arc<Pool>,
}

/// How long connecting and reading may take.
type Timeouts = (Option<Duration>, Option<Duration>);

/// Connections of one scheme, by the timeouts they were opened with.
#[derive(Debug)]
struct Pool {
    proxy: ProxyConfig,
    /// `None` is the system's.
    trust: Option<TrustStore>,
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

/// One AWS client's view of [`ByScheme`].
#[derive(Debug)]
struct Chooser {
    client: ByScheme,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpClient for ByScheme {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Chooser {
            client: self.clone(),
            settings: settings.clone(),
            components: components.clone(),
        })
    }
}

impl HttpConnector for Chooser {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let pool = match request.uri().starts_with("https:") {
            true => &self.client.secure,
            false => &self.client.plain,
        };
        let server = server(request.uri()).to_owned();
        let answer = pool
            .connector(&self.settings, &self.components)
            .call(request);
        HttpConnectorFuture::new(async move { answer.await.map_err(|error| named(error, server)) })
    }
}

/// Scheme, host and port of a URL.
fn server(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url[host..].find('/').map_or(url.len(), |path| host + path);
    &url[..path]
}

/// The same error with the server that was not reached, which the error of a connection that never was does not tell.
fn named(error: ConnectorError, server: String) -> ConnectorError {
    if !never_connected(&error) {
        return error;
    }
    // Timeouts and other errors of the network are repeated by the SDK, each by its kind.
    let again = match (error.is_timeout(), error.is_io()) {
        (true, _) => ConnectorError::timeout,
        (_, true) => ConnectorError::io,
        _ => return error,
    };
    let cause = error.into_source();
    again(Box::new(NotReached { server, cause }))
}

#[derive(Debug)]
struct NotReached {
    server: String,
    cause: BoxError,
}

impl fmt::Display for NotReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection to {}", self.server)
    }
}

impl Error for NotReached {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.cause)
    }
}

impl Pool {
    fn new(proxy: ProxyConfig, trust: Option<TrustStore>) -> Arc<Self> {
        Arc::new(Self {
            proxy,
            trust,
            connectors: Mutex::default(),
        })
    }

    fn connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut connectors = self
            .connectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        connectors
            .entry((settings.connect_timeout(), settings.read_timeout()))
            .or_insert_with(|| self.build(settings, components))
            .clone()
    }

    fn build(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut builder = Connector::builder()
            .connector_settings(settings.clone())
            .proxy_config(self.proxy.clone());
        builder.set_sleep_impl(components.sleep_impl());
        let mut builder = builder.tls_provider(tls::Provider::Rustls(CryptoMode::AwsLc));
        let trust = self.trust.clone().unwrap_or_default();
        // Building a context cannot fail: certificates are looked at when TLS is set up, and provider::certificates
        // has looked at them before.
        if let Ok(context) = TlsContext::builder().with_trust_store(trust).build() {
            builder = builder.tls_context(context);
        }
        builder.build().into_shared()
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use crate::api::ErrorKind;
    use crate::aws::Context;
    use crate::aws::error::of_sdk;
    use crate::aws::testing::settings;

    #[tokio::test]
    async fn a_refused_connection_names_where_it_was_to_go() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let mut settings = settings();
        settings.endpoints = [("eks", url.clone())].into();
        let context = Context::new(settings).unwrap();
        let client = context.eks(None).await.unwrap();
        let answer = client.describe_cluster().name("demo").send().await;
        let error = of_sdk(|_| None, "DescribeCluster", "demo", answer.unwrap_err());
        assert_eq!(*error.kind(), ErrorKind::Unreachable);
        let expected = format!("no connection to {url}: client error (Connect)");
        assert!(error.message().contains(&expected), "{error}");
    }
}
