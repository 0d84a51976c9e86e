//! The handshake and the life of a provider process, tested against the fixture `plugin` as a real process. What
//! Terraform 1.11.4 itself does is restated in `host`.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the host is test code, too"
)]

mod host;

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tfplugin_rs::plugin::tfplugin6::provider_client::ProviderClient;
use tfplugin_rs::plugin::tfplugin6::{configure_provider, validate_data_resource_config};
use tonic::transport::Channel;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_prost::ProstCodec;

use self::host::{Identity, PATIENCE, by_hand, by_launcher, by_terraform, launch, schema, start};

/// After this go-plugin kills.
const KILL_AFTER: Duration = Duration::from_secs(2);

async fn check_serves(channel: Channel) {
    assert_eq!(schema(channel).await.unwrap(), ["fixture_nothing"]);
}

/// Calls `Shutdown` by its wire name.
async fn shut_down(channel: Channel) {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.unwrap();
    let path = "/plugin.GRPCController/Shutdown".parse().unwrap();
    let codec = ProstCodec::<(), ()>::default();
    client
        .unary(tonic::Request::new(()), path, codec)
        .await
        .unwrap();
}

#[tokio::test]
async fn serves_the_holder_of_the_pinned_certificate_only() {
    let (ours, other) = (Identity::of_go_plugin(), Identity::of_go_plugin());
    let mut command = by_terraform();
    command.env("PLUGIN_CLIENT_CERT", &ours.pem);
    let plugin = start(command).await;
    for stranger in [None, Some(&other)] {
        // The server's refusal may reach the client before or after it believes to be connected.
        if let Ok(channel) = plugin.tls(stranger).await {
            schema(channel)
                .await
                .expect_err("a stranger must not be served");
        }
    }
    schema(plugin.plain().await)
        .await
        .expect_err("TLS is mandatory");
    check_serves(plugin.tls(Some(&ours)).await.unwrap()).await;
}

#[tokio::test]
async fn a_certificate_without_its_key_is_refused() {
    let (ours, other) = (Identity::of_go_plugin(), Identity::of_go_plugin());
    let mut command = by_terraform();
    command.env("PLUGIN_CLIENT_CERT", &ours.pem);
    let plugin = start(command).await;
    let thief = ours.with_key_of(&other);
    if let Ok(channel) = plugin.tls(Some(&thief)).await {
        schema(channel)
            .await
            .expect_err("a thief must not be served");
    }
    check_serves(plugin.tls(Some(&ours)).await.unwrap()).await;
}

#[tokio::test]
async fn serves_plaintext_when_the_host_sends_no_certificate() {
    let plugin = start(by_terraform()).await;
    assert_eq!(plugin.fields[..3], ["1", "6", "unix"]);
    assert_eq!(plugin.fields[4..], ["grpc", ""]);
    check_serves(plugin.plain().await).await;
}

#[tokio::test]
async fn serves_on_tcp_within_the_port_range() {
    let identity = Identity::of_go_plugin();
    let mut command = by_terraform();
    command
        .env("FIXTURE_TCP", "1")
        .env("PLUGIN_CLIENT_CERT", &identity.pem);
    let plugin = start(command).await;
    assert_eq!(plugin.fields[2], "tcp");
    let (host, port) = plugin.address().split_once(':').unwrap();
    assert_eq!(host, "127.0.0.1");
    assert!(
        (10000..=25000).contains(&port.parse::<u16>().unwrap()),
        "{port}"
    );
    check_serves(plugin.tls(Some(&identity)).await.unwrap()).await;
}

#[tokio::test]
async fn adds_the_multiplex_field_only_when_it_is_understood() {
    assert_eq!(start(by_terraform()).await.fields.len(), 6);
    let mut command = by_terraform();
    command.env("PLUGIN_MULTIPLEX_GRPC", "true");
    let plugin = start(command).await;
    assert_eq!(plugin.fields[5..], ["", "false"]);
}

#[tokio::test]
async fn announces_version_6_whatever_is_offered() {
    for versions in ["5", "six", ""] {
        let mut command = by_terraform();
        command.env("PLUGIN_PROTOCOL_VERSIONS", versions);
        let plugin = start(command).await;
        assert_eq!(plugin.fields[1], "6", "{versions:?}");
        check_serves(plugin.plain().await).await;
    }
}

