//! Credentials that are got once and kept, for all who sign with them: the SDK's clients keep them by themselves, those who
//! only sign do not.
//!
//! How credentials are got is not known here.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime::expiring_cache::ExpiringCache;

/// Credentials that end sooner are got anew, because a token ends with them: 15 minutes, and one for getting them.
const LEAST: Duration = Duration::from_secs(16 * 60);

/// How long credentials are kept that do not say when they end, as the SDK's clients keep them.
const WITHOUT_END: Duration = Duration::from_secs(15 * 60);

/// A provider that asks another one.
#[derive(Debug)]
pub(super) struct Kept {
    source: SharedCredentialsProvider,
    keys: ExpiringCache<Keys, CredentialsError>,
}

impl Kept {
    pub(super) fn new(source: SharedCredentialsProvider) -> Self {
        Self {
            source,
            keys: ExpiringCache::new(LEAST),
        }
    }

    async fn get(&self) -> provider::Result {
        let now = SystemTime::now();
        if let Some(keys) = self.keys.yield_or_clear_if_expired(now).await {
            return Ok(keys);
        }
        let load = || async {
            let keys = self.source.provide_credentials().await?;
            let end = keys.expiry().unwrap_or(now + WITHOUT_END + LEAST);
            Ok((keys, end))
        };
        self.keys.get_or_load(load).await
    }
}

impl ProvideCredentials for Kept {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }

    fn fallback_on_interrupt(&self) -> Option<Keys> {
        self.source.fallback_on_interrupt()
    }
}
