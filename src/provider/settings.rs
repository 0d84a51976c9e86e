//! From the provider block and the environment to [`Settings`]. Reads files, never the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tfplugin_rs::tf::{
    Configuration, Diagnostic, Diagnostics, Model, Path, Value, from_value, parse_duration,
};

use super::block::{self, Block};
use super::{region, user_agent};
use crate::api::Polling;
use crate::aws::services::{Endpoints, SERVICES};
use crate::aws::settings::{
    AccessKey, Accounts, Credentials, Retry, Role, Settings, Token, Transport, WebIdentity,
};
use crate::aws::tags::{DefaultTags, IgnoredTags};

/// Environment variables.
pub(super) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Those of this process.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).collect())
    }

    #[cfg(test)]
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(variables.into_iter().map(owned).collect())
    }

    /// The value of a variable that is set to something.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn list(&self, name: &str) -> BTreeSet<String> {
        let value = self.get(name).unwrap_or_default();
        let items = value
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty());
        items.map(ToOwned::to_owned).collect()
    }
}

/// The attributes that clients do without: they have their own words for "not known yet", or a default.
const NOT_FOR_CLIENTS: [&str; 4] = ["region", "default_tags", "ignore_tags", "polling"];

/// Reads the settings.
///
/// # Errors
///
/// A file that the block names cannot be used, or [`WEB_IDENTITY`] lacks the role or the token.
pub(super) async fn read(
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Settings, Diagnostics> {
    let config = &configuration.block;
    let block: Block = from_value(&known(config)).map_err(|error| {
        Diagnostic::error(
            "Unable to read the provider block",
            format!("This is a bug of the provider: {error}."),
        )
    })?;
    let credentials = credentials(&block);
    let region = region::find(config, &block, &credentials, environment).await;
    Ok(Settings {
        region,
        unknown: unknown(config),
        roles: block.assume_role.iter().flatten().map(role).collect(),
        web_identity: web_identity(config, &block, environment)?,
        endpoints: endpoints(&block),
        sts_region: set(&block.sts_region),
        use_fips: block.use_fips_endpoint,
        use_dual_stack: block.use_dualstack_endpoint,
        retry: retry(&block, environment),
        transport: transport(&block, environment).await?,
        accounts: accounts(&block),
        polling: polling(&block),
        default_tags: default_tags(config, &block, environment),
        ignored_tags: ignored_tags(&block, environment),
        user_agent: user_agent::of_provider(
            &configuration.terraform_version,
            environment.get("TF_APPEND_USER_AGENT").as_deref(),
        ),
        credentials,
    })
}

/// What is known of the block. A list or map with an unknown element is left out as a whole, as nothing could stand in
/// for the element; [`unknown`] names it.
fn known(config: &Value) -> Value {
    let mut block = config.clone();
    for attribute in Block::attributes() {
        let path = Path::root().attribute(attribute.name.as_str());
        if let Some(value) = block.at_path_mut(&path)
            && attribute.inner().is_none()
            && !value.is_wholly_known()
        {
            *value = Value::Null;
        }
    }
    block.with_unknown_as_null()
}

/// An empty text counts as not set: modules pass "" for "no wish".
pub(super) fn set(value: &Option<String>) -> Option<String> {
    value.clone().filter(|text| !text.is_empty())
}

fn unknown(config: &Value) -> Vec<String> {
    let attributes = Block::attributes()
        .into_iter()
        .map(|attribute| attribute.name);
    attributes
        .filter(|name| !NOT_FOR_CLIENTS.contains(&name.as_str()))
        .filter(|name| !config.get(name).is_wholly_known())
        .collect()
}

fn credentials(block: &Block) -> Credentials {
    let key = set(&block.access_key).zip(set(&block.secret_key));
    let paths = |files: &Option<Vec<String>>| {
        let files = files.iter().flatten().filter(|file| !file.is_empty());
        files.map(|file| expanded(file)).collect()
    };
    Credentials {
        key: key.map(|(id, secret)| AccessKey {
            id,
            secret,
            token: set(&block.token),
        }),
        profile: set(&block.profile),
        config_files: paths(&block.shared_config_files),
        credentials_files: paths(&block.shared_credentials_files),
        skip_metadata: block.skip_metadata_api_check.as_deref() == Some("true"),
        metadata_endpoint: set(&block.ec2_metadata_service_endpoint),
        metadata_endpoint_mode: set(&block.ec2_metadata_service_endpoint_mode),
    }
}

/// A path with `~` as the home directory, as shells have it.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn role(role: &block::AssumeRole) -> Role {
    Role {
        role_arn: role.role_arn.clone(),
        session_name: set(&role.session_name),
        duration: role.duration.as_deref().and_then(parse_duration),
        external_id: set(&role.external_id),
        policy: set(&role.policy),
        policy_arns: role.policy_arns.clone().unwrap_or_default(),
        source_identity: set(&role.source_identity),
        tags: role.tags.clone().unwrap_or_default(),
        transitive_tag_keys: role.transitive_tag_keys.clone().unwrap_or_default(),
    }
}