#[tokio::test]
async fn puts_the_socket_where_the_host_wants_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = by_terraform();
    command.env("PLUGIN_UNIX_SOCKET_DIR", directory.path());
    let plugin = start(command).await;
    assert_eq!(Path::new(plugin.address()).parent(), Some(directory.path()));
    check_serves(plugin.plain().await).await;
    shut_down(plugin.plain().await).await;
    plugin.exit(KILL_AFTER).await;
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn shutdown_ends_the_process_in_time_while_a_request_runs() {
    let mut command = by_terraform();
    command.env("FIXTURE_HANG", "1").env("TF_LOG", "DEBUG");
    let mut plugin = start(command).await;
    let channel = plugin.plain().await;
    let mut client = ProviderClient::new(channel.clone());
    let request = configure_provider::Request::default();
    let running = tokio::spawn(async move { client.configure_provider(request).await });
    plugin.log_line("Waiting").await;

    let socket = plugin.address().to_owned();
    let asked = Instant::now();
    shut_down(channel).await;
    let (status, _) = plugin.exit(KILL_AFTER).await;
    assert!(
        asked.elapsed() < Duration::from_secs(1),
        "{:?}",
        asked.elapsed()
    );
    assert!(status.success(), "{status}");
    assert!(
        !Path::new(&socket).parent().unwrap().exists(),
        "the socket's directory is left"
    );
    running
        .await
        .unwrap()
        .expect_err("the request cannot have an answer");
}

#[tokio::test]
async fn health_is_serving() {
    let plugin = start(by_terraform()).await;
    let mut client = HealthClient::new(plugin.plain().await);
    let request = HealthCheckRequest {
        service: "plugin".to_owned(),
    };
    let status = client.check(request).await.unwrap().into_inner().status;
    assert_eq!(status, ServingStatus::Serving as i32);
}

#[tokio::test]
async fn stdio_and_broker_stay_open_and_silent() {
    let plugin = start(by_terraform()).await;
    let mut client = tonic::client::Grpc::new(plugin.plain().await);
    client.ready().await.unwrap();
    let codec = ProstCodec::<(), ()>::default;
    let path = "/plugin.GRPCStdio/StreamStdio".parse().unwrap();
    let stdio = client
        .server_streaming(tonic::Request::new(()), path, codec())
        .await
        .unwrap();
    client.ready().await.unwrap();
    let path = "/plugin.GRPCBroker/StartStream".parse().unwrap();
    let silent = tonic::Request::new(tokio_stream::pending());
    let broker = client.streaming(silent, path, codec()).await.unwrap();

    let (mut stdio, mut broker) = (stdio.into_inner(), broker.into_inner());
    let silence = Duration::from_millis(200);
    assert!(
        tokio::time::timeout(silence, stdio.message())
            .await
            .is_err(),
        "stdio ended or spoke"
    );
    assert!(
        tokio::time::timeout(silence, broker.message())
            .await
            .is_err(),
        "broker ended or spoke"
    );
    shut_down(plugin.plain().await).await;
    assert_eq!(stdio.message().await.unwrap(), None);
    assert_eq!(broker.message().await.unwrap(), None);
    plugin.exit(KILL_AFTER).await;
}

#[tokio::test]
async fn ignores_sigint() {
    let plugin = start(by_terraform()).await;
    let channel = plugin.plain().await;
    plugin.signal(Signal::INT);
    tokio::time::sleep(Duration::from_millis(200)).await;
    check_serves(channel).await;
}

#[tokio::test]
async fn sigterm_stops_the_provider_and_serving_goes_on() {
    let mut command = by_terraform();
    command.env("TF_LOG_PROVIDER", "WARN");
    let mut plugin = start(command).await;
    // Twice: a stop must not use up the means to stop.
    for _ in 0..2 {
        plugin.signal(Signal::TERM);
        assert_eq!(plugin.log_line("Stopped").await["@level"], "warn");
    }
    check_serves(plugin.plain().await).await;
}

#[tokio::test]
async fn ends_when_its_parent_is_gone_and_nobody_is_connected() {
    let mut command = by_launcher();
    command.env("TF_LOG_PROVIDER", "WARN");
    let mut plugin = start(command).await;
    let channel = plugin.plain().await;
    check_serves(channel.clone()).await;
    plugin.child.kill().await.unwrap();
    plugin.log_line("Stopped").await;
    // A launcher may end before the host does.
    check_serves(channel.clone()).await;
    drop(channel);
    // Held open by the plugin alone.
    plugin.rest_of_stderr().await;
    assert!(!Path::new(plugin.address()).exists(), "the socket is left");
}

#[tokio::test]
async fn the_end_of_its_parent_is_noticed_from_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let go = directory.path().join("go");
    let mut command = by_launcher();
    command.env("TF_LOG_PROVIDER", "WARN");
    command.env("FIXTURE_WAITS_FOR", &go);
    let mut plugin = launch(command);
    plugin.log_line("Starting").await;
    plugin.child.kill().await.unwrap();
    std::fs::write(go, "").unwrap();
    plugin.shakes_hands().await;
    plugin.log_line("Stopped").await;
    // The host that is behind the launcher takes its time.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let channel = plugin.plain().await;
    check_serves(channel.clone()).await;
    drop(channel);
    plugin.rest_of_stderr().await;
}

