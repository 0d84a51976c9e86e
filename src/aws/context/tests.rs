//! When clients are made, for whom, and with which credentials.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::*;
use crate::aws::{
    settings::Role,
    testing::{Answer, Replay, settings},
};

fn identity() -> Answer {
    let body = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>\
                </GetCallerIdentityResult></GetCallerIdentityResponse>";
    Answer::Http(200, "", body.to_owned())
}

#[tokio::test]
async fn making_clients_asks_for_nothing() {
    let replay = Replay::default();
    let context = replay.context(settings());
    for region in [None, Some("us-east-1")] {
        assert!(context.eks(region).await.is_ok());
        assert!(context.ec2(region).await.is_ok());
        assert!(context.iam(region).await.is_ok());
    }
    assert!(context.unchecked_sts().await.is_ok());
    assert!(replay.requests().is_empty());
}

#[tokio::test]
async fn works_in_the_region_of_the_object() {
    let replay = Replay::new(vec![Answer::Http(200, "", "{}".to_owned()); 2]);
    let context = replay.context(settings());
    for region in [None, Some("cn-north-1")] {
        let client = context.eks(region).await.unwrap();
        client.list_clusters().send().await.unwrap();
    }
    let requests = replay.requests();
    assert!(
        requests[0].contains("https://eks.eu-west-1.amazonaws.com/"),
        "{requests:?}"
    );
    assert!(
        requests[1].contains("https://eks.cn-north-1.amazonaws.com.cn/"),
        "{requests:?}"
    );
}

#[tokio::test]
async fn says_who_is_asking() {
    let replay = Replay::new(vec![Answer::Http(200, "", "{}".to_owned()); 2]);
    let mut settings = settings();
    settings.user_agent = vec![("Terraform".to_owned(), Some("1.11.4".to_owned()))];
    let context = replay.context(settings);
    let module = context.for_module(vec![("my-module".to_owned(), Some("2.0".to_owned()))]);
    for context in [context, module] {
        let client = context.eks(None).await.unwrap();
        client.list_clusters().send().await.unwrap();
    }
    let requests = replay.requests();
    assert!(requests[0].contains("lib/Terraform/1.11.4"), "{requests:?}");
    assert!(!requests[0].contains("my-module"), "{requests:?}");
    assert!(requests[1].contains("lib/my-module/2.0"), "{requests:?}");
}

#[tokio::test]
async fn asks_for_the_account_once_and_refuses_the_wrong_one() {
    let replay = Replay::new([identity()]);
    let mut settings = settings();
    settings.accounts.allowed = ["210987654321".to_owned()].into();
    let context = replay.context(settings);
    for _ in 0..2 {
        let error = context.eks(None).await.unwrap_err();
        assert!(error.detail.contains("allowed_account_ids"), "{error:?}");
    }
    assert_eq!(replay.requests().len(), 1);
    assert_eq!(context.account_id().await.unwrap(), "123456789012");
}

/// What is found of the account when STS answers so.
async fn account(answer: Answer) -> tf::Result<Option<String>> {
    let context = Replay::new([answer]).context(settings());
    context.find_account_id().await
}

#[tokio::test]
async fn does_without_the_account_where_nobody_will_tell() {
    assert_eq!(
        account(identity()).await.unwrap().as_deref(),
        Some("123456789012")
    );
    let denied = Answer::Http(403, "", sts_error("AccessDenied"));
    for settled in [Answer::Refused, denied] {
        assert_eq!(account(settled).await.unwrap(), None);
    }
    let mut skipping = settings();
    skipping.accounts.skip = true;
    let context = Replay::default().context(skipping);
    assert_eq!(context.find_account_id().await.unwrap(), None);
}

/// Or a plan with an ARN would be followed by one without.
#[tokio::test]
async fn trouble_with_the_account_that_passes_is_an_error() {
    let unavailable = Answer::Http(503, "", sts_error("ServiceUnavailable"));
    let expired = Answer::Http(403, "", sts_error("ExpiredToken"));
    for passing in [Answer::Lost, unavailable, expired] {
        assert!(account(passing.clone()).await.is_err(), "{passing:?}");
    }
}

fn sts_error(code: &str) -> String {
    format!("<ErrorResponse><Error><Code>{code}</Code><Message>…</Message></Error></ErrorResponse>")
}

