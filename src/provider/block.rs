//! The provider block: what may be written in it. Names and shapes are those of hashicorp/aws, so that a configuration
//! can be taken over by renaming the provider.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tfplugin_rs::model;
use tfplugin_rs::tf::checks::{count, duration, length, matches};
use tfplugin_rs::tf::{Attribute, Field, Model, Nesting, Shape, Type, Value, parse_duration};

use crate::aws::services::SERVICES;
use crate::aws::{arn, tags};

model! {
    /// Manages Amazon EKS.
    pub struct Block {
        /// Region to work in. Defaults to `AWS_REGION`, `AWS_DEFAULT_REGION`, or the region of the profile. Resources
        /// can name another one. Objects that are in the state stay in their region when this changes; new ones are made
        /// in the new region.
        pub region: Option<String>,
        /// Profile of the shared configuration and credentials files. Defaults to `AWS_PROFILE`.
        pub profile: Option<String>,
        /// Access key id. Better left to the environment, a profile or a role.
        pub access_key: Option<String>,
        /// Secret access key. Better left to the environment, a profile or a role.
        pub secret_key: Option<String> => sensitive,
        /// Session token of temporary credentials.
        pub token: Option<String> => sensitive,
        /// Shared configuration files, instead of `~/.aws/config`.
        pub shared_config_files: Option<Vec<String>>,
        /// Shared credentials files, instead of `~/.aws/credentials`.
        pub shared_credentials_files: Option<Vec<String>>,
        /// Roles to assume, one after the other.
        pub assume_role: Option<Vec<AssumeRole>> => block,
        /// A role to assume with the token of another identity provider.
        pub assume_role_with_web_identity: Option<AssumeRoleWithWebIdentity> => block,
        /// URLs of services, for emulators and private endpoints. `AWS_ENDPOINT_URL_EKS` and its like are read too.
        pub endpoints: Option<BTreeSet<Endpoints>> => block,
        /// Tags for every object that can have tags.
        pub default_tags: Option<DefaultTags> => block,
        /// Tags that are neither shown nor changed, because something else manages them.
        pub ignore_tags: Option<IgnoreTags> => block,
        /// How often waits look at AWS. For emulators and tests.
        pub polling: Option<Polling> => block,
        /// Accounts that may be worked on; any other is refused before the first change.
        pub allowed_account_ids: Option<BTreeSet<String>> => each(is_account),
        /// Accounts that may not be worked on.
        pub forbidden_account_ids: Option<BTreeSet<String>> => each(is_account),
        /// How failed requests are repeated. Defaults to `AWS_RETRY_MODE` or the profile's, else `standard`.
        pub retry_mode: Option<String> => one_of(["standard", "adaptive"]),
        /// Most tries per request. Defaults to `AWS_MAX_ATTEMPTS` or the profile's, else 10.
        pub max_retries: Option<i64> => check(tfplugin_rs::tf::checks::within(0..=1000)),
        /// Size of the budget for repeating failed requests, shared by all requests to a service; 0 takes the limit
        /// away. Defaults to 500.
        pub token_bucket_rate_limiter_capacity: Option<i64> => check(tfplugin_rs::tf::checks::within(0..=1_000_000)),
        /// File with the certificates to trust, in PEM, instead of the system's. Defaults to `AWS_CA_BUNDLE`.
        pub custom_ca_bundle: Option<String>,
        /// Proxy for HTTP, and for HTTPS if `https_proxy` is not set. Defaults to `HTTP_PROXY`.
        pub http_proxy: Option<String> => check(is_url),
        /// Proxy for HTTPS. Defaults to `HTTPS_PROXY`.
        pub https_proxy: Option<String> => check(is_url),
        /// Hosts to reach without a proxy, separated by commas. Defaults to `NO_PROXY`.
        pub no_proxy: Option<String>,
        /// Not supported, so that a configuration that needs it fails with a reason: name the certificate to trust in
        /// `custom_ca_bundle` instead.
        pub insecure: Option<bool>,
        /// Use FIPS endpoints. Defaults to `AWS_USE_FIPS_ENDPOINT`.
        pub use_fips_endpoint: Option<bool>,
        /// Use dual-stack endpoints. Defaults to `AWS_USE_DUALSTACK_ENDPOINT`.
        pub use_dualstack_endpoint: Option<bool>,
        /// Region of STS, if not the provider's.
        pub sts_region: Option<String>,
        /// Accepted for hashicorp/aws's sake: credentials are only ever used when something needs them.
        pub skip_credentials_validation: Option<bool>,
        /// Take any text for a region, for emulators.
        pub skip_region_validation: Option<bool>,
        /// Never ask STS for the account id, for emulators without STS.
        pub skip_requesting_account_id: Option<bool>,
        /// Do not ask the metadata service of EC2 for credentials.
        pub skip_metadata_api_check: Option<String> => one_of(["true", "false"]),
        /// URL of the metadata service of EC2. Defaults to `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
        pub ec2_metadata_service_endpoint: Option<String> => check(is_url),
        /// Protocol of the metadata service of EC2. Defaults to `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`.
        pub ec2_metadata_service_endpoint_mode: Option<String> => one_of(["IPv4", "IPv6"]),
    }
}

