//! AutoMTLS, go-plugin's way of letting host and plugin trust each other and nobody else: each makes a certificate
//! for this one process and hands it over out of band, the host's in `PLUGIN_CLIENT_CERT`, ours in the handshake
//! line. It must not know how connections are accepted.
//!
//! Why the verifier is ours: go-plugin's client certificate is a P-521 *CA* certificate. webpki refuses a CA as an
//! end entity (`CaUsedAsEndEntity`), which rules out rustls' `WebPkiClientVerifier` and with it all that tonic's own
//! TLS configuration offers; and of rustls' two crypto providers only aws-lc-rs can verify P-521 at all. Comparing
//! the certificate byte for byte is also the stronger check. Verified against Terraform 1.11.4.

use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedKey, DnType, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature,
    verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig,
    SignatureScheme,
};

use super::start_error::StartError;

/// The name the host checks our certificate against.
const SERVER_NAME: &str = "localhost";

/// grpc-go ≥ 1.67 (Terraform ≥ 1.12, OpenTofu ≥ 1.11) refuses a server that does not negotiate it.
const ALPN: &[u8] = b"h2";

/// Our half of AutoMTLS.
pub(super) struct MutualTls {
    pub(super) acceptor: TlsAcceptor,
    /// Goes into the handshake line.
    pub(super) certificate: CertificateDer<'static>,
}

impl MutualTls {
    /// Makes a key and a certificate for this process, and accepts the holder of `client_certificate` (PEM) only.
    pub(super) fn with(client_certificate: &str) -> Result<Self, StartError> {
        let pinned = CertificateDer::from_pem_slice(client_certificate.as_bytes()).map_err(
            StartError::unable("read PLUGIN_CLIENT_CERT as a PEM certificate"),
        )?;
        let CertifiedKey { cert, signing_key } =
            self_signed().map_err(StartError::unable("make a certificate"))?;
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let certificate = cert.der().clone();
        let config = server_config(pinned, certificate.clone(), key)
            .map_err(StartError::unable("set up TLS"))?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate,
        })
    }
}

/// P-256: the host takes any kind of key, and this one is the cheapest to make and to use.
fn self_signed() -> Result<CertifiedKey<KeyPair>, rcgen::Error> {
    let signing_key = KeyPair::generate()?;
    let mut params = CertificateParams::new([SERVER_NAME.to_owned()])?;
    params
        .distinguished_name
        .push(DnType::CommonName, SERVER_NAME);
    let cert = params.self_signed(&signing_key)?;
    Ok(CertifiedKey { cert, signing_key })
}

fn server_config(
    pinned: CertificateDer<'static>,
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
) -> Result<ServerConfig, Error> {
    // Handed in by hand: with two providers in the dependency tree rustls could not choose one by itself.
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = PinnedClient::new(pinned, &provider);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(vec![certificate], key.into())?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(config)
}

/// Accepts one certificate, and from it a proof that the peer holds its key.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedClient {
    fn new(certificate: CertificateDer<'static>, provider: &CryptoProvider) -> Self {
        Self {
            certificate,
            algorithms: provider.signature_verification_algorithms,
        }
    }
}

impl ClientCertVerifier for PinnedClient {
    /// Names no authority: the host has one certificate and needs no hint which to send.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