const WEB_IDENTITY: &str = "assume_role_with_web_identity";

/// The role and the token, each from the block or the environment.
///
/// A block that lacks one of them is an error: going on with other credentials could mean another account. One that is
/// not known yet is no lack; nobody gets a client then.
fn web_identity(
    config: &Value,
    block: &Block,
    environment: &Environment,
) -> Result<Option<WebIdentity>, Diagnostics> {
    let Some(block) = &block.assume_role_with_web_identity else {
        return Ok(None);
    };
    let role_arn = set(&block.role_arn).or_else(|| environment.get("AWS_ROLE_ARN"));
    match (role_arn, token(block, environment)) {
        (Some(role_arn), Some(token)) => {
            let role = web_identity_role(role_arn, block, environment);
            Ok(Some(WebIdentity { role, token }))
        }
        _ if !config.get(WEB_IDENTITY).is_wholly_known() => Ok(None),
        (None, _) => Err(lacks("role_arn", "role_arn or AWS_ROLE_ARN")),
        (_, None) => Err(lacks(
            "web_identity_token_file",
            "web_identity_token_file, web_identity_token or AWS_WEB_IDENTITY_TOKEN_FILE",
        )),
    }
}

fn lacks(name: &str, sources: &str) -> Diagnostics {
    let detail = format!(
        "{WEB_IDENTITY} needs a role and a token. Set {sources}, or remove the block to use other credentials."
    );
    let summary = format!("{WEB_IDENTITY} without {name}");
    let path = format!("{WEB_IDENTITY}[0].{name}");
    Diagnostic::error(summary, detail).at(path.as_str()).into()
}

