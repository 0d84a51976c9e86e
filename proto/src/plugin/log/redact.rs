//! Takes secrets out of text that is about to be written. It must not know where the text comes from.
//!
//! Three nets, since none is fine enough alone: names (whatever is assigned to `SecretAccessKey`, in Rust's debug
//! format, JSON, XML, HTTP headers or query strings), shapes (tokens that betray themselves), and the values that
//! [`hide`] was told.

use std::borrow::Cow;
use std::sync::{LazyLock, RwLock};

use regex_lite::Regex;

/// Stands for a secret in the log; the mark that Terraform's own log uses.
const MASK: &str = "***";

/// Shorter values would blacken ordinary words: the emulators' `test` is a secret key, too.
const MIN_HIDDEN: usize = 8;

static HIDDEN: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Takes `secret` out of everything that is logged from now on, wherever it turns up. For values whose name or shape
/// gives no hint, such as a password from the configuration. Values of fewer than 8 bytes are not hidden.
pub fn hide(secret: &str) {
    if secret.len() < MIN_HIDDEN {
        return;
    }
    let Ok(mut hidden) = HIDDEN.write() else {
        return;
    };
    // Texts in Rust's debug format carry it escaped.
    for spelling in [secret.to_owned(), secret.escape_debug().to_string()] {
        if !hidden.contains(&spelling) {
            hidden.push(spelling);
        }
    }
}

/// What a name must contain to make its value a secret. Case and the marks between the words make no difference, so
/// that `SecretAccessKey`, `secret_access_key` and `x-amz-security-token` are all covered.
const SECRET_NAMES: [&str; 20] = [
    "access_token",
    "api_key",
    "authorization",
    "bearer_token",
    "client_key_data",
    "client_secret",
    "cookie",
    "id_token",
    "password",
    "private_key",
    "refresh_token",
    "s3session_token",
    "saml_assertion",
    "secret_access_key",
    "secret_key",
    "security_token",
    "session_token",
    "signature",
    "user_data",
    "web_identity_token",
];

