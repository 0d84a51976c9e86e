//! What the user decided about AWS, as plain data. Where it comes from (block, environment) is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

use super::region::ProviderRegion;
use super::services::Endpoints;
use super::tags::{DefaultTags, IgnoredTags};
use crate::api::Polling;

/// Everything a [`Context`](super::Context) is made from.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The provider's region.
    pub region: ProviderRegion,
    /// Attributes of the provider block that clients need and that are not known yet.
    pub unknown: Vec<String>,
    /// Which credentials to start from.
    pub credentials: Credentials,
    /// Roles to assume, one after the other.
    pub roles: Vec<Role>,
    /// A role to assume with a token of another identity provider, before `roles`.
    pub web_identity: Option<WebIdentity>,
    /// Where services are, if not where AWS has them.
    pub endpoints: Endpoints,
    /// Region of STS, if not the provider's.
    pub sts_region: Option<String>,
    pub use_fips: Option<bool>,
    pub use_dual_stack: Option<bool>,
    /// How the SDK repeats failed requests.
    pub retry: Retry,
    pub transport: Transport,
    /// Which accounts may be worked on.
    pub accounts: Accounts,
    /// How often waits look.
    pub polling: Polling,
    /// Tags of every object.
    pub default_tags: DefaultTags,
    /// Tags that are none of our business.
    pub ignored_tags: IgnoredTags,
    /// Products for the user agent: name and version.
    pub user_agent: Vec<(String, Option<String>)>,
}

/// Which credentials to start from.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// An access key, which comes before everything else.
    pub key: Option<AccessKey>,
    /// The profile of the shared files.
    pub profile: Option<String>,
    /// Shared configuration files, if not the usual one.
    pub config_files: Vec<PathBuf>,
    /// Shared credentials files, if not the usual one.
    pub credentials_files: Vec<PathBuf>,
    /// Do not ask the metadata service of EC2.
    pub skip_metadata: bool,
    /// Where the metadata service is, if not at its usual address.
    pub metadata_endpoint: Option<String>,
    /// `IPv4` or `IPv6`.
    pub metadata_endpoint_mode: Option<String>,
}

/// A static access key.
#[derive(Clone)]
pub struct AccessKey {
    /// The id, which is no secret.
    pub id: String,
    pub secret: String,
    /// The session token of temporary credentials.
    pub token: Option<String>,
}

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessKey({})", self.id)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Role {
    pub role_arn: String,
    /// Name of the session, as CloudTrail shows it.
    pub session_name: Option<String>,
    /// How long the session lasts.
    pub duration: Option<Duration>,
    /// What the owner of the role asks for.
    pub external_id: Option<String>,
    /// A policy that narrows the session.
    pub policy: Option<String>,
    /// Managed policies that narrow the session.
    pub policy_arns: BTreeSet<String>,
    /// Who is behind the session.
    pub source_identity: Option<String>,
    /// Tags of the session.
    pub tags: BTreeMap<String, String>,
    /// Tags of the session that sessions started from it get too.
    pub transitive_tag_keys: BTreeSet<String>,
}

/// A role to assume with a web identity token.
#[derive(Clone, Debug, Default)]
pub struct WebIdentity {
    /// ARN, session and policies.
    pub role: Role,
    /// The token, or where it is.
    pub token: Token,
}

/// A web identity token.
#[derive(Clone)]
pub enum Token {
    Literal(String),
    /// A file with it, read anew each time: Kubernetes replaces it.
    File(PathBuf),
}

impl Default for Token {
    fn default() -> Self {
        Self::Literal(String::new())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal(_) => f.write_str("Literal(…)"),
            Self::File(path) => write!(f, "File({})", path.display()),
        }
    }
}

/// How the SDK repeats failed requests.
#[derive(Clone, Debug, Default)]
pub struct Retry {
    /// `adaptive` instead of `standard`.
    pub adaptive: Option<bool>,
    /// Most tries per request.
    pub max_attempts: Option<u32>,
    /// How many failures in a row are repeated before the SDK gives up early.
    pub token_bucket_capacity: Option<usize>,
}

#[derive(Clone, Debug, Default)]
pub struct Transport {
    /// Certificates to trust instead of the system's, in PEM.
    pub ca_bundle: Option<Vec<u8>>,
    /// Proxy for `http://` endpoints.
    pub http_proxy: Option<String>,
    /// Proxy for `https://` endpoints.
    pub https_proxy: Option<String>,
    /// Hosts to reach without a proxy, separated by commas.
    pub no_proxy: Option<String>,
}

/// Which accounts may be worked on.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Only these, unless empty.
    pub allowed: BTreeSet<String>,
    /// None of these.
    pub forbidden: BTreeSet<String>,
    /// Do not ask STS for the account.
    pub skip: bool,
}

impl Credentials {
    /// The shared files, unless they are the usual ones.
    pub(crate) fn profile_files(&self) -> Option<EnvConfigFiles> {
        if self.config_files.is_empty() && self.credentials_files.is_empty() {
            return None;
        }
        let mut files = EnvConfigFiles::builder();
        for (kind, paths) in [
            (EnvConfigFileKind::Config, &self.config_files),
            (EnvConfigFileKind::Credentials, &self.credentials_files),
        ] {
            if paths.is_empty() {
                files = match kind {
                    EnvConfigFileKind::Config => files.include_default_config_file(true),
                    _ => files.include_default_credentials_file(true),
                };
            }
            for path in paths {
                files = files.with_file(kind, path);
            }
        }
        Some(files.build())
    }
}
