//! What requests say of who sends them. The SDK puts it into the header.

use tfplugin_rs::tf::Value;

/// A product of a user agent: name and version.
pub(super) type Product = (String, Option<String>);

/// Ours, of this version of Terraform, and what the environment adds.
pub(super) fn of_provider(terraform_version: &str, added: Option<&str>) -> Vec<Product> {
    let ours = (
        "terraform-provider-eks".to_owned(),
        Some(env!("CARGO_PKG_VERSION").to_owned()),
    );
    let version = Some(terraform_version.to_owned()).filter(|version| !version.is_empty());
    let mut products = vec![("Terraform".to_owned(), version), ours];
    products.extend(added.and_then(product));
    products
}

/// The products in the `user_agent` of a module.
pub(super) fn of_module(user_agent: &Value) -> Vec<Product> {
    user_agent
        .elements()
        .filter_map(|text| product(text.as_str()?))
        .collect()
}

/// Reads `name/version (comment)`; the SDK has no place for the comment. Of several slashes only the last can be the one
/// before the version: modules also give their address, `github.com/org/module`.
fn product(text: &str) -> Option<Product> {
    let first = text.split_whitespace().next()?;
    let (name, version) = match first.rsplit_once('/') {
        Some((name, last)) if !name.contains('/') || is_version(last) => (name, Some(last)),
        _ => (first, None),
    };
    Some((http_token(name), version.map(http_token)))
}

fn is_version(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    number.starts_with(|c: char| c.is_ascii_digit())
}

/// The SDK refuses what is no token of HTTP (RFC 9110, 5.6.2); as other SDKs of AWS do, `-` stands in for it.
fn http_token(text: &str) -> String {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let shown = |c: char| if is_allowed(c) { c } else { '-' };
    text.chars().map(shown).collect()
}
