//! The provider's context: settings, and clients made from them. The only place where AWS clients are made.
//!
//! Everything is made on first use: a plan that needs no AWS makes no client, asks for no credentials and opens no
//! connection.

mod cache;
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

use self::cache::{Cache, Key};
use super::region::ProviderRegion;
use super::settings::Settings;
use super::tags::{DefaultTags, IgnoredTags};
use super::turns::Turns;
use super::{Error, Kind, Outlooks, Polling, Presigned, credentials, http, presign};

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
    eks: Cache<aws_sdk_eks::Client>,
    ec2: Cache<aws_sdk_ec2::Client>,
    iam: Cache<aws_sdk_iam::Client>,
    sts: Cache<aws_sdk_sts::Client>,
    turns: Turns,
    outlooks: Outlooks,
}

/// Most tries per request, when neither block nor environment nor profile says.
const MAX_ATTEMPTS: u32 = 10;
/// Time for the first byte of an answer. EKS answers within a second or two; a connection that died says nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The clients differ in nothing but their types.
macro_rules! clients {
    ($($(#[$doc:meta])* $service:ident: $sdk:ident),* $(,)?) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// The provider block is not wholly known yet, no region is configured, or the account may not be used.
        pub async fn $service(&self, region: Option<&str>) -> tf::Result<$sdk::Client> {
            self.check_account().await?;
            let region = self.region_or(region)?;
            let base = self.base(region).await?;
            Ok(self.shared.$service.get_or_make(self.key(region), || {
                let mut builder = $sdk::config::Builder::from(&self.config(base, region));
                if let Some(url) = &self.shared.settings.endpoints.$service {
                    builder.set_endpoint_url(Some(url.clone()));
                }
                builder.set_retry_partition(self.retry_partition());
                $sdk::Client::from_conf(builder.build())
            }))
        }
    )*};
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
                eks: Cache::default(),
                ec2: Cache::default(),
                iam: Cache::default(),
                sts: Cache::default(),
                turns: Turns::default(),
                outlooks: Outlooks::default(),
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

    clients! {
        /// A client of EKS in a region, by default the provider's.
        eks: aws_sdk_eks,
        /// A client of EC2 in a region, by default the provider's.
        ec2: aws_sdk_ec2,
        /// A client of IAM. The region only chooses the partition.
        iam: aws_sdk_iam,
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

    /// The account that the credentials belong to. Asks STS, once.
    pub async fn account_id(&self) -> tf::Result<String> {
        if self.shared.settings.accounts.skip {
            return Err(tf::Error::new(
                "The account id is needed here, but skip_requesting_account_id forbids asking for it.",
            ));
        }
        let sts = self.sts().await?;
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
        let sts = match self.sts().await {
            Ok(sts) if !self.shared.settings.accounts.skip => sts,
            _ => return Ok(None),
        };
        let error = match self.ask_for_account(&sts).await {
            Ok(account) => return Ok(Some(account)),
            Err(error) => error,
        };
        match error.kind() {
            Kind::Throttled
            | Kind::Unavailable
            | Kind::ConnectionLost
            | Kind::ExpiredCredentials => Err(error.into()),
            _ => {
                tracing::debug!(error = error.message(), "the account id is not known");
                Ok(None)
            }
        }
    }

    async fn ask_for_account(&self, sts: &aws_sdk_sts::Client) -> Result<String, Error> {
        let ask = || async {
            let answer = sts.get_caller_identity().send().await;
            let identity = answer
                .map_err(|error| Error::from_sdk("GetCallerIdentity", "the credentials", error))?;
            Ok(identity.account.unwrap_or_default())
        };
        self.shared.account_id.get_or_try_init(ask).await.cloned()
    }

    /// A client of STS. Not subject to the account check, which needs it.
    pub async fn sts(&self) -> tf::Result<aws_sdk_sts::Client> {
        let settings = &self.shared.settings;
        let region = self.region_or(settings.sts_region.as_deref())?;
        let base = self.base(region).await?;
        Ok(self.shared.sts.get_or_make(self.key(region), || {
            let mut builder = aws_sdk_sts::config::Builder::from(&self.config(base, region));
            if let Some(url) = &settings.endpoints.sts {
                builder.set_endpoint_url(Some(url.clone()));
            }
            builder.set_retry_partition(self.retry_partition());
            aws_sdk_sts::Client::from_conf(builder.build())
        }))
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

    /// How often waits look.
    pub fn polling(&self) -> Polling {
        self.shared.settings.polling
    }

    /// Tags of every object.
    pub fn default_tags(&self) -> &DefaultTags {
        &self.shared.settings.default_tags
    }

    /// Tags that are none of our business.
    pub fn ignored_tags(&self) -> &IgnoredTags {
        &self.shared.settings.ignored_tags
    }

    /// What is done one at a time.
    pub(super) fn turns(&self) -> &Turns {
        &self.shared.turns
    }

    /// What has been seen in this process of what others depend on.
    pub(crate) fn outlooks(&self) -> &Outlooks {
        &self.shared.outlooks
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

    fn key(&self, region: &str) -> Key {
        (region.to_owned(), self.module.clone())
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
