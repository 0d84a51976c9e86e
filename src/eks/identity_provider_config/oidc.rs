//! The block of an identity provider, which values AWS takes in it, and how it is sent.

use std::collections::BTreeMap;

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;
use tfplugin_rs::tf::Value;
use tfplugin_rs::tf::checks::{length, matches};

use crate::eks::shared::spelling::{map, text};

type Outcome = Result<(), String>;

model! {
    /// An OpenID Connect identity provider.
    pub struct Oidc {
        /// Name of the configuration.
        pub identity_provider_config_name: String => check(length(1..=usize::MAX)),
        /// URL of the provider, as in the claim `iss` of its tokens. It begins with `https://` and has no query.
        ///
        /// AWS has to reach `.well-known/openid-configuration` below it from the internet. It cannot be the issuer of the
        /// cluster itself.
        pub issuer_url: String => check(issuer),
        /// Client for which the tokens are, as in the claim `aud`.
        pub client_id: String => check(length(1..=usize::MAX)),
        /// Claim with the name of the user. AWS takes `sub` when it is absent.
        pub username_claim: Option<String> => check(length(1..=usize::MAX)),
        /// Goes before the name of the user. `-` is nothing. It cannot hold `system:`, which is Kubernetes' own.
        ///
        /// AWS takes the URL of the issuer and `#` when it is absent, and nothing for the claim `email`.
        pub username_prefix: Option<String> => check(length(1..=usize::MAX)) check(prefix),
        /// Claim with the groups of the user. When absent, users are in no groups.
        pub groups_claim: Option<String> => check(length(1..=usize::MAX)),
        /// Goes before the name of each group, such as `oidc:`. It cannot hold `system:`, which is Kubernetes' own.
        pub groups_prefix: Option<String> => check(length(1..=usize::MAX)) check(prefix),
        /// Claims that a token must have, each with its value. Names have 1 to 63 characters, values 1 to 253.
        pub required_claims: Option<BTreeMap<String, String>> => check(claims),
    }
}

/// Source: EKS API reference, OidcIdentityProviderConfigRequest.
fn issuer(value: &Value) -> Outcome {
    matches(
        "^https://[^/?#\\s]+[^?#\\s]*$",
        "a URL that begins with https:// and has no query, such as \"https://login.example.com\"",
    )(value)
}

/// Source: EKS user guide, "Grant users access to Kubernetes with an external OIDC provider".
fn prefix(value: &Value) -> Outcome {
    match value.as_str() {
        Some(prefix) if prefix.contains("system:") => {
            Err("must not contain \"system:\", with which Kubernetes names its own".to_owned())
        }
        _ => Ok(()),
    }
}

/// Source: EKS service model, requiredClaimsKey and requiredClaimsValue.
fn claims(value: &Value) -> Outcome {
    let Value::Map(claims) = value else {
        return Ok(());
    };
    for (name, value) in claims {
        if !(1..=63).contains(&name.chars().count()) {
            return Err(format!(
                "must have names of 1 to 63 characters, got {name:?}"
            ));
        }
        let length = value.as_str().map(|text| text.chars().count());
        if value.is_null() || length.is_some_and(|length| !(1..=253).contains(&length)) {
            return Err(format!(
                "must have values of 1 to 253 characters, for {name:?}"
            ));
        }
    }
    Ok(())
}

impl Oidc {
    /// As it is sent. What AWS requires is required here, so that there is always one.
    pub fn request(&self) -> Option<sdk::OidcIdentityProviderConfigRequest> {
        let it = self.clone();
        let claims = it.required_claims.filter(|claims| !claims.is_empty());
        let request = sdk::OidcIdentityProviderConfigRequest::builder()
            .identity_provider_config_name(it.identity_provider_config_name)
            .issuer_url(it.issuer_url)
            .client_id(it.client_id)
            .set_username_claim(it.username_claim)
            .set_username_prefix(it.username_prefix)
            .set_groups_claim(it.groups_claim)
            .set_groups_prefix(it.groups_prefix)
            .set_required_claims(claims.map(|claims| claims.into_iter().collect()));
        request.build().ok()
    }
}

impl From<sdk::OidcIdentityProviderConfig> for Oidc {
    fn from(it: sdk::OidcIdentityProviderConfig) -> Self {
        Self {
            identity_provider_config_name: it.identity_provider_config_name.unwrap_or_default(),
            issuer_url: it.issuer_url.unwrap_or_default(),
            client_id: it.client_id.unwrap_or_default(),
            username_claim: text(it.username_claim),
            username_prefix: text(it.username_prefix),
            groups_claim: text(it.groups_claim),
            groups_prefix: text(it.groups_prefix),
            required_claims: map(it.required_claims),
        }
    }
}
