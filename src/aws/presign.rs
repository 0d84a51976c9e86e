//! Requests that are signed here and sent by somebody else.
//!
//! Nothing is sent from here and no client is made. What such a URL is good for is not known here, either.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use tfplugin_rs::tf;

use super::error::of_credentials;
use crate::api::{Error, ErrorKind};

/// What the request asks; no other parameters, because EKS refuses URLs that have any.
const QUERY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// `X-Amz-Expires`. STS does not look at it; the AWS CLI sends 60, and the oldest readers of such URLs take no more.
const EXPIRES: Duration = Duration::from_secs(60);

/// How long STS takes the request, counted from its signature.
const VALIDITY: Duration = Duration::from_secs(15 * 60);

/// A URL with which its bearer can ask STS who signed it. It is a secret: it proves an identity.
#[derive(Clone)]
pub struct Presigned {
    pub url: String,
    /// When STS stops taking it: 15 minutes after the signature, or when the credentials run out.
    pub expires_at: SystemTime,
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Presigned(…, {:?})", self.expires_at)
    }
}

/// A presigned GetCallerIdentity that holds only together with this header.
///
/// It names STS as AWS has it in that region, whatever endpoint the provider uses: that is how we reach STS, and it is
/// the bearer who will send this request.
pub(super) async fn caller_identity(
    config: &SdkConfig,
    region: &str,
    header: (&str, &str),
    now: SystemTime,
) -> tf::Result<Presigned> {
    let endpoint = endpoint(config, region).await?;
    let keys = keys(config).await?;
    let url = signed_url(&endpoint, region, &keys, header, now)?;
    let longest = now + VALIDITY;
    let expires_at = keys.expiry().map_or(longest, |end| end.min(longest));
    Ok(Presigned { url, expires_at })
}

async fn endpoint(config: &SdkConfig, region: &str) -> tf::Result<String> {
    let params = Params::builder()
        .region(region)
        .use_fips(config.use_fips().unwrap_or(false))
        .use_dual_stack(config.use_dual_stack().unwrap_or(false))
        .build()
        .map_err(|error| failed(&error))?;
    let resolver = DefaultResolver::new();
    let endpoint = ResolveEndpoint::resolve_endpoint(&resolver, &params).await;
    let endpoint = endpoint.map_err(|error| failed(error.as_ref()))?;
    Ok(endpoint.url().to_owned())
}

async fn keys(config: &SdkConfig) -> tf::Result<Keys> {
    let keys = match config.credentials_provider() {
        Some(provider) => provider.provide_credentials().await,
        None => Err(CredentialsError::not_loaded("no credentials")),
    };
    Ok(keys.map_err(|error| of_credentials(OPERATION, TARGET, &error))?)
}

fn signed_url(
    endpoint: &str,
    region: &str,
    keys: &Keys,
    header: (&str, &str),
    now: SystemTime,
) -> tf::Result<String> {
    let url = format!("{endpoint}/?{QUERY}");
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    settings.expires_in = Some(EXPIRES);
    let identity = keys.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("sts")
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| failed(&error))?
        .into();
    let headers = std::iter::once(header);
    let request = SignableRequest::new("GET", &url, headers, SignableBody::empty())
        .map_err(|error| failed(&error))?;
    let (signature, _) = sign(request, &params)
        .map_err(|error| failed(&error))?
        .into_parts();
    let mut request = http::Request::new(());
    *request.uri_mut() = url.parse().map_err(|error| failed(&error))?;
    signature.apply_to_request_http1x(&mut request);
    Ok(request.uri().to_string())
}

const OPERATION: &str = "GetCallerIdentity";
const TARGET: &str = "a presigned request";

