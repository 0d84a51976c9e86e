//! The provider's context: settings, and clients made from them. The only place where AWS clients are made.
//!
//! Everything is made on first use: a plan that needs no AWS makes no client, asks for no credentials and opens no
//! connection.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, FrameworkMetadata, SdkConfig};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tfplugin_rs::tf;
use tokio::sync::OnceCell;

use super::region::ProviderRegion;
use super::services::{Clients, Service};
use super::settings::Settings;
use super::sts::Answer;
use super::tags::{DefaultTags, IgnoredTags};
use super::{Presigned, credentials, http, presign};
use crate::api::{Answers, Error, ErrorKind, Outlooks, Polling, Surroundings, Turns};

/// What every call gets.
pub struct Context {
    shared: Arc<Shared>,
    /// Products that a module adds to the user agent.
    module: Vec<(String, Option<String>)>,
}

/// What the contexts of all modules have in common.
struct Shared {
    settings: Settings,
    http: Option<SharedHttpClient>,
    base: OnceCell<SdkConfig>,
    account_id: OnceCell<String>,
    account_is_allowed: OnceCell<()>,
    clients: Clients,
    turns: Turns,
    outlooks: Outlooks,
    answers: Answers,
}

/// Most tries per request, when neither block nor environment nor profile says.
const MAX_ATTEMPTS: u32 = 10;
/// Time for the first byte of an answer. EKS answers within a second or two; a connection that died says nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl Surroundings for Context {
    fn polling(&self) -> Polling {
        self.shared.settings.polling
    }

    fn turns(&self) -> &Turns {
        &self.shared.turns
    }

    fn outlooks(&self) -> &Outlooks {
        &self.shared.outlooks
    }

    fn qualified(&self, id: String, region: Option<&str>) -> String {
        match (region, self.region()) {
            (Some(region), Ok(providers)) if region != providers => format!("{id}@{region}"),
            _ => id,
        }
    }
}

