//! Looks at the bytes that reach stderr.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing::metadata::LevelFilter;
use tracing::{debug, error, error_span, info, trace, warn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use super::hclog::HclogLayer;
use super::hide;
use super::level::Filter;

#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written while `work` runs.
fn written(level: LevelFilter, work: impl FnOnce()) -> String {
    let output = Output::default();
    let writer = output.clone();
    let layer = HclogLayer::new(Filter::new(level, "eks"), move || writer.clone());
    tracing::subscriber::with_default(registry().with(layer), work);
    String::from_utf8(output.0.lock().unwrap().clone()).unwrap()
}

/// The one line that `work` makes.
fn line(work: impl FnOnce()) -> Value {
    serde_json::from_str(&written(LevelFilter::TRACE, work)).unwrap()
}

fn check_line(work: impl FnOnce(), expected: Value) {
    let mut line = line(work);
    line.as_object_mut().unwrap().remove("@timestamp");
    assert_eq!(line, expected);
}

#[test]
fn a_line_is_what_hclog_writes() {
    check_line(
        || warn!(target: "terraform_provider_eks::eks::addon", attempt = 3, ok = false, "Slow"),
        json!({
            "@level": "warn", "@message": "Slow", "@module": "provider.eks.addon",
            "attempt": 3, "ok": false,
        }),
    );
    let text = written(LevelFilter::INFO, || info!("a\nb"));
    assert!(
        text.ends_with("}\n") && text.lines().count() == 1,
        "{text:?}"
    );
}

#[test]
fn the_timestamp_has_six_fractional_digits() {
    let line = line(|| info!("now"));
    let timestamp = line["@timestamp"].as_str().unwrap();
    let form: String = timestamp.replace(|c: char| c.is_ascii_digit(), "9");
    assert_eq!(form, "9999-99-99T99:99:99.999999Z");
}

#[test]
fn message_and_level_are_always_strings() {
    let module = "sdk.plugin.log.tests";
    check_line(
        || info!(message = 7),
        json!({"@level": "info", "@message": "7", "@module": module}),
    );
    check_line(
        || info!(name = "prod"),
        json!({"@level": "info", "@message": "", "@module": module, "name": "prod"}),
    );
    check_line(
        || info!("@level" = 1, "@message" = 2, "said"),
        json!({"@level": "info", "@message": "said", "@module": module, "level": 1, "message": 2}),
    );
}

#[test]
fn events_carry_the_fields_of_their_spans() {
    let rpc = || {
        error_span!(
            "rpc",
            tf_rpc = "ReadResource",
            tf_req_id = 1,
            step = tracing::field::Empty
        )
    };
    check_line(
        || {
            rpc().in_scope(|| {
                tracing::Span::current().record("step", "find");
                error_span!("inner", tf_req_id = 2).in_scope(|| error!(message = "no"));
            });
        },
        json!({
            "@level": "error", "@message": "no", "@module": "sdk.plugin.log.tests",
            "tf_rpc": "ReadResource", "tf_req_id": 2, "step": "find",
        }),
    );
}

#[test]
fn a_span_counts_at_any_level() {
    let text = written(LevelFilter::ERROR, || {
        tracing::info_span!("rpc", tf_rpc = "ReadResource").in_scope(|| {
            info!("unheard");
            error!("heard");
        });
    });
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&line["@message"], &line["tf_rpc"]),
        (&json!("heard"), &json!("ReadResource"))
    );
}

