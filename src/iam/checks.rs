//! Tests of single values of IAM, for `check(…)` in declarations.
//!
//! Limits are those of the [IAM API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/).

use tfplugin_rs::tf::Value;
use tfplugin_rs::tf::checks::matches;

use super::trust::{self, OidcProvider};

type Outcome = Result<(), String>;

/// A name of a role: 1 to 64 characters.
pub(super) fn role_name(value: &Value) -> Outcome {
    matches(
        "^[\\w+=,.@-]{1,64}$",
        "1 to 64 letters, digits and characters of _ + = , . @ -",
    )(value)
}

/// A beginning of a name of a role that leaves room for the rest.
pub(super) fn role_name_prefix(value: &Value) -> Outcome {
    matches(
        "^[\\w+=,.@-]{1,38}$",
        "1 to 38 letters, digits and characters of _ + = , . @ -",
    )(value)
}

/// A path of a role.
pub(super) fn path(value: &Value) -> Outcome {
    matches(
        "^/([!-.0-~]+/)*$",
        "a path that begins and ends with a slash, such as \"/eks/\"",
    )(value)
}

/// An ARN of a policy, of AWS or of an account.
pub(super) fn policy_arn(value: &Value) -> Outcome {
    matches(
        "^arn:aws[a-z0-9-]*:iam::(aws|[0-9]{12}):policy/.+$",
        "the ARN of an IAM policy, such as \"arn:aws:iam::aws:policy/ReadOnlyAccess\"",
    )(value)
}

/// An ARN of an OIDC provider.
pub(super) fn oidc_provider_arn(value: &Value) -> Outcome {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    OidcProvider::of_arn(text).map(|_| ()).map_err(|_| {
        "must be the ARN of an OIDC provider, such as \
         \"arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE\""
            .to_owned()
    })
}

/// A namespace of Kubernetes, or a pattern of one.
pub(super) fn namespace(value: &Value) -> Outcome {
    let checked = value.as_str().map_or(Ok(()), trust::check_namespace);
    checked.map_err(|error| without_subject(&error))
}

/// A name of a service account, or a pattern of one.
pub(super) fn service_account(value: &Value) -> Outcome {
    let checked = value.as_str().map_or(Ok(()), trust::check_name);
    checked.map_err(|error| without_subject(&error))
}

/// Whoever calls the test names the attribute.
fn without_subject(error: &trust::TrustError) -> String {
    let text = error.to_string();
    text.split_once(' ')
        .map_or(text.clone(), |(_, rest)| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_iam() {
        let ok = |check: fn(&Value) -> Outcome, text: &str| check(&text.into()).is_ok();
        assert!(ok(role_name, &"a".repeat(64)) && !ok(role_name, &"a".repeat(65)));
        assert!(ok(role_name, "a+=,.@_-") && !ok(role_name, "a/b") && !ok(role_name, ""));
        assert!(ok(role_name_prefix, &"a".repeat(38)) && !ok(role_name_prefix, &"a".repeat(39)));
        for good in ["/", "/a/", "/a/b-c/"] {
            assert!(ok(path, good), "{good}");
        }
        for bad in ["", "a", "/a", "a/", "//", "/a b/"] {
            assert!(!ok(path, bad), "{bad}");
        }
        assert!(ok(policy_arn, "arn:aws-cn:iam::aws:policy/service-role/A"));
        assert!(ok(policy_arn, "arn:aws:iam::111122223333:policy/A"));
        assert!(!ok(policy_arn, "arn:aws:iam::111122223333:role/A"));
        assert!(ok(
            oidc_provider_arn,
            "arn:aws:iam::111122223333:oidc-provider/a"
        ));
        assert!(!ok(oidc_provider_arn, "a"));
        assert!(ok(namespace, "a-*") && ok(service_account, "a.b"));
        let said = namespace(&"A".into()).unwrap_err();
        assert!(said.starts_with("must be 1 to 63"), "{said}");
    }
}