#[tokio::test]
async fn debug_mode_prints_how_to_attach_and_ends_on_sigint() {
    let mut command = by_hand(&["-debug"]);
    // A human's shell may be inside a process that Terraform started.
    command.env("PLUGIN_CLIENT_CERT", "leftover");
    let mut plugin = start(command).await;
    let variable = plugin.stdout_line("TF_REATTACH_PROVIDERS=").await;
    let providers: serde_json::Value = serde_json::from_str(variable.trim_matches('\'')).unwrap();
    let attachment = &providers["registry.terraform.io/example/fixture"];
    assert_eq!(
        attachment,
        &providers["registry.opentofu.org/example/fixture"]
    );
    assert_eq!(attachment["Pid"], plugin.child.id().unwrap());

    let address = attachment["Addr"]["String"].as_str().unwrap();
    for _ in 0..2 {
        check_serves(host::plain("unix", address).await).await;
    }
    plugin.signal(Signal::INT);
    let (status, _) = plugin.exit(KILL_AFTER).await;
    assert!(status.success(), "{status}");
    assert!(!Path::new(address).exists(), "the socket is left");
}

#[tokio::test]
async fn by_hand_it_says_what_it_is() {
    let mut wrong_cookie = by_terraform();
    wrong_cookie.env("TF_PLUGIN_MAGIC_COOKIE", "guess");
    for mut command in [by_hand(&[]), wrong_cookie] {
        let output = tokio::time::timeout(PATIENCE, command.output())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains("This is a plugin for Terraform and OpenTofu."),
            "{text}"
        );
        assert!(text.contains("source = \"example/fixture\""), "{text}");
    }
}

#[tokio::test]
async fn options_answer_and_unknown_ones_are_refused() {
    let version = format!("terraform-provider-fixture {}\n", env!("CARGO_PKG_VERSION"));
    let output = by_hand(&["--version"]).output().await.unwrap();
    assert_eq!(
        (output.status.code(), output.stdout),
        (Some(0), version.into_bytes())
    );
    let output = by_hand(&["--frobnicate"]).output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.starts_with(b"Unknown option --frobnicate\n"));
}

#[tokio::test]
async fn an_unreadable_certificate_is_named() {
    let mut command = by_terraform();
    command.env("PLUGIN_CLIENT_CERT", "not a certificate");
    let output = command.output().await.unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("Unable to read PLUGIN_CLIENT_CERT as a PEM certificate"),
        "{text}"
    );
}

async fn validate(channel: Channel) -> Vec<String> {
    let type_name = "fixture_nothing".to_owned();
    let request = validate_data_resource_config::Request {
        type_name,
        config: None,
    };
    let response = ProviderClient::new(channel)
        .validate_data_resource_config(request)
        .await;
    let diagnostics = response.unwrap().into_inner().diagnostics;
    diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.summary)
        .collect()
}

#[tokio::test]
async fn log_lines_carry_the_request_and_no_secret() {
    let mut command = by_terraform();
    command
        .env("TF_LOG_PROVIDER_FIXTURE", "INFO")
        .env("TF_LOG", "OFF");
    let mut plugin = start(command).await;
    assert_eq!(validate(plugin.plain().await).await, [""; 0]);
    let line = plugin.log_line("Validating").await;
    assert_eq!(line["tf_rpc"], "ValidateDataResourceConfig");
    assert_eq!(line["tf_data_source_type"], "fixture_nothing");
    assert_eq!(line["secret_access_key"], "***");
}

#[tokio::test]
async fn says_nothing_unless_asked() {
    let plugin = start(by_terraform()).await;
    let channel = plugin.plain().await;
    validate(channel.clone()).await;
    shut_down(channel).await;
    assert_eq!(plugin.exit(KILL_AFTER).await.1, "");
}

#[tokio::test]
async fn a_caught_panic_is_reported_and_answered() {
    let mut command = by_terraform();
    command.env("FIXTURE_PANIC", "1");
    let plugin = start(command).await;
    let channel = plugin.plain().await;
    assert_eq!(
        validate(channel.clone()).await,
        ["the fixture was asked to panic"]
    );
    check_serves(channel.clone()).await;
    shut_down(channel).await;
    let (_, text) = plugin.exit(KILL_AFTER).await;
    assert!(
        text.starts_with("panic: the fixture was asked to panic\n"),
        "{text}"
    );
    assert!(
        text.contains(" at proto/tests/handshake/plugin/main.rs:"),
        "{text}"
    );
}