impl Context {
    /// A context of these settings. Does nothing else.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let http = http::client(&settings.transport)?;
        Ok(Self::with_http_client(settings, http))
    }

    /// A context whose clients send their requests through `http`.
    pub(crate) fn with_http_client(settings: Settings, http: SharedHttpClient) -> Self {
        Self {
            shared: Arc::new(Shared {
                settings,
                http: Some(http),
                base: OnceCell::new(),
                account_id: OnceCell::new(),
                account_is_allowed: OnceCell::new(),
                clients: Clients::default(),
                turns: Turns::default(),
                outlooks: Outlooks::default(),
                answers: Answers::default(),
            }),
            module: Vec::new(),
        }
    }

    /// The same context for a module that adds products to the user agent.
    #[must_use]
    pub fn for_module(&self, products: Vec<(String, Option<String>)>) -> Self {
        Self {
            shared: self.shared.clone(),
            module: products,
        }
    }

    /// A client of a service in a region, by default the provider's. The account is checked before.
    pub(super) async fn client<S: Service>(&self, region: Option<&str>) -> tf::Result<S> {
        self.check_account().await?;
        self.unchecked(region).await
    }

    async fn unchecked<S: Service>(&self, region: Option<&str>) -> tf::Result<S> {
        let region = self.region_or(region)?;
        let base = self.base(region).await?;
        let key = (region.to_owned(), self.module.clone());
        Ok(S::cache(&self.shared.clients).get_or_make(key, || {
            let endpoint = self.shared.settings.endpoints.get(S::NAME).cloned();
            S::with(&self.config(base, region), endpoint, self.retry_partition())
        }))
    }

    /// The provider's region.
    ///
    /// # Errors
    ///
    /// There is none, or it is not known yet; the message says what to do.
    pub fn region(&self) -> tf::Result<&str> {
        self.provider_region().require()
    }

    /// What is known about the provider's region.
    pub fn provider_region(&self) -> &ProviderRegion {
        &self.shared.settings.region
    }

    /// The region to use for an object: its own, else the provider's.
    pub fn region_or<'a>(&'a self, region: Option<&'a str>) -> tf::Result<&'a str> {
        match region {
            Some(region) => Ok(region),
            None => self.region(),
        }
    }

    /// The answer of a catalogue in a region, asked for once. `question` is the operation and what it is given.
    pub async fn once<T: Send + Sync + 'static, E: Clone + Send + Sync + 'static>(
        &self,
        region: Option<&str>,
        question: &[&str],
        ask: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<Arc<T>, E> {
        let region = self.region_or(region).unwrap_or_default();
        let question = [&[region], question].concat().join("\n");
        // The futures of the SDK are large: moving one of EC2's three times overflows the stack of a debug build.
        self.shared.answers.get(question, Box::pin(ask)).await
    }

    /// The account that the credentials belong to. Asks STS, once.
    pub async fn account_id(&self) -> tf::Result<String> {
        if self.shared.settings.accounts.skip {
            return Err(tf::Error::new(
                "The account id is needed here, but skip_requesting_account_id forbids asking for it.",
            ));
        }
        let sts = self.unchecked_sts().await?;
        Ok(self.ask_for_account(&sts).await?)
    }

    /// The account that the credentials belong to, for those that can do without; `None` where nobody tells. Asks STS,
    /// once.
    ///
    /// Planning needs the same answer at plan and at apply, or what was planned as known is unknown later and Terraform
    /// stops. So what is likely to stay as it is counts as `None`: skip_requesting_account_id, a provider block that is
    /// not wholly known, no credentials, a refusal, and an STS that cannot be reached from a network that reaches EKS.
    ///
    /// # Errors
    ///
    /// What may have passed by the next time, and the SDK has repeated in vain: throttling, failures of STS, broken
    /// connections, credentials that have run out.
    pub async fn find_account_id(&self) -> tf::Result<Option<String>> {
        let sts = match self.unchecked_sts().await {
            Ok(sts) if !self.shared.settings.accounts.skip => sts,
            _ => return Ok(None),
        };
        let error = match self.ask_for_account(&sts).await {
            Ok(account) => return Ok(Some(account)),
            Err(error) => error,
        };
        match error.kind() {
            ErrorKind::Throttled
            | ErrorKind::Unavailable
            | ErrorKind::ConnectionLost
            | ErrorKind::ExpiredCredentials => Err(error.into()),
            _ => {
                tracing::debug!(error = error.message(), "the account id is not known");
                Ok(None)
            }
        }
    }

    async fn ask_for_account(&self, sts: &aws_sdk_sts::Client) -> Result<String, Error> {
        let ask = || async {
            let answer = sts.get_caller_identity().send().await;
            let identity = answer.to("GetCallerIdentity", "the credentials")?;
            Ok(identity.account.unwrap_or_default())
        };
        self.shared.account_id.get_or_try_init(ask).await.cloned()
    }

    /// A client of STS that is not subject to the account check, which needs it.
    async fn unchecked_sts(&self) -> tf::Result<aws_sdk_sts::Client> {
        self.unchecked(self.shared.settings.sts_region.as_deref())
            .await
    }

    /// A URL with which somebody else can ask STS who we are, for a region; see [`presign`].
    ///
    /// # Errors
    ///
    /// As for clients, and where there are no credentials.
    pub async fn presigned_identity(
        &self,
        region: Option<&str>,
        header: (&str, &str),
    ) -> tf::Result<Presigned> {
        self.check_account().await?;
        let region = self.region_or(region)?;
        let base = self.base(region).await?;
        presign::caller_identity(base, region, header, SystemTime::now()).await
    }

    /// Tags of every object.
    pub fn default_tags(&self) -> &DefaultTags {
        &self.shared.settings.default_tags
    }

    /// Tags that are none of our business.
    pub fn ignored_tags(&self) -> &IgnoredTags {
        &self.shared.settings.ignored_tags
    }

    /// Refuses accounts that the provider block forbids. Asks STS, once, and only if the block names accounts.
    async fn check_account(&self) -> tf::Result<()> {
        let accounts = &self.shared.settings.accounts;
        if accounts.allowed.is_empty() && accounts.forbidden.is_empty() {
            return Ok(());
        }
        let check = || async {
            let account = self.account_id().await?;
            let is_allowed = accounts.allowed.is_empty() || accounts.allowed.contains(&account);
            if !is_allowed {
                return Err(tf::Error::new(format!(
                    "The credentials belong to account {account}, which is not one of the provider's \
                     allowed_account_ids. Use other credentials (profile, assume_role) or add the account."
                )));
            }
            if accounts.forbidden.contains(&account) {
                return Err(tf::Error::new(format!(
                    "The credentials belong to account {account}, which is one of the provider's \
                     forbidden_account_ids. Use other credentials (profile, assume_role)."
                )));
            }
            Ok(())
        };
        self.shared
            .account_is_allowed
            .get_or_try_init(check)
            .await?;
        Ok(())
    }

    /// The configuration that all clients share, made on first use.
    async fn base(&self, region: &str) -> tf::Result<&SdkConfig> {
        if let [first, ..] = self.shared.settings.unknown.as_slice() {
            return Err(tf::Error::new(format!(
                "The provider's {first} is not known yet: it depends on something that has not been applied, so AWS \
                 cannot be asked. Apply that first (terraform apply -target=…), or give {first} as a literal."
            )));
        }
        Ok(self
            .shared
            .base
            .get_or_init(|| self.shared.load(region))
            .await)
    }

    /// The shared configuration in a region.
    fn config(&self, base: &SdkConfig, region: &str) -> SdkConfig {
        let mut builder = base.to_builder();
        builder.set_region(aws_config::Region::new(region.to_owned()));
        if !self.module.is_empty() {
            let products = base.framework_metadata().iter().cloned();
            builder.set_framework_metadata(products.chain(products_of(&self.module)));
        }
        builder.build()
    }

    /// A token bucket of the wanted size; by default the SDK shares one of 500 per service and region.
    fn retry_partition(&self) -> Option<RetryPartition> {
        let capacity = self.shared.settings.retry.token_bucket_capacity?;
        let bucket = match capacity {
            0 => TokenBucket::unlimited(),
            capacity => TokenBucket::builder().capacity(capacity).build(),
        };
        Some(
            RetryPartition::custom("terraform-provider-eks")
                .token_bucket(bucket)
                .build(),
        )
    }
}