#[test]
fn dependencies_are_heard_at_trace_only() {
    let work = || {
        debug!(target: "h2::codec", "frame");
        debug!(target: "aws_config", "profile");
        trace!(target: "aws_sigv4", "canonical request");
        debug!("ours");
    };
    let messages = |level| {
        let text = written(level, work);
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .map(|line| line["@message"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(messages(LevelFilter::DEBUG), ["ours"]);
    assert_eq!(messages(LevelFilter::TRACE), ["frame", "profile", "ours"]);
}

#[test]
fn no_line_reaches_64_kibibytes() {
    let long = "x".repeat(1 << 20);
    // One byte here is six in JSON.
    let control = "\u{1}".repeat(1 << 20);
    let text = written(LevelFilter::INFO, || {
        info!("{long}");
        info!("{control}");
        info!(tf_rpc = "ReadResource", a = long, b = control, c = ?long, d = %long, e = long, "many");
    });
    assert_eq!(text.lines().count(), 3);
    for line in text.lines() {
        assert!(line.len() < 64 << 10, "{} bytes", line.len());
        serde_json::from_str::<Value>(line).unwrap();
    }
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["tf_rpc"], "ReadResource");
    assert!(last["a"].as_str().unwrap().ends_with("xx… (cut)"));
}

const KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const SESSION: &str = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaDGV1LWNlbnRyYWwtMSJHMEUCIQ";
const SIGNATURE: &str = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
const TOKEN: &str = "k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20";
const PASSWORD: &str = "correct \"horse\"";

#[derive(Debug)]
struct Failure;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it failed")
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&Cause)
    }
}

#[derive(Debug)]
struct Cause;

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused x-amz-security-token: {SESSION}")
    }
}

impl Error for Cause {}

/// Stands for the SDK's types, whose fields show in their debug format.
#[derive(Debug)]
#[expect(dead_code, reason = "read by Debug")]
struct Credentials {
    access_key_id: &'static str,
    secret_access_key: &'static str,
    session_token: Option<&'static str>,
}

#[test]
fn no_secret_leaves_by_any_route() {
    hide(PASSWORD);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/eks/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={SIGNATURE}"
    );
    let json =
        json!({"Credentials": {"SecretAccessKey": KEY, "SessionToken": SESSION}}).to_string();
    let xml =
        format!("<SecretAccessKey>{KEY}</SecretAccessKey><SessionToken>{SESSION}</SessionToken>");
    let url = format!("https://sts/?X-Amz-Security-Token={SESSION}&X-Amz-Signature={SIGNATURE}");
    let canonical = format!("GET\n/\n\nhost:eks\nx-amz-security-token:{SESSION}\n");
    let headers = [
        ("authorization", &*authorization),
        ("x-amz-security-token", SESSION),
    ];
    let credentials = Credentials {
        access_key_id: "AKIDEXAMPLE",
        secret_access_key: KEY,
        session_token: Some(SESSION),
    };
    let error: &(dyn Error + 'static) = &Failure;
    let texts = [
        &*json,
        &xml,
        &url,
        &canonical,
        &authorization,
        TOKEN,
        PASSWORD,
    ];

    let text = written(LevelFilter::TRACE, || {
        for value in texts {
            info!("{value}");
            info!("{value:?}");
            info!(value, "str");
            info!(%value, "display");
            info!(?value, "debug");
            info!(target: "aws_smithy_runtime", value, "a dependency");
            error_span!("span", value).in_scope(|| info!("in a span"));
            error_span!("span", value = tracing::field::Empty).in_scope(|| {
                tracing::Span::current().record("value", value);
                info!("recorded later");
            });
        }
        info!(?headers, ?credentials, error, "structures");
        info!("{headers:?} {credentials:#?}");
        info!(
            secret_key = KEY,
            session_token = SESSION,
            authorization,
            "named fields"
        );
        error_span!("span", "x-amz-security-token" = KEY).in_scope(|| info!("named in a span"));
    });

    assert_eq!(text.lines().count(), 7 * 8 + 4);
    for secret in [
        KEY,
        SESSION,
        SIGNATURE,
        &TOKEN["k8s-aws-v1.".len()..],
        "horse",
    ] {
        // The beginning would do to recognise it by.
        let beginning = &secret[..secret.len().min(12)];
        let leak = text.lines().find(|line| line.contains(beginning));
        assert_eq!(leak, None, "{secret}");
    }
    // What is no secret is still there.
    for known in [
        "AKIDEXAMPLE",
        "host:eks",
        "it failed: refused",
        "X-Amz-Signature=",
    ] {
        assert!(text.contains(known), "{known}");
    }
}
