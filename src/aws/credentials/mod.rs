//! Where credentials come from: a static key, the SDK's usual chain, and roles assumed on top.
//!
//! Nothing is asked before a request needs to be signed.

mod kept;

use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::types::{self as sts, PolicyDescriptorType};

use super::error::of_sdk;
use super::settings::{Credentials, Role, Settings, Token, WebIdentity};
use crate::api::{Error, ErrorKind};
use kept::Kept;

/// Shown by the SDK as the source of credentials.
const SOURCE: &str = "terraform-provider-eks";

/// The provider of credentials for these settings. `config` has everything else that an STS client needs.
pub(super) async fn provider(settings: &Settings, config: &SdkConfig) -> SharedCredentialsProvider {
    let sts = |credentials| sts_client(settings, config, credentials);
    let mut provider = match &settings.web_identity {
        Some(identity) => SharedCredentialsProvider::new(WebSession {
            client: sts(None),
            identity: identity.clone(),
        }),
        None => first(&settings.credentials, config).await,
    };
    for role in &settings.roles {
        provider = SharedCredentialsProvider::new(Session {
            client: sts(Some(provider)),
            role: role.clone(),
        });
    }
    SharedCredentialsProvider::new(Kept::new(provider))
}

fn sts_client(
    settings: &Settings,
    config: &SdkConfig,
    credentials: Option<SharedCredentialsProvider>,
) -> aws_sdk_sts::Client {
    let mut builder = aws_sdk_sts::config::Builder::from(config);
    builder.set_credentials_provider(credentials);
    if let Some(url) = settings.endpoints.get("sts") {
        builder.set_endpoint_url(Some(url.clone()));
    }
    if let Some(region) = &settings.sts_region {
        builder.set_region(Some(aws_config::Region::new(region.clone())));
    }
    aws_sdk_sts::Client::from_conf(builder.build())
}

/// The credentials before any role is assumed.
async fn first(settings: &Credentials, config: &SdkConfig) -> SharedCredentialsProvider {
    if let Some(key) = &settings.key {
        let keys = Keys::new(&key.id, &key.secret, key.token.clone(), None, SOURCE);
        return SharedCredentialsProvider::new(keys);
    }
    let surroundings = surroundings(config);
    let profile = profile(settings, &surroundings);
    // A profile that somebody asked for by name comes before the environment, as with hashicorp/aws.
    if let Some(name) = &settings.profile {
        return SharedCredentialsProvider::new(Named {
            name: name.clone(),
            profile,
        });
    }
    if settings.skip_metadata || settings.profile_files().is_some() {
        let chain = CredentialsProviderChain::first_try(
            "Environment",
            EnvironmentVariableCredentialsProvider::new(),
        )
        .or_else("Profile", profile)
        .or_else("WebIdentityToken", web_identity(&surroundings))
        .or_else(
            "Container",
            EcsCredentialsProvider::builder()
                .configure(&surroundings)
                .build(),
        );
        let chain = match settings.skip_metadata {
            true => chain,
            false => chain.or_else("InstanceMetadata", instance(settings, &surroundings)),
        };
        return SharedCredentialsProvider::new(chain);
    }
    let chain = DefaultCredentialsChain::builder()
        .imds_client(metadata_client(settings, &surroundings))
        .configure(surroundings);
    SharedCredentialsProvider::new(chain.build().await)
}

fn surroundings(config: &SdkConfig) -> ProviderConfig {
    let surroundings = ProviderConfig::without_region().with_region(config.region().cloned());
    match config.http_client() {
        Some(client) => surroundings.with_http_client(client),
        None => surroundings,
    }
}

fn profile(
    settings: &Credentials,
    surroundings: &ProviderConfig,
) -> ProfileFileCredentialsProvider {
    let mut builder = ProfileFileCredentialsProvider::builder().configure(surroundings);
    if let Some(name) = &settings.profile {
        builder = builder.profile_name(name);
    }
    if let Some(files) = settings.profile_files() {
        builder = builder.profile_files(files);
    }
    builder.build()
}

/// A profile that somebody asked for by name.
///
/// Of one that does not exist the SDK only says that "the credential provider was not enabled".
#[derive(Debug)]
struct Named {
    name: String,
    profile: ProfileFileCredentialsProvider,
}

impl ProvideCredentials for Named {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let explain = |error| match error {
            CredentialsError::CredentialsNotLoaded(_) => CredentialsError::not_loaded(format!(
                "the profile {:?} is not in the shared configuration and credentials files, or has no credentials",
                self.name
            )),
            other => other,
        };
        let keys = async move { self.profile.provide_credentials().await.map_err(explain) };
        future::ProvideCredentials::new(keys)
    }
}

fn web_identity(surroundings: &ProviderConfig) -> WebIdentityTokenCredentialsProvider {
    WebIdentityTokenCredentialsProvider::builder()
        .configure(surroundings)
        .build()
}

