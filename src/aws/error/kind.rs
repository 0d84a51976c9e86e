//! From AWS's error codes and texts to a [`Kind`]. The only place that reads them.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

/// What an error means for what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// There is no such object.
    NotFound,
    /// The principal has no access entry in the cluster, or EKS has not made a new one known everywhere yet.
    NoAccessEntry,
    /// There already is an object of that name.
    AlreadyExists,
    /// Something else still uses the object.
    InUse,
    /// The object, or the cluster it belongs to, is being changed; AWS takes one change at a time.
    UpdateInProgress {
        /// The update in the way, where AWS names it.
        update_id: Option<String>,
    },
    /// The object, or the cluster it belongs to, is not ready for this yet.
    NotActive,
    /// The object already is as the request wants it.
    NothingToChange,
    /// AWS refuses a value.
    InvalidParameter,
    /// AWS refuses the request as a whole.
    InvalidRequest,
    /// The authentication mode of the cluster goes without access entries.
    AuthenticationMode,
    /// EKS found something that would break in an upgrade.
    UpgradeBlocked,
    /// A quota is used up.
    LimitExceeded,
    /// The caller may not do this.
    AccessDenied,
    /// The credentials have run out.
    ExpiredCredentials,
    /// There are no usable credentials.
    NoCredentials,
    /// A role or principal made a moment ago has not reached every part of AWS yet, or does not exist at all.
    IamPropagation,
    /// Too many requests.
    Throttled,
    /// AWS has a problem of its own.
    Unavailable,
    /// The connection broke after the request had been sent: AWS may have done it all the same.
    ConnectionLost,
    /// No connection came about: nothing has been sent.
    Unreachable,
    /// Not offered here: in this region, zone or version.
    Unsupported,
    /// AWS has no room: no free instances, no free addresses.
    NoFreeCapacity,
    /// The object ended in a state it cannot leave.
    Failed,
    /// The time allowed is over.
    TimedOut,
    /// Terraform asked to stop.
    Interrupted,
    /// Anything else.
    Other,
}

/// Texts with which services refuse a role or principal that has just been made. EKS uses the same code for roles that
/// are wrong for good, so these are retried for a while only.
const IAM_PROPAGATION: &[&str] = &[
    "Error in role params",
    "Role could not be assumed because the trusted entity is not correct",
    "The provided role doesn't have the Amazon EKS Managed Policies associated with it",
    "IAM role's policy must include",
    "Misconfigured PodExecutionRole Trust Policy",
    "The specified principalArn is invalid: invalid principal",
    // CreatePodIdentityAssociation and UpdatePodIdentityAssociation.
    "Role provided in the request does not exist",
];

/// Texts with which EKS refuses an update that would change nothing.
const NOTHING_TO_CHANGE: &[&str] = &[
    "No changes needed for the",
    "already at the desired configuration",
    // The answer to switching off: a request to switch on never gets it.
    "Auto Mode is not enabled on this cluster",
];

/// The kind of an answer of AWS.
pub(super) fn of_answer(code: &str, message: &str, status: u16) -> Kind {
    let code = code.rsplit('#').next().unwrap_or(code);
    by_text(code, message)
        .or_else(|| by_code(code))
        .or_else(|| by_code_ending(code))
        .unwrap_or_else(|| by_status(status))
}

/// Codes that mean several things, which only the text tells apart.
fn by_text(code: &str, message: &str) -> Option<Kind> {
    let says = |text: &str| message.contains(text);
    match code {
        "ResourceInUseException" | "InvalidRequestException"
            if says("already exists") || says("already in use on this cluster") =>
        {
            Some(Kind::AlreadyExists)
        }
        "ResourceInUseException" | "InvalidRequestException" if says("in progress") => {
            Some(Kind::UpdateInProgress {
                update_id: update_id(message),
            })
        }
        "ResourceInUseException" | "InvalidRequestException"
            if says("not in ACTIVE st") || says("not in Active State") =>
        {
            Some(Kind::NotActive)
        }
        // Fargate profiles: EKS takes one creation or deletion at a time per cluster.
        "ResourceInUseException" if says("in status CREATING") || says("in status DELETING") => {
            Some(Kind::UpdateInProgress { update_id: None })
        }
        // Identity provider configs, of which a cluster has one. The first text is known from hashicorp/aws, the second a
        // guess after it.
        "InvalidRequestException" if says("is not associated with cluster") => Some(Kind::NotFound),
        "InvalidRequestException" if says("is already associated with cluster") => {
            Some(Kind::AlreadyExists)
        }
        // UpdateAddon: "Addon coredns cannot be updated as it is currently in UPDATING state".
        "ResourceInUseException"
            if says("currently in UPDATING state") || says("currently in CREATING state") =>
        {
            Some(Kind::UpdateInProgress { update_id: None })
        }
        "ResourceInUseException" => Some(Kind::InUse),
        "InvalidParameterException" | "InvalidRequestException"
            if NOTHING_TO_CHANGE.iter().any(|text| says(text)) || goes_nowhere(message) =>
        {
            Some(Kind::NothingToChange)
        }
        "InvalidParameterException"
            if IAM_PROPAGATION.iter().any(|text| says(text)) || misses_role(message) =>
        {
            Some(Kind::IamPropagation)
        }
        "InvalidParameterException" if says("enough free IP addresses") => {
            Some(Kind::NoFreeCapacity)
        }
        // Of entries that do not exist, and by AssociateAccessPolicy right after CreateAccessEntry.
        "ResourceNotFoundException" if says("The specified principalArn could not be found") => {
            Some(Kind::NoAccessEntry)
        }
        "InvalidRequestException" if says("authentication mode must be set to one of") => {
            Some(Kind::AuthenticationMode)
        }
        // IAM, of a principal in a trust policy that was made a moment ago.
        "MalformedPolicyDocument" if says("Invalid principal in policy") => {
            Some(Kind::IamPropagation)
        }
        "ClientException" if says("No cluster found for name:") => Some(Kind::NotFound),
        _ => None,
    }
}

