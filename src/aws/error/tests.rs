//! What becomes of errors of the SDK.

use super::*;
use crate::aws::testing::{Answer, Replay, error};

#[test]
fn reads_codes_of_all_services() {
    let kind = |code, status| {
        let refusal = Refusal {
            operation: "DescribeCluster",
            code,
            message: "…",
        };
        codes::meaning(&refusal, status).kind
    };
    for (code, expected) in [
        ("ResourceNotFoundException", ErrorKind::NotFound),
        ("InvalidLaunchTemplateId.NotFound", ErrorKind::NotFound),
        ("InvalidGroup.Duplicate", ErrorKind::AlreadyExists),
        ("InvalidParameterException", ErrorKind::InvalidParameter),
        ("InvalidRequestException", ErrorKind::InvalidRequest),
        ("ResourceLimitExceededException", ErrorKind::LimitExceeded),
        ("AccessDeniedException", ErrorKind::AccessDenied),
        ("UnauthorizedOperation", ErrorKind::AccessDenied),
        ("ExpiredTokenException", ErrorKind::ExpiredCredentials),
        ("UnrecognizedClientException", ErrorKind::NoCredentials),
        ("ThrottlingException", ErrorKind::Throttled),
        ("RequestLimitExceeded", ErrorKind::Throttled),
        ("ServerException", ErrorKind::Unavailable),
        ("SomethingNew", ErrorKind::Other),
    ] {
        assert_eq!(kind(code, 400), expected, "{code}");
    }
    assert_eq!(kind("", 503), ErrorKind::Unavailable);
    assert_eq!(kind("", 429), ErrorKind::Throttled);
}

#[tokio::test]
async fn a_service_reads_its_codes_first_and_without_their_namespace() {
    let classify: Classifier = |refusal| {
        let is_this = (refusal.operation, refusal.code) == ("DescribeCluster", "OddException");
        is_this.then(|| Meaning::with_advice(ErrorKind::InUse, "Odd."))
    };
    let replay = Replay::new([error(400, "com.amazonaws.eks#OddException", "odd")]);
    let client = replay.call().eks(None).await.unwrap();
    let answer = client.describe_cluster().name("demo").send().await;
    let error = of_sdk(classify, "DescribeCluster", "demo", answer.unwrap_err());
    assert_eq!(*error.kind(), ErrorKind::InUse);
    assert!(error.to_string().ends_with("\n\nOdd."), "{error}");
}

/// What DescribeCluster makes of an answer.
async fn describe(answer: Answer) -> Error {
    let replay = Replay::new([answer]);
    let client = replay.call().eks(None).await.unwrap();
    let answer = client.describe_cluster().name("demo").send().await;
    of_sdk(
        |_| None,
        "DescribeCluster",
        "EKS cluster demo",
        answer.unwrap_err(),
    )
}

#[tokio::test]
async fn keeps_what_aws_said() {
    let message = "No cluster found for name: demo.";
    let error = describe(error(404, "ResourceNotFoundException", message)).await;
    assert!(error.is_not_found());
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    assert_eq!(error.message(), message);
    assert_eq!(
        error.to_string(),
        "DescribeCluster for EKS cluster demo: No cluster found for name: demo \
         (ResourceNotFoundException, request id request-1)."
    );
}

#[tokio::test]
async fn knows_errors_that_the_sdk_does_not_model() {
    let message = "The security token included in the request is expired";
    let error = describe(error(403, "ExpiredTokenException", message)).await;
    assert_eq!(*error.kind(), ErrorKind::ExpiredCredentials);
    assert!(error.to_string().contains("Get new ones"), "{error}");
}

#[tokio::test]
async fn knows_answers_that_got_lost_from_connections_that_never_were() {
    let lost = describe(Answer::Lost).await;
    assert_eq!(*lost.kind(), ErrorKind::ConnectionLost, "{lost}");
    assert!(
        lost.message().contains("connection reset by peer"),
        "{lost}"
    );
    let refused = describe(Answer::Refused).await;
    assert_eq!(*refused.kind(), ErrorKind::Unreachable, "{refused}");
    let broken = describe(Answer::Http(502, "", "<html>Bad Gateway</html>".to_owned())).await;
    assert!(broken.is_transient(), "{broken:?}");
}

#[tokio::test]
async fn tells_missing_credentials_from_trouble_on_the_way() {
    let mut settings = crate::aws::testing::settings();
    settings.credentials.key = None;
    settings.credentials.skip_metadata = true;
    settings.credentials.profile = Some("there is no such profile".to_owned());
    let context = Replay::default().context(settings);
    let client = context.eks(None).await.unwrap();
    let answer = client.list_clusters().send().await;
    let error = of_sdk(|_| None, "ListClusters", "", answer.unwrap_err());
    assert_eq!(*error.kind(), ErrorKind::NoCredentials, "{error}");
    assert!(
        error.message().contains("there is no such profile"),
        "{error}"
    );
}