/// What is looked for, and what is written in its place.
type Rule = (Regex, &'static str);

/// An expression that does not compile would switch off every rule. A test keeps all of them compiling.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| rules().unwrap_or_default());

/// Secrets that are recognized by their shape.
const SHAPES: [(&str, &str); 6] = [
    // An EKS token is a presigned URL of STS in disguise.
    (r"k8s-aws-v1\.[A-Za-z0-9_=-]*", "k8s-aws-v1.***"),
    (r"(?i)\bbearer\s+[a-z0-9._~+/=-]{8,}", "Bearer ***"),
    (
        r#"AWS4-HMAC-SHA256 Credential=[^\n"\\]*"#,
        "AWS4-HMAC-SHA256 ***",
    ),
    // A JSON web token: a service account's, an identity provider's.
    (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]*", MASK),
    // AWS session tokens begin so.
    (r"\b(?:IQoJ|FwoG|FQoG|AQoD)[A-Za-z0-9+/=%_-]{40,}", MASK),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*", MASK),
];

fn rules() -> Result<Vec<Rule>, regex_lite::Error> {
    let shapes = SHAPES
        .iter()
        .map(|&(shape, mask)| Ok((Regex::new(shape)?, mask)));
    std::iter::once(assignment()).chain(shapes).collect()
}

/// Whatever is assigned to a name that is one of a secret.
fn assignment() -> Result<Rule, regex_lite::Error> {
    let names = SECRET_NAMES
        .map(|name| name.replace('_', "[-_ ]?"))
        .join("|");
    // After the name: the rest of a longer name, the quotes that close it, and what assigns in Rust's debug format,
    // JSON (also escaped), XML, headers and query strings. A comma assigns only in pairs of quoted texts.
    let assigned = r#"[a-z0-9_-]*(?:\\*["']?\s*(?::|=>|=|>|%3D)|\\*["']\s*,)\s*"#;
    // Debug formats wrap the value: Some("…"), HeaderValue { _private: H0("…").
    let wrappers = r"(?:[a-z0-9_]+\s*(?:\(|\{\s*[a-z0-9_]+:)\s*)*";
    // A text in quotes, also when cut before its end; a header with a scheme; anything up to a delimiter.
    let value = r#"(?:\\+"[^"\\]*(?:\\+")?|b?"(?:[^"\\]|\\.)*"?|(?:AWS4-|Bearer|Basic)[^"\n\\]*|[^\s,;&<>"'(){}\\]+)"#;
    let pattern = format!("(?i)((?:{names}){assigned}{wrappers})({value})");
    Ok((Regex::new(&pattern)?, "$1***"))
}

/// The text without its secrets.
pub(in crate::plugin) fn redact(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    if let Ok(hidden) = HIDDEN.read() {
        for secret in hidden
            .iter()
            .filter(|secret| text.contains(&***secret))
            .collect::<Vec<_>>()
        {
            text = text.replace(&**secret, MASK).into();
        }
    }
    for (secret, replacement) in RULES.iter() {
        if let Cow::Owned(clean) = secret.replace_all(&text, *replacement) {
            text = clean.into();
        }
    }
    text.into_owned()
}

/// A field's value without its secrets; nothing of it when the name of the field alone says secret.
pub(super) fn redact_field(name: &str, value: &str) -> String {
    let name = joined(name);
    if SECRET_NAMES
        .iter()
        .any(|secret| name.contains(&joined(secret)))
    {
        return MASK.to_owned();
    }
    redact(value)
}

/// A name in lower case, without the marks between its words.
fn joined(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .collect::<String>()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text), expected);
    }

    #[test]
    fn rules_compile() {
        assert_eq!(rules().unwrap().len(), 7);
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "",
            "Created the cluster prod (arn:aws:eks:eu-west-1:123456789012:cluster/prod) in 9m3s",
            r#"{"clusterName":"prod","clientRequestToken":"5c2f7a1e"}"#,
            "the signature of the function, the cookie, a password policy",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn assigned_secrets_go_in_every_notation() {
        check(
            r#"{"SecretAccessKey":"a/b+c","Expiration":1}"#,
            r#"{"SecretAccessKey":***,"Expiration":1}"#,
        );
        check(
            r#"body: "{\"SessionToken\": \"abc\", \"x\": 1}""#,
            r#"body: "{\"SessionToken\": ***, \"x\": 1}""#,
        );
        check(
            "<SecretAccessKey>abc</SecretAccessKey>",
            "<SecretAccessKey>***</SecretAccessKey>",
        );
        check("?X-Amz-Signature=0af3&x=1", "?X-Amz-Signature=***&x=1");
        check(
            "x-amz-security-token:abc=\nhost:eks",
            "x-amz-security-token:***\nhost:eks",
        );
        check(
            r#"x-amz-security-token:abc\nhost:eks"#,
            r#"x-amz-security-token:***\nhost:eks"#,
        );
        check(
            r#"secret_access_key: Some("a\"b"), region"#,
            r#"secret_access_key: Some(***), region"#,
        );
        check(
            r#"{"authorization": HeaderValue { _private: H0("AWS4-HMAC-SHA256 Credential=AK, Signature=1") }}"#,
            r#"{"authorization": HeaderValue { _private: H0(***) }}"#,
        );
        check(
            r#"[("authorization", "Basic dXNlcg==")]"#,
            r#"[("authorization", ***)]"#,
        );
        check(
            "authorization: AWS4-HMAC-SHA256 Credential=AK/x, Signature=1\nhost",
            "authorization: ***\nhost",
        );
    }

    #[test]
    fn secrets_cut_at_the_end_go_too() {
        check(r#""SecretAccessKey":"abc"#, r#""SecretAccessKey":***"#);
        check("k8s-aws-v1.aHR0", "k8s-aws-v1.***");
        check("eyJhbGciOiJSUzI1NiJ9.eyJzd", "***");
    }

    #[test]
    fn tokens_betray_themselves() {
        check(
            "got k8s-aws-v1.aHR0cHM6Ly9zdHM for prod",
            "got k8s-aws-v1.*** for prod",
        );
        check("sent Bearer abcdefgh12345678.", "sent Bearer ***");
        check(
            &format!("token IQoJ{} ok", "b3Jp/Z2lu+".repeat(9)),
            "token *** ok",
        );
        check(
            "-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END",
            "***-----END",
        );
    }

    #[test]
    fn hidden_values_go_plain_and_escaped() {
        hide("hunter2\"hunter2");
        hide("short");
        check("say hunter2\"hunter2", "say ***");
        check(&format!("{:?}", "hunter2\"hunter2"), "\"***\"");
        check("short", "short");
    }

    #[test]
    fn field_names_tell() {
        for name in [
            "secretKey",
            "x-amz-security-token",
            "http.authorization",
            "user_data_base64",
        ] {
            assert_eq!(redact_field(name, "abc"), "***", "{name}");
        }
        assert_eq!(redact_field("cluster", "prod"), "prod");
    }
}