impl Shared {
    /// Reads environment and shared files. No network.
    ///
    /// Each client gets a region of its own. This one serves the credentials; without one the SDK would ask the
    /// metadata service for it.
    async fn load(&self, region: &str) -> SdkConfig {
        let settings = &self.settings;
        let region = settings.sts_region.as_deref().unwrap_or(region);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT);
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(aws_config::Region::new(region.to_owned()))
            .timeout_config(timeouts.build())
            .no_credentials();
        if let Some(http) = &self.http {
            loader = loader.http_client(http.clone());
        }
        if let Ok(name) = AppName::new("terraform-provider-eks") {
            loader = loader.app_name(name);
        }
        if let Some(profile) = &settings.credentials.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(files) = settings.credentials.profile_files() {
            loader = loader.profile_files(files);
        }
        if let Some(use_fips) = settings.use_fips {
            loader = loader.use_fips(use_fips);
        }
        if let Some(use_dual_stack) = settings.use_dual_stack {
            loader = loader.use_dual_stack(use_dual_stack);
        }
        let config = loader.load().await;
        let mut builder = config.to_builder();
        builder.set_retry_config(Some(self.retry_config(config.retry_config())));
        builder.set_framework_metadata(products_of(&settings.user_agent));
        let config = builder.build();
        let provider = credentials::provider(settings, &config).await;
        let mut builder = config.into_builder();
        builder.set_credentials_provider(Some(provider));
        builder.build()
    }

    /// The block's wishes over those of environment and profile, over ours.
    fn retry_config(&self, surroundings: Option<&RetryConfig>) -> RetryConfig {
        let wanted = &self.settings.retry;
        let found = surroundings.cloned().unwrap_or_else(RetryConfig::standard);
        let is_adaptive = wanted
            .adaptive
            .unwrap_or(found.mode() == aws_config::retry::RetryMode::Adaptive);
        let config = match is_adaptive {
            true => RetryConfig::adaptive(),
            false => RetryConfig::standard(),
        };
        // The SDK does not say whether its 3 is its default or the profile's wish; a profile that wishes for 3 gets
        // more.
        let attempts = wanted.max_attempts.unwrap_or(match found.max_attempts() {
            3 => MAX_ATTEMPTS,
            wish => wish,
        });
        config.with_max_attempts(attempts)
    }
}

/// Products in the form the SDK wants. What it cannot put into a header is left out.
fn products_of(products: &[(String, Option<String>)]) -> impl Iterator<Item = FrameworkMetadata> {
    products
        .iter()
        .filter_map(|(name, version)| FrameworkMetadata::new(name.clone(), version.clone()).ok())
}
