//! Real messages of AWS and what they mean to us.

use tfplugin_rs::tf;

use super::*;
use crate::aws::testing::{Answer, Replay, error};

fn kind(code: &str, message: &str) -> Kind {
    kind::of_answer(code, message, 400)
}

#[test]
fn reads_roles_that_iam_has_not_spread_yet() {
    // As EKS words them; hashicorp/aws retries the same texts.
    for message in [
        "roleArn, arn:aws:iam::123456789012:role/new, does not exist",
        "Error in role params",
        "Role could not be assumed because the trusted entity is not correct",
        "The provided role doesn't have the Amazon EKS Managed Policies associated with it. Please ensure the following \
         policies [arn:aws:iam::aws:policy/AmazonEKSClusterPolicy] are attached",
        "IAM role's policy must include the `ec2:DescribeSubnets` action",
        "Misconfigured PodExecutionRole Trust Policy; Please add the eks-fargate-pods.amazonaws.com Service Principal",
        "The specified principalArn is invalid: invalid principal.",
        "Role provided in the request does not exist.",
    ] {
        assert_eq!(
            kind("InvalidParameterException", message),
            Kind::IamPropagation,
            "{message}"
        );
    }
    // AdminTurnedDevOps/DevOps-The-Hard-Way-AWS#16; security groups in EC2's words.
    for message in [
        "The subnet ID 'subnet-0a1b2c3d' does not exist (Service: AmazonEC2; Status Code: 400; Error Code: \
         InvalidSubnetID.NotFound; Request ID: 1; Proxy: null)",
        "The security group 'sg-0a1b2c3d' does not exist (Service: AmazonEC2; Status Code: 400; Error Code: \
         InvalidGroup.NotFound; Request ID: 1; Proxy: null)",
    ] {
        let found = kind("InvalidParameterException", message);
        assert_eq!(found, Kind::InvalidParameter, "{message}");
    }
    assert_eq!(
        kind("ResourcePropagationDelayException", "…"),
        Kind::IamPropagation
    );
}

#[test]
fn reads_what_iam_is_not_through_with() {
    let message = "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/new\"";
    let found = kind("MalformedPolicyDocument", message);
    assert_eq!(found, Kind::IamPropagation);
    let found = kind("MalformedPolicyDocument", "Syntax errors in policy.");
    assert_eq!(found, Kind::InvalidParameter);
    let found = kind("ConcurrentModification", "…");
    assert_eq!(found, Kind::UpdateInProgress { update_id: None });
}

#[test]
fn reads_what_access_entries_need() {
    let message = "The specified principalArn could not be found. You can view your available access entries with \
                   'list-access-entries'.";
    let missing = kind("ResourceNotFoundException", message);
    assert_eq!(missing, Kind::NoAccessEntry);
    assert!(Error::new("DescribeAccessEntry", "", missing, "…").is_not_found());
    let message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this \
                   operation.";
    let refused = kind("InvalidRequestException", message);
    assert_eq!(refused, Kind::AuthenticationMode);
    let error = Error::new("CreateAccessEntry", "", refused, message).to_string();
    assert!(
        error.contains("authentication_mode = \"API_AND_CONFIG_MAP\""),
        "{error}"
    );
}

#[test]
fn reads_changes_in_progress() {
    let in_progress = |id: Option<&str>| Kind::UpdateInProgress {
        update_id: id.map(ToOwned::to_owned),
    };
    // aws-controllers-k8s/community#1192.
    let message = "Cannot EndpointAccessUpdate because cluster simple-cluster currently has update \
                   408c0738-828c-42b2-aaa5-38691b63f738 in progress";
    let expected = in_progress(Some("408c0738-828c-42b2-aaa5-38691b63f738"));
    assert_eq!(kind("ResourceInUseException", message), expected);
    // aws/containers-roadmap#1511.
    let message = "Cannot delete because cluster demo currently has an update in progress";
    assert_eq!(kind("ResourceInUseException", message), in_progress(None));
    let message = "Cannot create Fargate Profile b because cluster demo currently has Fargate profile a in status CREATING";
    assert_eq!(kind("ResourceInUseException", message), in_progress(None));
}