fn failed(error: &dyn std::error::Error) -> tf::Error {
    Error::new(OPERATION, TARGET, ErrorKind::Other, error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aws_config::BehaviorVersion;
    use aws_credential_types::provider::SharedCredentialsProvider;

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// `aws eks get-token --cluster-name demo` of AWS CLI 1.45.11 at 2025-03-04T05:06:07Z, decoded: endpoint and
    /// signature, for these keys and settings.
    struct Captured {
        region: &'static str,
        session: Option<&'static str>,
        use_fips: bool,
        use_dual_stack: bool,
        host: &'static str,
        signature: &'static str,
    }

    const PLAIN: Captured = Captured {
        region: "eu-west-1",
        session: None,
        use_fips: false,
        use_dual_stack: false,
        host: "sts.eu-west-1.amazonaws.com",
        signature: "32f42dfae701cd8823e328483faf3f3925c11f0142c282025fecfd2a458ca105",
    };

    const CAPTURED: [Captured; 6] = [
        PLAIN,
        Captured {
            region: "us-east-1",
            session: Some("IQoJb3JpZ2luX2VjE+/="),
            host: "sts.us-east-1.amazonaws.com",
            signature: "234b05f30b5d729f52f2b5cbb48022ae3b556fc21e61615cd0e5f7a873e90e13",
            ..PLAIN
        },
        Captured {
            region: "cn-north-1",
            host: "sts.cn-north-1.amazonaws.com.cn",
            signature: "8f248a3df8312f2616da316f3a8712d1ffc22881718b0e618af0844601bb6498",
            ..PLAIN
        },
        Captured {
            region: "us-gov-west-1",
            use_fips: true,
            host: "sts.us-gov-west-1.amazonaws.com",
            signature: "ac11141b72baa8e0ec6266c02bd6134be4a0b6e2ba933db276bb214dc6a9cbe3",
            ..PLAIN
        },
        Captured {
            region: "us-east-1",
            use_fips: true,
            host: "sts-fips.us-east-1.amazonaws.com",
            signature: "009e99d72d425e95b07fba6ece0957f6549ea52ba109be99bb5e32b516ada12c",
            ..PLAIN
        },
        Captured {
            region: "us-east-1",
            use_dual_stack: true,
            host: "sts.us-east-1.api.aws",
            signature: "cee9d96499e6151856cd3e7e26abaa6c4ef304028112a2fea0a055445189212e",
            ..PLAIN
        },
    ];

    impl Captured {
        /// The parameters, whose order means nothing.
        fn parameters(&self) -> BTreeSet<String> {
            let Self {
                region, signature, ..
            } = self;
            let credential = format!("AKIDEXAMPLE%2F20250304%2F{region}%2Fsts%2Faws4_request");
            let mut all = BTreeSet::from([
                "Action=GetCallerIdentity".to_owned(),
                "Version=2011-06-15".to_owned(),
                "X-Amz-Algorithm=AWS4-HMAC-SHA256".to_owned(),
                format!("X-Amz-Credential={credential}"),
                "X-Amz-Date=20250304T050607Z".to_owned(),
                "X-Amz-Expires=60".to_owned(),
                "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id".to_owned(),
                format!("X-Amz-Signature={signature}"),
            ]);
            let session = self.session.map(|_| "IQoJb3JpZ2luX2VjE%2B%2F%3D");
            all.extend(session.map(|token| format!("X-Amz-Security-Token={token}")));
            all
        }
    }

    fn now() -> SystemTime {
        // 2025-03-04T05:06:07Z
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_741_064_767)
    }

    fn keys(session: Option<&str>, expiry: Option<SystemTime>) -> Keys {
        Keys::new(
            "AKIDEXAMPLE",
            SECRET,
            session.map(ToOwned::to_owned),
            expiry,
            "test",
        )
    }

    fn config(keys: Keys) -> aws_types::sdk_config::Builder {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(keys))
    }

    async fn presigned(config: &SdkConfig, region: &str) -> Presigned {
        let header = ("x-k8s-aws-id", "demo");
        caller_identity(config, region, header, now())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn signs_as_the_aws_cli_does() {
        for captured in CAPTURED {
            let config = config(keys(captured.session, None))
                .use_fips(captured.use_fips)
                .use_dual_stack(captured.use_dual_stack)
                .build();
            let url = presigned(&config, captured.region).await.url;
            let (place, query) = url.split_once('?').unwrap();
            assert_eq!(place, format!("https://{}/", captured.host));
            let parameters = query.split('&').map(ToOwned::to_owned);
            assert_eq!(parameters.collect::<BTreeSet<_>>(), captured.parameters());
        }
    }

    #[tokio::test]
    async fn names_sts_as_aws_has_it() {
        let config = config(keys(None, None))
            .endpoint_url("http://127.0.0.1:5000")
            .build();
        let url = presigned(&config, "eu-west-1").await.url;
        assert!(url.starts_with("https://sts.eu-west-1.amazonaws.com/?"));
    }

    #[tokio::test]
    async fn ends_with_the_credentials_at_the_latest() {
        let minutes = |minutes: u64| Some(now() + Duration::from_secs(minutes * 60));
        for (credentials_end, end) in [(None, 15), (minutes(60), 15), (minutes(5), 5)] {
            let config = config(keys(Some("session"), credentials_end)).build();
            let presigned = presigned(&config, "eu-west-1").await;
            assert_eq!(Some(presigned.expires_at), minutes(end));
        }
    }

    #[tokio::test]
    async fn is_not_shown() {
        let presigned = presigned(&config(keys(None, None)).build(), "eu-west-1").await;
        assert!(!format!("{presigned:?}").contains("X-Amz"), "{presigned:?}");
    }

    #[tokio::test]
    async fn says_that_there_are_no_credentials() {
        let nothing = SdkConfig::builder().build();
        let header = ("x-k8s-aws-id", "demo");
        let error = caller_identity(&nothing, "eu-west-1", header, now()).await;
        let detail = error.unwrap_err().detail;
        assert!(detail.contains("AWS_PROFILE"), "{detail}");
    }
}