model! {
    /// A role to assume.
    pub struct AssumeRole {
        /// ARN of the role.
        pub role_arn: String => check(arn::check_role),
        /// Name of the session, as CloudTrail shows it. Defaults to `terraform-provider-eks`.
        pub session_name: Option<String> => check(is_session_name()),
        /// How long the session lasts, from 15 minutes to 12 hours.
        pub duration: Option<String> => check(is_session_duration),
        /// What the owner of the role asks for to know who assumes it.
        pub external_id: Option<String> => check(length(2..=1224)),
        /// Policy in JSON that narrows the session.
        pub policy: Option<String> => json,
        /// Managed policies that narrow the session.
        pub policy_arns: Option<BTreeSet<String>> => each(arn::check) check(count(0..=10)),
        /// Who is behind the session.
        pub source_identity: Option<String> => check(is_session_name()),
        /// Tags of the session.
        pub tags: Option<BTreeMap<String, String>> => check(tags::check),
        /// Tags that sessions started from this one get too.
        pub transitive_tag_keys: Option<BTreeSet<String>>,
    }
}

model! {
    /// A role to assume with a web identity token.
    pub struct AssumeRoleWithWebIdentity {
        /// ARN of the role. Defaults to `AWS_ROLE_ARN`.
        pub role_arn: Option<String> => check(arn::check_role),
        /// Name of the session. Defaults to `AWS_ROLE_SESSION_NAME`.
        pub session_name: Option<String> => check(is_session_name()),
        /// How long the session lasts, from 15 minutes to 12 hours.
        pub duration: Option<String> => check(is_session_duration),
        /// Policy in JSON that narrows the session.
        pub policy: Option<String> => json,
        /// Managed policies that narrow the session.
        pub policy_arns: Option<BTreeSet<String>> => each(arn::check) check(count(0..=10)),
        /// The token.
        pub web_identity_token: Option<String> => sensitive check(length(4..=20_000)),
        /// File with the token. Defaults to `AWS_WEB_IDENTITY_TOKEN_FILE`.
        pub web_identity_token_file: Option<String>,
    }
}

/// URLs of services, by the name of the service.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Endpoints(pub BTreeMap<String, Option<String>>);

impl Model for Endpoints {
    const DESCRIPTION: &'static str = "URLs of services.";

    fn attributes() -> Vec<Attribute> {
        let attribute = |(name, title): &(&str, &str)| {
            let url =
                Attribute::required(*name, Shape::Leaf(Type::String), format!("URL of {title}."));
            url.optional().check(is_url)
        };
        SERVICES.iter().map(attribute).collect()
    }
}

impl Field for Endpoints {
    fn shape() -> Shape {
        Shape::Nested(Nesting::Single, Self::attributes())
    }
}

model! {
    /// Tags for every object.
    pub struct DefaultTags {
        /// The tags. Those of an object win. `TF_AWS_DEFAULT_TAGS_<key>` in the environment adds to them.
        pub tags: Option<BTreeMap<String, String>> => check(tags::check),
    }
}

model! {
    /// Tags that are none of our business.
    pub struct IgnoreTags {
        /// Whole keys. `TF_AWS_IGNORE_TAGS_KEYS` in the environment adds to them, separated by commas.
        pub keys: Option<BTreeSet<String>>,
        /// Beginnings of keys. `TF_AWS_IGNORE_TAGS_KEY_PREFIXES` in the environment adds to them.
        pub key_prefixes: Option<BTreeSet<String>>,
    }
}

model! {
    /// How often waits look at AWS.
    pub struct Polling {
        /// The first interval. Defaults to `1s`.
        pub min_interval: Option<String> => check(duration),
        /// What the intervals grow to. Defaults to `10s`.
        pub max_interval: Option<String> => check(duration),
    }
}

model! {
    /// What a module tells about itself.
    pub struct Meta {
        /// Products for the user agent of requests, each `name/version`.
        pub user_agent: Option<Vec<String>>,
    }
}

fn is_account(value: &Value) -> Result<(), String> {
    let is_account =
        |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    match value.as_str().is_none_or(is_account) {
        true => Ok(()),
        false => Err("must be account ids of 12 digits".to_owned()),
    }
}

fn is_url(value: &Value) -> Result<(), String> {
    let is_url = |text: &str| {
        let rest = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
    };
    match value.as_str().is_none_or(is_url) {
        true => Ok(()),
        false => Err("must be a URL that begins with http:// or https://".to_owned()),
    }
}

/// Source: STS API reference, AssumeRole.
fn is_session_name() -> impl Fn(&Value) -> Result<(), String> + Send + Sync {
    matches(r"^[\w+=,.@-]{2,64}$", "2 to 64 letters, digits and _+=,.@-")
}

/// Source: STS API reference, AssumeRole.
fn is_session_duration(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let minutes = parse_duration(text).map(|duration| duration.as_secs() / 60);
    match minutes.is_some_and(|minutes| (15..=12 * 60).contains(&minutes)) {
        true => Ok(()),
        false => Err("must be a duration from \"15m\" to \"12h\"".to_owned()),
    }
}