fn instance(
    settings: &Credentials,
    surroundings: &ProviderConfig,
) -> imds::credentials::ImdsCredentialsProvider {
    imds::credentials::ImdsCredentialsProvider::builder()
        .configure(surroundings)
        .imds_client(metadata_client(settings, surroundings))
        .build()
}

fn metadata_client(settings: &Credentials, surroundings: &ProviderConfig) -> imds::Client {
    let builder = || imds::Client::builder().configure(surroundings);
    let endpoint = settings.metadata_endpoint.as_deref();
    // An invalid URL has been refused when the provider was configured.
    let mut client = endpoint
        .and_then(|url| builder().endpoint(url).ok())
        .unwrap_or_else(builder);
    if settings.metadata_endpoint_mode.as_deref() == Some("IPv6") {
        client = client.endpoint_mode(imds::client::EndpointMode::IpV6);
    }
    client.build()
}

/// A session of a role.
///
/// Ours, because the SDK's own has neither source identity nor transitive tags.
#[derive(Debug)]
struct Session {
    client: aws_sdk_sts::Client,
    role: Role,
}

impl ProvideCredentials for Session {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

impl Session {
    async fn assume(&self) -> provider::Result {
        let role = &self.role;
        let answer = self
            .client
            .assume_role()
            .role_arn(&role.role_arn)
            .role_session_name(session_name(role))
            .set_duration_seconds(seconds(role))
            .set_external_id(role.external_id.clone())
            .set_policy(role.policy.clone())
            .set_policy_arns(policies(role))
            .set_source_identity(role.source_identity.clone())
            .set_tags(session_tags(role)?)
            .set_transitive_tag_keys(transitive(role))
            .send()
            .await
            .map_err(|error| failed("AssumeRole", role, error))?;
        keys(answer.credentials)
    }
}

/// A session of a role, got with the token of another identity provider.
#[derive(Debug)]
struct WebSession {
    client: aws_sdk_sts::Client,
    identity: WebIdentity,
}

impl ProvideCredentials for WebSession {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

impl WebSession {
    async fn assume(&self) -> provider::Result {
        let role = &self.identity.role;
        let answer = self
            .client
            .assume_role_with_web_identity()
            .role_arn(&role.role_arn)
            .role_session_name(session_name(role))
            .web_identity_token(self.token().await?)
            .set_duration_seconds(seconds(role))
            .set_policy(role.policy.clone())
            .set_policy_arns(policies(role))
            .send()
            .await
            .map_err(|error| failed("AssumeRoleWithWebIdentity", role, error))?;
        keys(answer.credentials)
    }

    async fn token(&self) -> Result<String, CredentialsError> {
        let path = match &self.identity.token {
            Token::Literal(token) => return Ok(token.clone()),
            Token::File(path) => path,
        };
        let read = tokio::fs::read_to_string(path).await;
        read.map(|token| token.trim().to_owned()).map_err(|error| {
            let message = format!(
                "unable to read web_identity_token_file {}: {error}",
                path.display()
            );
            CredentialsError::invalid_configuration(message)
        })
    }
}

fn session_name(role: &Role) -> String {
    role.session_name
        .clone()
        .unwrap_or_else(|| SOURCE.to_owned())
}

fn seconds(role: &Role) -> Option<i32> {
    role.duration
        .and_then(|duration| i32::try_from(duration.as_secs()).ok())
}

fn policies(role: &Role) -> Option<Vec<PolicyDescriptorType>> {
    let policy = |arn: &String| PolicyDescriptorType::builder().arn(arn).build();
    (!role.policy_arns.is_empty()).then(|| role.policy_arns.iter().map(policy).collect())
}

fn session_tags(role: &Role) -> Result<Option<Vec<sts::Tag>>, CredentialsError> {
    let tag = |(key, value)| sts::Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<_>, _> = role.tags.clone().into_iter().map(tag).collect();
    let tags = tags.map_err(CredentialsError::invalid_configuration)?;
    Ok((!tags.is_empty()).then_some(tags))
}

fn transitive(role: &Role) -> Option<Vec<String>> {
    let keys = &role.transitive_tag_keys;
    (!keys.is_empty()).then(|| keys.iter().cloned().collect())
}

fn failed<E>(
    operation: &'static str,
    role: &Role,
    error: aws_sdk_sts::error::SdkError<E>,
) -> CredentialsError
where
    E: std::error::Error
        + aws_smithy_types::error::metadata::ProvideErrorMetadata
        + Send
        + Sync
        + 'static,
{
    CredentialsError::provider_error(of_sdk(|_| None, operation, &role.role_arn, error))
}

fn keys(answer: Option<sts::Credentials>) -> provider::Result {
    let Some(session) = answer else {
        let error = Error::new(
            "AssumeRole",
            "",
            ErrorKind::Other,
            "STS sent no credentials",
        );
        return Err(CredentialsError::provider_error(error));
    };
    let expiry = SystemTime::try_from(session.expiration).ok();
    Ok(Keys::new(
        session.access_key_id,
        session.secret_access_key,
        Some(session.session_token),
        expiry,
        SOURCE,
    ))
}
