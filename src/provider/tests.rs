//! The provider block: what is refused, and what comes of what is accepted.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tfplugin_rs::tf::{Attribute, Configuration, Model, Provider, Value, from_json, validate};

use super::Eks;
use super::block::Block;
use super::settings::{Environment, read};
use super::user_agent;
use crate::aws::{Context, Settings, settings::Token, tags::DefaultTags};

pub(super) fn value(block: &Json) -> Value {
    from_json(&Block::attributes(), block).unwrap()
}

/// The messages about a block, as `path: summary`.
fn messages(block: Json) -> Vec<String> {
    let config = value(&block);
    let mut found = validate(&Block::attributes(), &config, true);
    Eks::check(&config, &mut found);
    let text = |diagnostic: tfplugin_rs::tf::Diagnostic| {
        let path = diagnostic
            .path
            .map(|path| path.to_string())
            .unwrap_or_default();
        format!("{path}: {}", diagnostic.summary)
    };
    found.into_iter().map(text).collect()
}

/// The block with these arguments, which JSON has no words for, and no others.
pub(super) fn block<const N: usize>(given: [(&str, Value); N]) -> Value {
    let Value::Object(mut members) = value(&json!({})) else {
        panic!("the block is an object");
    };
    members.extend(given.map(|(name, value)| (name.to_owned(), value)));
    Value::Object(members)
}

pub(super) async fn settings<const N: usize>(
    block: Value,
    environment: [(&str, &str); N],
) -> Settings {
    let configuration = Configuration {
        block,
        terraform_version: "1.11.4".to_owned(),
    };
    read(&configuration, &Environment::of(environment))
        .await
        .unwrap()
}

#[test]
fn refuses_wrong_combinations_on_the_attribute() {
    for (block, expected) in [
        (
            json!({"access_key": "A"}),
            "access_key: access_key without secret_key",
        ),
        (
            json!({"secret_key": "s"}),
            "secret_key: secret_key without access_key",
        ),
        (
            json!({"access_key": "A", "secret_key": "s", "profile": "p"}),
            "profile: Two sources of credentials",
        ),
        (
            json!({"allowed_account_ids": ["123456789012"], "forbidden_account_ids": ["210987654321"]}),
            "forbidden_account_ids: Allowed and forbidden accounts",
        ),
        (
            json!({"allowed_account_ids": ["123456789012"], "skip_requesting_account_id": true}),
            "allowed_account_ids: allowed_account_ids with skip_requesting_account_id",
        ),
        (
            json!({"allowed_account_ids": ["123"]}),
            "allowed_account_ids: Invalid allowed_account_ids",
        ),
        (json!({"region": "europe"}), "region: Invalid region"),
        (
            json!({"sts_region": "europe"}),
            "sts_region: Invalid sts_region",
        ),
        (
            json!({"insecure": true}),
            "insecure: insecure is not supported",
        ),
        (
            json!({"retry_mode": "often"}),
            "retry_mode: Invalid retry_mode",
        ),
        (
            json!({"polling": [{"min_interval": "often"}]}),
            "polling[0].min_interval: Invalid min_interval",
        ),
        (
            json!({"polling": [{"min_interval": "0s"}]}),
            "polling[0].min_interval: Invalid min_interval",
        ),
        (
            json!({"polling": [{"min_interval": "9s", "max_interval": "1s"}]}),
            "polling[0].max_interval: Invalid max_interval",
        ),
        (
            json!({"assume_role": [{"role_arn": "admin"}]}),
            "assume_role[0].role_arn: Invalid role_arn",
        ),
        (
            json!({"assume_role": [{"role_arn": "arn:aws:iam::123456789012:role/a", "duration": "5m"}]}),
            "assume_role[0].duration: Invalid duration",
        ),
        (
            json!({"endpoints": [{"eks": "localhost:4566"}]}),
            "endpoints: Invalid endpoints.eks",
        ),
        (
            json!({"default_tags": [{"tags": {"aws:x": "y"}}]}),
            "default_tags[0].tags: Invalid tags",
        ),
        (
            json!({"no_proxy": "a"}),
            "no_proxy: no_proxy without a proxy",
        ),
    ] {
        assert_eq!(messages(block.clone()), [expected], "{block}");
    }
}

#[test]
fn accepts_what_fits_together() {
    for block in [
        json!({}),
        json!({"region": "eu-west-1", "profile": "p", "insecure": false}),
        json!({"region": "local", "skip_region_validation": true}),
        json!({"access_key": "A", "secret_key": "s", "token": "t"}),
        json!({"region": "", "profile": ""}),
    ] {
        assert_eq!(messages(block.clone()), <Vec<String>>::new(), "{block}");
    }
}

