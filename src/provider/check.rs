//! Rules over several attributes of the provider block. Unknown means "cannot say yet".

use tfplugin_rs::tf::{Diagnostics, Value, parse_duration};

use crate::aws::region;

pub(super) fn block(config: &Value, found: &mut Diagnostics) {
    keys(config, found);
    regions(config, found);
    accounts(config, found);
    token(config, found);
    polling(config, found);
    if config.get("insecure").as_bool() == Some(true) {
        let detail = "The provider always verifies certificates. To reach an endpoint or proxy with a certificate of \
                      your own, put that certificate into a PEM file and name the file in custom_ca_bundle.";
        found.error("insecure", "insecure is not supported", detail);
    }
    if is_set(config, "no_proxy")
        && !is_given(config, "http_proxy")
        && !is_given(config, "https_proxy")
    {
        let detail = "no_proxy makes exceptions from http_proxy and https_proxy, and neither is set here. Set one of \
                      them, or NO_PROXY in the environment next to HTTP_PROXY or HTTPS_PROXY.";
        found.error("no_proxy", "no_proxy without a proxy", detail);
    }
}

fn is_set(config: &Value, name: &str) -> bool {
    config
        .get(name)
        .as_str()
        .is_some_and(|text| !text.is_empty())
}

/// Set, or perhaps set.
fn is_given(config: &Value, name: &str) -> bool {
    is_set(config, name) || config.get(name).is_unknown()
}

fn keys(config: &Value, found: &mut Diagnostics) {
    for (one, other) in [
        ("access_key", "secret_key"),
        ("secret_key", "access_key"),
        ("token", "access_key"),
    ] {
        if is_set(config, one) && !is_given(config, other) {
            let detail =
                format!("{one} means nothing without {other}. Set {other} too, or neither.");
            found.error(one, format!("{one} without {other}"), detail);
        }
    }
    if is_set(config, "access_key") && is_set(config, "profile") {
        let detail = "access_key and profile both say which credentials to use. Keep one of them.";
        found.error("profile", "Two sources of credentials", detail);
    }
}

fn regions(config: &Value, found: &mut Diagnostics) {
    if config.get("skip_region_validation").as_bool() == Some(true) {
        return;
    }
    for name in ["region", "sts_region"] {
        if let Some(text) = config.get(name).as_str()
            && !text.is_empty()
            && let Err(expected) = region::check(config.get(name))
        {
            let detail = format!(
                "{name} {expected}, got {text:?}. skip_region_validation = true takes any text, for emulators."
            );
            found.error(name, format!("Invalid {name}"), detail);
        }
    }
}

fn accounts(config: &Value, found: &mut Diagnostics) {
    let is_named = |name: &str| !config.get(name).is_null();
    if is_named("allowed_account_ids") && is_named("forbidden_account_ids") {
        let detail = "allowed_account_ids already forbids every other account. Remove forbidden_account_ids.";
        found.error(
            "forbidden_account_ids",
            "Allowed and forbidden accounts",
            detail,
        );
    }
    let skips = config.get("skip_requesting_account_id").as_bool() == Some(true);
    for name in ["allowed_account_ids", "forbidden_account_ids"] {
        if skips && is_named(name) {
            let detail = format!("{name} cannot be checked without asking for the account id.");
            found.error(
                name,
                format!("{name} with skip_requesting_account_id"),
                detail,
            );
        }
    }
}

fn token(config: &Value, found: &mut Diagnostics) {
    let block = config.at("assume_role_with_web_identity[0]");
    if is_set(block, "web_identity_token") && is_set(block, "web_identity_token_file") {
        let path = "assume_role_with_web_identity[0].web_identity_token_file";
        let detail =
            "web_identity_token and web_identity_token_file both give the token. Keep one of them.";
        found.error(path, "Two web identity tokens", detail);
    }
}

fn polling(config: &Value, found: &mut Diagnostics) {
    let interval = |name: &str| {
        let text = config.at(&format!("polling[0].{name}")).as_str()?;
        parse_duration(text)
    };
    let (min, max) = (interval("min_interval"), interval("max_interval"));
    for (name, interval) in [("min_interval", min), ("max_interval", max)] {
        if interval.is_some_and(|interval| interval.is_zero()) {
            let path = format!("polling[0].{name}");
            let detail = format!(
                "{path} must be longer than zero: a wait without pauses floods AWS with requests."
            );
            found.error(path.as_str(), format!("Invalid {name}"), detail);
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let detail = "polling[0].max_interval must not be shorter than min_interval.";
        found.error("polling[0].max_interval", "Invalid max_interval", detail);
    }
}