fn token(block: &block::AssumeRoleWithWebIdentity, environment: &Environment) -> Option<Token> {
    let file = set(&block.web_identity_token_file)
        .or_else(|| environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"));
    match set(&block.web_identity_token) {
        Some(token) => Some(Token::Literal(token)),
        None => file.map(|file| Token::File(expanded(&file))),
    }
}

fn web_identity_role(
    role_arn: String,
    block: &block::AssumeRoleWithWebIdentity,
    environment: &Environment,
) -> Role {
    Role {
        role_arn,
        session_name: set(&block.session_name).or_else(|| environment.get("AWS_ROLE_SESSION_NAME")),
        duration: block.duration.as_deref().and_then(parse_duration),
        policy: set(&block.policy),
        policy_arns: block.policy_arns.clone().unwrap_or_default(),
        ..Role::default()
    }
}

/// The endpoints of all blocks together. `AWS_ENDPOINT_URL_EKS` and its like are the SDK's business.
fn endpoints(block: &Block) -> Endpoints {
    let blocks = block.endpoints.iter().flatten();
    let url = |name: &str| blocks.clone().find_map(|block| set(block.0.get(name)?));
    let services = SERVICES.iter();
    services
        .filter_map(|(name, _)| Some((*name, url(name)?)))
        .collect()
}

fn retry(block: &Block, environment: &Environment) -> Retry {
    let capacity = block.token_bucket_rate_limiter_capacity;
    // As with hashicorp/aws, 0 retries is one try.
    let wished = block
        .max_retries
        .and_then(|number| u32::try_from(number.max(1)).ok());
    let attempts = wished.or_else(|| environment.get("AWS_MAX_ATTEMPTS")?.parse().ok());
    Retry {
        adaptive: block.retry_mode.as_deref().map(|mode| mode == "adaptive"),
        max_attempts: attempts,
        token_bucket_capacity: capacity.and_then(|number| usize::try_from(number).ok()),
    }
}

async fn transport(block: &Block, environment: &Environment) -> Result<Transport, Diagnostics> {
    let path = set(&block.custom_ca_bundle).or_else(|| environment.get("AWS_CA_BUNDLE"));
    Ok(Transport {
        ca_bundle: match path {
            Some(path) => Some(certificates(&path).await?),
            None => None,
        },
        http_proxy: set(&block.http_proxy),
        https_proxy: set(&block.https_proxy),
        no_proxy: set(&block.no_proxy).or_else(|| environment.get("NO_PROXY")),
    })
}

/// The certificates in a file, each of them usable: the HTTP client would panic on one that is not.
async fn certificates(path: &str) -> Result<Vec<u8>, Diagnostics> {
    let fail = |reason: String| {
        let detail = format!(
            "{path}: {reason}. custom_ca_bundle (or AWS_CA_BUNDLE) must name a file with certificates in PEM."
        );
        Diagnostics::from(
            Diagnostic::error("Invalid certificate file", detail).at("custom_ca_bundle"),
        )
    };
    let bytes = tokio::fs::read(expanded(path)).await;
    let bytes = bytes.map_err(|error| fail(error.to_string()))?;
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(|error| fail(error.to_string()))?;
        store
            .add(certificate)
            .map_err(|error| fail(error.to_string()))?;
    }
    match store.is_empty() {
        true => Err(fail("there is no certificate in it".to_owned())),
        false => Ok(bytes),
    }
}

fn accounts(block: &Block) -> Accounts {
    Accounts {
        allowed: block.allowed_account_ids.clone().unwrap_or_default(),
        forbidden: block.forbidden_account_ids.clone().unwrap_or_default(),
        skip: block.skip_requesting_account_id == Some(true),
    }
}

fn polling(block: &Block) -> Polling {
    let usual = Polling::default();
    let Some(wanted) = &block.polling else {
        return usual;
    };
    let interval = |text: &Option<String>| text.as_deref().and_then(parse_duration);
    let min = interval(&wanted.min_interval);
    let max = interval(&wanted.max_interval);
    // Whoever gives only one of the two means that the other must fit.
    let min = min.unwrap_or_else(|| max.map_or(usual.min, |max| usual.min.min(max)));
    Polling {
        min,
        max: max.unwrap_or(usual.max).max(min),
    }
}

fn default_tags(config: &Value, block: &Block, environment: &Environment) -> DefaultTags {
    let is_open = |name: &str| !config.get(name).is_wholly_known();
    if is_open("default_tags") || is_open("ignore_tags") {
        return DefaultTags::Unknown;
    }
    let prefix = "TF_AWS_DEFAULT_TAGS_";
    let variables = environment.0.iter().filter_map(|(name, value)| {
        let key = name.strip_prefix(prefix).filter(|key| !key.is_empty())?;
        Some((key.to_owned(), value.clone()))
    });
    let mut tags: BTreeMap<String, String> = variables.collect();
    tags.extend(
        block
            .default_tags
            .iter()
            .flat_map(|block| block.tags.clone())
            .flatten(),
    );
    match tags.is_empty() {
        true => DefaultTags::None,
        false => DefaultTags::Known(tags),
    }
}

fn ignored_tags(block: &Block, environment: &Environment) -> IgnoredTags {
    let (keys, key_prefixes) = match &block.ignore_tags {
        Some(block) => (block.keys.clone(), block.key_prefixes.clone()),
        None => (None, None),
    };
    let together = |block: Option<BTreeSet<String>>, variable: &str| {
        let mut all = block.unwrap_or_default();
        all.extend(environment.list(variable));
        all
    };
    IgnoredTags {
        keys: together(keys, "TF_AWS_IGNORE_TAGS_KEYS"),
        key_prefixes: together(key_prefixes, "TF_AWS_IGNORE_TAGS_KEY_PREFIXES"),
    }
}
