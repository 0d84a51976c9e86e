//! Real messages of EKS and what they mean to us.

use super::*;
use crate::api::{For, retry};
use crate::aws::testing::{Answer as Wire, Replay, error};

fn of(operation: &str, code: &str, message: &str) -> Meaning {
    let refusal = Refusal {
        operation,
        code,
        message,
    };
    classify(&refusal).unwrap_or_else(|| ErrorKind::Other.into())
}

fn kind(code: &str, message: &str) -> ErrorKind {
    of("UpdateClusterConfig", code, message).kind
}

#[test]
fn reads_what_access_entries_need() {
    let message = "The specified principalArn could not be found. You can view your available access entries with \
                   'list-access-entries'.";
    let code = "ResourceNotFoundException";
    let referred_to = of("AssociateAccessPolicy", code, message);
    assert_eq!(referred_to.kind, ErrorKind::NotPropagated);
    assert_eq!(referred_to.advice, Some(NO_ACCESS_ENTRY));
    let changed = of("UpdateAccessEntry", code, message);
    assert_eq!(changed.kind, ErrorKind::NotPropagated);
    assert_eq!(changed.advice, Some(LOST_ACCESS_ENTRY));
    // To all services that is an object which is not there.
    assert_eq!(
        of("DescribeAccessEntry", code, message).kind,
        ErrorKind::Other
    );
    let message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this \
                   operation.";
    let refused = of("CreateAccessEntry", "InvalidRequestException", message);
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);
    assert_eq!(refused.advice, Some(AUTHENTICATION_MODE));
}

#[test]
fn reads_that_insights_stand_in_the_way() {
    let meaning = of("UpdateClusterVersion", "InvalidStateException", "…");
    assert_eq!(meaning.advice, Some(UPGRADE_BLOCKED));
}

#[test]
fn a_missing_cluster_has_two_codes() {
    let message = "No cluster found for name: demo.";
    assert_eq!(kind("ClientException", message), ErrorKind::NotFound);
    assert_eq!(kind("ClientException", "…"), ErrorKind::InvalidRequest);
    let code = "UnsupportedAvailabilityZoneException";
    assert_eq!(kind(code, "…"), ErrorKind::Unsupported);
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
            ErrorKind::NotPropagated,
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
        assert_eq!(found, ErrorKind::Other, "{message}");
    }
    assert_eq!(
        kind("ResourcePropagationDelayException", "…"),
        ErrorKind::NotPropagated
    );
}

#[test]
fn reads_changes_in_progress() {
    let in_progress = |id: Option<&str>| ErrorKind::UpdateInProgress {
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
            ErrorKind::AlreadyExists,
        ),
        (
            "NodeGroup already exists with name workers and cluster name demo",
            ErrorKind::AlreadyExists,
        ),
        // terraform-aws-modules/terraform-aws-eks#3293.
        (
            "The specified access entry resource is already in use on this cluster.",
            ErrorKind::AlreadyExists,
        ),
        ("Cluster has nodegroups attached", ErrorKind::InUse),
        // aws/containers-roadmap#2204.
        (
            "Nodegroup cannot be updated as it is currently not in Active State",
            ErrorKind::NotActive,
        ),
        // eksctl-io/eksctl#7269.
        (
            "Addon coredns cannot be updated as it is currently in UPDATING state",
            ErrorKind::UpdateInProgress { update_id: None },
        ),
        (
            "Addon coredns cannot be updated as it is currently in DELETING state",
            ErrorKind::InUse,
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
    assert_eq!(
        kind("InvalidRequestException", message),
        ErrorKind::NotActive
    );
}

#[test]
fn reads_that_a_cluster_has_an_identity_provider_config_or_none() {
    for (message, expected) in [
        // hashicorp/aws passes over it when it deletes.
        (
            "Identity provider config is not associated with cluster demo",
            ErrorKind::NotFound,
        ),
        (
            "Identity provider config is already associated with cluster demo",
            ErrorKind::AlreadyExists,
        ),
    ] {
        assert_eq!(kind("InvalidRequestException", message), expected);
    }
    // elastic/cloudbeat#3093.
    let message = "Cannot AssociateIdentityProviderConfig because cluster demo currently has update \
                   b7c83fd1-d7b0-3ebc-8b4f-e61a8d9f4b3c in progress";
    let update_id = Some("b7c83fd1-d7b0-3ebc-8b4f-e61a8d9f4b3c".to_owned());
    let expected = ErrorKind::UpdateInProgress { update_id };
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
        assert_eq!(kind(code, message), ErrorKind::NothingToChange, "{message}");
    }
    let message = "Unsupported Kubernetes minor version update from 1.33 to 1.35";
    let found = kind("InvalidParameterException", message);
    assert_eq!(found, ErrorKind::Other);
}

#[tokio::test]
async fn repeats_a_create_with_the_same_token() {
    let message = "roleArn, arn:aws:iam::1:role/new, does not exist";
    let replay = Replay::new([
        error(400, "InvalidParameterException", message),
        Wire::Lost,
        Wire::Http(200, "", r#"{"nodegroup":{"status":"CREATING"}}"#.to_owned()),
    ]);
    let cx = replay.call();
    let client = cx.eks(None).await.unwrap();
    let create = async || {
        let request = client
            .create_nodegroup()
            .cluster_name("demo")
            .nodegroup_name("workers");
        let request = request
            .subnets("subnet-1")
            .node_role("arn:aws:iam::1:role/new");
        let answer = request
            .client_request_token(cx.idempotency_token())
            .send()
            .await;
        answer.to("CreateNodegroup", "workers")
    };
    let result = retry(&cx, &[For::Propagation, For::LostAnswer], create).await;
    assert!(result.is_ok(), "{result:?}");
    let requests = replay.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|r| r.contains(r#""clientRequestToken":"token""#)),
        "{requests:?}"
    );
}