#[test]
fn unknown_values_pass_the_checks() {
    let mut found = tfplugin_rs::tf::Diagnostics::new();
    let unknown = Value::unknown();
    let config = block([
        ("region", unknown.clone()),
        ("access_key", Value::from("A")),
        ("secret_key", unknown),
    ]);
    Eks::check(&config, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn names_what_clients_miss() {
    let block = block([
        ("region", Value::unknown()),
        ("default_tags", Value::unknown()),
        ("profile", Value::unknown()),
        (
            "endpoints",
            Value::set([Value::object([("eks", Value::unknown())])]),
        ),
    ]);
    let settings = settings(block, []).await;
    assert_eq!(settings.unknown, ["profile", "endpoints"]);
    assert_eq!(settings.default_tags, DefaultTags::Unknown);
}

#[tokio::test]
async fn joins_tags_of_block_and_environment() {
    let block = json!({
        "default_tags": [{"tags": {"team": "block"}}],
        "ignore_tags": [{"keys": ["a"]}],
    });
    let environment = [
        ("TF_AWS_DEFAULT_TAGS_team", "environment"),
        ("TF_AWS_DEFAULT_TAGS_env", "dev"),
        ("TF_AWS_IGNORE_TAGS_KEYS", "b, c"),
        ("TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "kubernetes.io/"),
    ];
    let settings = settings(value(&block), environment).await;
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let expected = [pair("team", "block"), pair("env", "dev")].into();
    assert_eq!(settings.default_tags, DefaultTags::Known(expected));
    for key in ["a", "b", "c", "kubernetes.io/x", "aws:y"] {
        assert!(settings.ignored_tags.covers(key), "{key}");
    }
    assert!(!settings.ignored_tags.covers("d"));
}

#[tokio::test]
async fn reads_roles_endpoints_retries_and_intervals() {
    let block = json!({
        "assume_role": [
            {"role_arn": "arn:aws:iam::123456789012:role/a", "duration": "1h"},
            {"role_arn": "arn:aws:iam::123456789012:role/b"},
        ],
        "assume_role_with_web_identity": [{"session_name": "ci"}],
        "endpoints": [{"eks": "http://localhost:1"}, {"sts": "http://localhost:2"}],
        "max_retries": 0,
        "retry_mode": "adaptive",
        "polling": [{"max_interval": "50ms"}],
    });
    let environment = [
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ci"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
    ];
    let settings = settings(value(&block), environment).await;
    assert_eq!(settings.roles.len(), 2);
    assert_eq!(settings.roles[0].duration, Some(Duration::from_secs(3600)));
    let identity = settings.web_identity.unwrap();
    assert!(matches!(&identity.token, Token::File(path) if path.ends_with("token")));
    assert_eq!(identity.role.role_arn, "arn:aws:iam::123456789012:role/ci");
    assert_eq!(
        settings.endpoints.get("eks").map(String::as_str),
        Some("http://localhost:1")
    );
    assert_eq!(
        settings.endpoints.get("sts").map(String::as_str),
        Some("http://localhost:2")
    );
    assert_eq!(settings.retry.max_attempts, Some(1));
    assert_eq!(settings.retry.adaptive, Some(true));
    assert_eq!(settings.polling.min, Duration::from_millis(50));
}

#[tokio::test]
async fn an_incomplete_web_identity_is_an_error_on_what_is_missing() {
    const ROLE: (&str, &str) = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ci");
    const FILE: (&str, &str) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    async fn missing<const N: usize>(block: Json, environment: [(&str, &str); N]) -> Vec<String> {
        let configuration = Configuration {
            block: value(&json!({"region": "eu-west-1", "assume_role_with_web_identity": [block]})),
            terraform_version: String::new(),
        };
        let outcome = read(&configuration, &Environment::of(environment)).await;
        let path = |found: tfplugin_rs::tf::Diagnostic| found.path.unwrap().to_string();
        outcome.map_or_else(
            |found| found.into_iter().map(path).collect(),
            |_| Vec::new(),
        )
    }
    let role = "assume_role_with_web_identity[0].role_arn";
    let token = "assume_role_with_web_identity[0].web_identity_token_file";
    assert_eq!(missing(json!({}), []).await, [role]);
    assert_eq!(missing(json!({}), [FILE]).await, [role]);
    assert_eq!(missing(json!({}), [ROLE]).await, [token]);
    assert_eq!(missing(json!({"role_arn": ROLE.1}), []).await, [token]);
    let nothing = <Vec<String>>::new();
    assert_eq!(missing(json!({}), [ROLE, FILE]).await, nothing);
    let block = json!({"role_arn": ROLE.1, "web_identity_token": "token"});
    assert_eq!(missing(block, []).await, nothing);
}

#[tokio::test]
async fn a_web_identity_that_is_not_known_yet_is_not_incomplete() {
    let block = json!({"assume_role_with_web_identity": [{}]});
    let mut block = value(&block);
    let path = "assume_role_with_web_identity[0].role_arn";
    *block.at_path_mut(&path.into()).unwrap() = Value::unknown();
    let settings = settings(block, []).await;
    assert_eq!(settings.unknown, ["assume_role_with_web_identity"]);
    assert!(settings.web_identity.is_none());
}

#[tokio::test]
async fn takes_the_number_of_tries_from_the_environment() {
    let environment = [("AWS_MAX_ATTEMPTS", "3")];
    let tries = async |block| {
        settings(value(&block), environment)
            .await
            .retry
            .max_attempts
    };
    assert_eq!(tries(json!({})).await, Some(3));
    assert_eq!(tries(json!({"max_retries": 7})).await, Some(7));
}

#[tokio::test]
async fn looks_at_certificates_before_they_are_needed() {
    let configuration = |path: &str| Configuration {
        block: value(&json!({"custom_ca_bundle": path})),
        terraform_version: String::new(),
    };
    let path = std::env::temp_dir().join(format!("eks-ca-{}", std::process::id()));
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for text in ["", "no certificate", damaged] {
        std::fs::write(&path, text).unwrap();
        let outcome = read(&configuration(path.to_str().unwrap()), &Environment::of([])).await;
        let found = outcome.unwrap_err();
        assert_eq!(
            found.iter().next().unwrap().summary,
            "Invalid certificate file",
            "{text:?}"
        );
    }
    std::fs::remove_file(&path).unwrap();
    assert!(
        read(&configuration("/there/is/none"), &Environment::of([]))
            .await
            .is_err()
    );
}

#[test]
fn reads_products_of_modules() {
    for (text, name, version) in [
        ("my-module/1.2 (comment)", "my-module", Some("1.2")),
        ("my-module/latest", "my-module", Some("latest")),
        ("plain", "plain", None),
        ("github.com/org/module", "github.com-org-module", None),
        (
            "github.com/org/module/v1.2",
            "github.com-org-module",
            Some("v1.2"),
        ),
        ("ein-mödul/1", "ein-m-dul", Some("1")),
    ] {
        let product = (name.to_owned(), version.map(ToOwned::to_owned));
        assert_eq!(
            user_agent::of_module(&Value::list([text])),
            [product],
            "{text}"
        );
    }
    assert_eq!(user_agent::of_module(&Value::list([""])), []);
}

/// A region without any network: whoever answers on the endpoint would notice a request.
#[tokio::test]
async fn configuring_makes_no_request() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let block = json!({
        "region": "eu-west-1", "access_key": "A", "secret_key": "s", "max_retries": 1,
        "endpoints": [{"eks": url, "ec2": url, "iam": url, "sts": url}],
        "ec2_metadata_service_endpoint": url,
    });
    let configuration = Configuration {
        block: value(&block),
        terraform_version: "1.11.4".to_owned(),
    };
    let context = Eks::configure(configuration).await.unwrap();
    let client = context.eks(None).await.unwrap();
    assert!(listener.accept().is_err(), "configuring connected");
    // That the endpoint would have noticed.
    let request = client.list_clusters().send();
    let noticed = tokio::time::timeout(Duration::from_millis(500), request).await;
    assert!(noticed.is_err() && listener.accept().is_ok());
}

#[test]
fn every_attribute_has_a_sentence() {
    fn walk(attributes: &[tfplugin_rs::tf::Attribute]) {
        for attribute in attributes {
            assert!(attribute.description.contains('.'), "{attribute:?}");
            walk(attribute.inner().unwrap_or_default());
        }
    }
    walk(&Eks::schema().attributes);
}

#[tokio::test]
async fn an_import_begins_in_the_region_of_the_id_or_of_the_provider() {
    let here = settings(value(&json!({"region": "us-east-1"})), []).await;
    let nowhere = settings(value(&json!({})), []).await;
    let start = |settings: &Settings, attributes: &[Attribute], id: &'static str| {
        let cx = Context::new(settings.clone()).unwrap();
        let (id, known) = Eks::start_import(&cx, attributes, id);
        let known = known.into_iter().map(|(_, value)| value);
        (id, known.collect::<Vec<_>>())
    };
    for resource in Eks::registry().resources {
        let attributes = resource.schema().attributes;
        let start = |settings, id| start(settings, &attributes, id);
        let name = resource.name();
        assert_eq!(start(&here, "a"), ("a", vec!["us-east-1".into()]), "{name}");
        let elsewhere = ("a", vec!["eu-west-1".into()]);
        assert_eq!(start(&here, "a@eu-west-1"), elsewhere, "{name}");
        // What the region is, is an error of the refresh that follows.
        assert_eq!(start(&nowhere, "a"), ("a", vec![]), "{name}");
    }
    assert_eq!(start(&here, &[], "a@eu-west-1"), ("a@eu-west-1", vec![]));
}