/// "Unsupported Kubernetes minor version update from 1.34 to 1.34": the update has been made already.
fn goes_nowhere(message: &str) -> bool {
    let Some((_, steps)) = message.split_once(" update from ") else {
        return false;
    };
    let step = |step: &str| step.trim_end_matches('.').to_owned();
    matches!(
        steps.split_whitespace().map(step).collect::<Vec<_>>().as_slice(),
        [from, to, goal] if to == "to" && from == goal
    )
}

/// Something "does not exist", and it is a role: subnets and security groups that are missing stay missing.
fn misses_role(message: &str) -> bool {
    let is_role = |word: &str| word.to_ascii_lowercase().ends_with("role") || word == "iam";
    let names_role = message
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| is_role(word.strip_suffix("Arn").unwrap_or(word)));
    message.contains("does not exist") && names_role
}

fn by_code(code: &str) -> Option<Kind> {
    Some(match code {
        "ResourceNotFoundException"
        | "NotFoundException"
        | "NoSuchEntity"
        | "NoSuchEntityException" => Kind::NotFound,
        "EntityAlreadyExists" | "EntityAlreadyExistsException" => Kind::AlreadyExists,
        // IAM: somebody else changes the same object at this moment.
        "ConcurrentModification" | "ConcurrentModificationException" => {
            Kind::UpdateInProgress { update_id: None }
        }
        "DependencyViolation" | "DeleteConflict" | "DeleteConflictException" => Kind::InUse,
        "InvalidParameterException"
        | "BadRequestException"
        | "ValidationError"
        | "ValidationException"
        | "MalformedPolicyDocument" => Kind::InvalidParameter,
        "InvalidRequestException" | "ClientException" => Kind::InvalidRequest,
        "InvalidStateException" => Kind::UpgradeBlocked,
        "ResourceLimitExceededException" | "LimitExceeded" | "LimitExceededException" => {
            Kind::LimitExceeded
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => Kind::AccessDenied,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Kind::ExpiredCredentials,
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "AuthFailure"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => Kind::NoCredentials,
        "ResourcePropagationDelayException" => Kind::IamPropagation,
        "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "ThrottlingException"
        | "Throttling"
        | "ThrottledException"
        | "RequestThrottled"
        | "SlowDown" => Kind::Throttled,
        "ServerException"
        | "ServiceUnavailableException"
        | "ServiceUnavailable"
        | "InternalError"
        | "InternalFailure"
        | "ServiceFailure" => Kind::Unavailable,
        "UnsupportedAvailabilityZoneException" | "UnsupportedOperation" => Kind::Unsupported,
        "InsufficientInstanceCapacity" | "InsufficientFreeAddressesInSubnet" => {
            Kind::NoFreeCapacity
        }
        _ => return None,
    })
}

/// EC2 names its errors `<Object>.<What>`.
fn by_code_ending(code: &str) -> Option<Kind> {
    let (_, ending) = code.rsplit_once('.')?;
    match ending {
        "NotFound" => Some(Kind::NotFound),
        "Duplicate" => Some(Kind::AlreadyExists),
        "InUse" => Some(Kind::InUse),
        _ => None,
    }
}

fn by_status(status: u16) -> Kind {
    match status {
        429 => Kind::Throttled,
        500.. => Kind::Unavailable,
        _ => Kind::Other,
    }
}

/// The update named in "Cannot … because cluster c currently has update 408c0738-… in progress".
fn update_id(message: &str) -> Option<String> {
    let (_, after) = message.split_once("currently has update ")?;
    let id = after.split_whitespace().next()?;
    (id != "in").then(|| id.to_owned())
}

/// The kind of an error without an answer, and its story in words.
pub(super) fn of_transport<E>(error: &SdkError<E, HttpResponse>) -> (Kind, String)
where
    E: StdError + Send + Sync + 'static,
{
    if let Some(error) = credentials_error(error) {
        return of_credentials(error);
    }
    let kind = match error {
        SdkError::DispatchFailure(failure) if failure.is_user() => Kind::Other,
        SdkError::DispatchFailure(_) if never_connected(error) => Kind::Unreachable,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => Kind::ConnectionLost,
        SdkError::ResponseError(_) => Kind::ConnectionLost,
        _ => Kind::Other,
    };
    (kind, story(error))
}

/// Tells errors while connecting from later ones.
///
/// hyper-util says "client error (Connect)" of everything up to the first byte of the request: names that do not
/// resolve, refused connections, TLS handshakes. The type behind it is private.
pub(in crate::aws) fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|cause| {
        let refused = cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused);
        refused || cause.to_string().contains("client error (Connect)")
    })
}

fn credentials_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a CredentialsError> {
    causes(error).find_map(|cause| cause.downcast_ref::<CredentialsError>())
}

/// The kind of an error of credentials, and its story in words.
pub(super) fn of_credentials(error: &CredentialsError) -> (Kind, String) {
    let story = story(error);
    let expired = ["ExpiredToken", "expired"];
    let kind = match expired.iter().any(|text| story.contains(text)) {
        true => Kind::ExpiredCredentials,
        false => Kind::NoCredentials,
    };
    (kind, story)
}

/// The error and what caused it, in words.
fn story(error: &(dyn StdError + 'static)) -> String {
    let words: Vec<String> = causes(error).map(ToString::to_string).collect();
    words.join(": ")
}

fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