#[test]
fn tells_the_meanings_of_resource_in_use_apart() {
    for (message, expected) in [
        (
            "Cluster already exists with name: demo",
            Kind::AlreadyExists,
        ),
        (
            "NodeGroup already exists with name workers and cluster name demo",
            Kind::AlreadyExists,
        ),
        // terraform-aws-modules/terraform-aws-eks#3293.
        (
            "The specified access entry resource is already in use on this cluster.",
            Kind::AlreadyExists,
        ),
        ("Cluster has nodegroups attached", Kind::InUse),
        // aws/containers-roadmap#2204.
        (
            "Nodegroup cannot be updated as it is currently not in Active State",
            Kind::NotActive,
        ),
        // eksctl-io/eksctl#7269.
        (
            "Addon coredns cannot be updated as it is currently in UPDATING state",
            Kind::UpdateInProgress { update_id: None },
        ),
        (
            "Addon coredns cannot be updated as it is currently in DELETING state",
            Kind::InUse,
        ),
    ] {
        assert_eq!(
            kind("ResourceInUseException", message),
            expected,
            "{message}"
        );
    }
    // eksctl-io/eksctl#2244.
    let message = "Cluster 'demo' is not in ACTIVE status";
    assert_eq!(kind("InvalidRequestException", message), Kind::NotActive);
}

#[test]
fn reads_that_a_cluster_has_an_identity_provider_config_or_none() {
    for (message, expected) in [
        // hashicorp/aws passes over it when it deletes.
        (
            "Identity provider config is not associated with cluster demo",
            Kind::NotFound,
        ),
        (
            "Identity provider config is already associated with cluster demo",
            Kind::AlreadyExists,
        ),
    ] {
        assert_eq!(kind("InvalidRequestException", message), expected);
    }
    // elastic/cloudbeat#3093.
    let message = "Cannot AssociateIdentityProviderConfig because cluster demo currently has update \
                   b7c83fd1-d7b0-3ebc-8b4f-e61a8d9f4b3c in progress";
    let update_id = Some("b7c83fd1-d7b0-3ebc-8b4f-e61a8d9f4b3c".to_owned());
    let expected = Kind::UpdateInProgress { update_id };
    assert_eq!(kind("ResourceInUseException", message), expected);
}

#[test]
fn reads_updates_that_would_change_nothing() {
    // aws-samples/eks-workshop-v2#1404, eksctl-io/eksctl#4043.
    for (code, message) in [
        (
            "InvalidParameterException",
            "No changes needed for the logging config provided",
        ),
        (
            "InvalidParameterException",
            "Cluster is already at the desired configuration with endpointPrivateAccess: true , endpointPublicAccess: \
             true, and Public Endpoint Restrictions: [0.0.0.0/0]",
        ),
        (
            "InvalidParameterException",
            "Unsupported Kubernetes minor version update from 1.34 to 1.34",
        ),
        (
            "InvalidParameterException",
            "Unsupported authentication mode update from API to API",
        ),
        (
            "InvalidRequestException",
            "Cannot modify EKS Auto Mode configuration. Auto Mode is not enabled on this cluster.",
        ),
    ] {
        assert_eq!(kind(code, message), Kind::NothingToChange, "{message}");
    }
    let message = "Unsupported Kubernetes minor version update from 1.33 to 1.35";
    let found = kind("InvalidParameterException", message);
    assert_eq!(found, Kind::InvalidParameter);
}