#[tokio::test]
async fn refuses_forbidden_accounts() {
    let mut settings = settings();
    settings.accounts.forbidden = ["123456789012".to_owned()].into();
    let error = Replay::new([identity()])
        .context(settings)
        .eks(None)
        .await
        .unwrap_err();
    assert!(error.detail.contains("forbidden_account_ids"), "{error:?}");
}

#[tokio::test]
async fn says_what_is_not_known_yet() {
    let mut unknown = settings();
    unknown.unknown = vec!["assume_role".to_owned()];
    let error = Replay::default()
        .context(unknown)
        .eks(None)
        .await
        .unwrap_err();
    assert!(
        error.detail.contains("assume_role is not known yet"),
        "{error:?}"
    );
    let mut no_region = settings();
    no_region.region = ProviderRegion::Unknown;
    let context = Replay::default().context(no_region);
    let error = context.eks(None).await.unwrap_err();
    assert!(
        error.detail.contains("region is not known yet"),
        "{error:?}"
    );
    assert!(context.eks(Some("eu-west-1")).await.is_ok());
}

/// What STS answers to AssumeRole.
fn session(key: &str, lasts: Duration) -> Answer {
    let end = DateTime::from(SystemTime::now() + lasts);
    let end = end.fmt(Format::DateTime).unwrap();
    let body = format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId>\
         <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>{end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    );
    Answer::Http(200, "", body)
}

fn role(name: &str) -> Role {
    Role {
        role_arn: format!("arn:aws:iam::123456789012:role/{name}"),
        source_identity: Some("somebody".to_owned()),
        ..Role::default()
    }
}

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn assumes_roles_one_after_the_other() {
    let list = Answer::Http(200, "", "{}".to_owned());
    let sessions = ["FIRST", "SECOND"].map(|key| session(key, HOUR));
    let replay = Replay::new(sessions.into_iter().chain([list.clone(), list]));
    let mut settings = settings();
    settings.roles = vec![role("first"), role("second")];
    let context = replay.context(settings);
    for _ in 0..2 {
        let client = context.eks(None).await.unwrap();
        client.list_clusters().send().await.unwrap();
    }
    let requests = replay.requests();
    assert_eq!(requests.len(), 4, "the session is kept: {requests:?}");
    assert!(requests[0].contains("role%2Ffirst"), "{requests:?}");
    assert!(
        requests[0].contains("SourceIdentity=somebody"),
        "{requests:?}"
    );
    assert!(requests[1].contains("role%2Fsecond"), "{requests:?}");
}

/// The access keys of two presigned requests.
async fn signers(context: &Context) -> Vec<String> {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let presigned = context.presigned_identity(None, ("x-k8s-aws-id", "demo"));
        let url = presigned.await.unwrap().url;
        let (_, credential) = url.split_once("X-Amz-Credential=").unwrap();
        keys.push(credential.split('%').next().unwrap().to_owned());
    }
    keys
}

#[tokio::test]
async fn what_is_signed_for_others_needs_no_session_of_its_own() {
    let replay = Replay::new([
        session("FIRST", HOUR),
        Answer::Http(200, "", "{}".to_owned()),
    ]);
    let mut settings = settings();
    settings.roles = vec![role("only")];
    let context = replay.context(settings);
    assert_eq!(signers(&context).await, ["FIRST", "FIRST"]);
    let client = context.eks(None).await.unwrap();
    client.list_clusters().send().await.unwrap();
    assert_eq!(replay.requests().len(), 2, "one session for all");
}

/// A presigned request is valid no longer than the session.
#[tokio::test]
async fn what_is_signed_for_others_is_signed_by_no_session_that_ends_soon() {
    let short = ["FIRST", "SECOND"].map(|key| session(key, HOUR / 6));
    let mut settings = settings();
    settings.roles = vec![role("only")];
    let context = Replay::new(short).context(settings);
    assert_eq!(signers(&context).await, ["FIRST", "SECOND"]);
}

#[tokio::test]
async fn the_sdk_repeats_what_failed_inside_aws() {
    let failure = crate::aws::testing::error(503, "ServiceUnavailableException", "later");
    let replay = Replay::new([failure, Answer::Http(200, "", "{}".to_owned())]);
    let mut settings = settings();
    settings.retry.max_attempts = Some(2);
    let client = replay.context(settings).eks(None).await.unwrap();
    client.list_clusters().send().await.unwrap();
    assert_eq!(replay.requests().len(), 2);
}