#[test]
fn reads_codes_of_all_services() {
    for (code, expected) in [
        ("ResourceNotFoundException", Kind::NotFound),
        ("NoSuchEntity", Kind::NotFound),
        ("InvalidLaunchTemplateId.NotFound", Kind::NotFound),
        ("EntityAlreadyExists", Kind::AlreadyExists),
        ("InvalidGroup.Duplicate", Kind::AlreadyExists),
        ("DependencyViolation", Kind::InUse),
        ("InvalidParameterException", Kind::InvalidParameter),
        ("InvalidRequestException", Kind::InvalidRequest),
        ("InvalidStateException", Kind::UpgradeBlocked),
        ("ResourceLimitExceededException", Kind::LimitExceeded),
        ("AccessDeniedException", Kind::AccessDenied),
        ("UnauthorizedOperation", Kind::AccessDenied),
        ("ExpiredTokenException", Kind::ExpiredCredentials),
        ("UnrecognizedClientException", Kind::NoCredentials),
        ("ThrottlingException", Kind::Throttled),
        ("RequestLimitExceeded", Kind::Throttled),
        ("ServerException", Kind::Unavailable),
        ("UnsupportedAvailabilityZoneException", Kind::Unsupported),
        ("com.amazonaws.eks#ServerException", Kind::Unavailable),
        ("SomethingNew", Kind::Other),
    ] {
        assert_eq!(kind(code, "…"), expected, "{code}");
    }
    assert_eq!(
        kind("ClientException", "No cluster found for name: demo."),
        Kind::NotFound
    );
    assert_eq!(kind::of_answer("", "", 503), Kind::Unavailable);
    assert_eq!(kind::of_answer("", "", 429), Kind::Throttled);
}

/// What DescribeCluster makes of an answer.
async fn describe(answer: Answer) -> Error {
    let replay = Replay::new([answer]);
    let client = replay.call().eks(None).await.unwrap();
    let answer = client.describe_cluster().name("demo").send().await;
    Error::from_sdk("DescribeCluster", "EKS cluster demo", answer.unwrap_err())
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
    assert_eq!(*error.kind(), Kind::ExpiredCredentials);
    assert!(error.to_string().contains("Get new ones"), "{error}");
}

#[tokio::test]
async fn knows_answers_that_got_lost_from_connections_that_never_were() {
    let lost = describe(Answer::Lost).await;
    assert_eq!(*lost.kind(), Kind::ConnectionLost, "{lost}");
    assert!(
        lost.message().contains("connection reset by peer"),
        "{lost}"
    );
    let refused = describe(Answer::Refused).await;
    assert_eq!(*refused.kind(), Kind::Unreachable, "{refused}");
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
    let error = Error::from_sdk("ListClusters", "", answer.unwrap_err());
    assert_eq!(*error.kind(), Kind::NoCredentials, "{error}");
    assert!(
        error.message().contains("there is no such profile"),
        "{error}"
    );
}

#[test]
fn lists_issues_with_their_resources() {
    let issue = Issue {
        code: "NodeCreationFailure".to_owned(),
        message: "Instances failed to join the kubernetes cluster".to_owned(),
        resource_ids: vec!["i-0a".to_owned(), "i-0b".to_owned()],
    };
    let error = Error::new(
        "Waiting",
        "EKS node group demo/workers",
        Kind::Failed,
        "it is CREATE_FAILED and not ACTIVE",
    )
    .with_issues(vec![issue])
    .with_request_id(Some("r-1".to_owned()));
    assert_eq!(
        error.to_string(),
        "Waiting for EKS node group demo/workers: it is CREATE_FAILED and not ACTIVE (request id r-1).\n  \
         - NodeCreationFailure: Instances failed to join the kubernetes cluster [i-0a, i-0b]"
    );
}

#[test]
fn what_was_cut_short_is_unfinished() {
    let error = |kind| Error::new("CreateCluster", "x", kind, "…");
    let refused = error(Kind::NotActive);
    assert!(!tf::Error::from(refused.clone()).unfinished);
    assert!(tf::Error::from(refused.clone().interrupted()).unfinished);
    assert!(tf::Error::from(refused.out_of_time(Duration::from_secs(1))).unfinished);
}
