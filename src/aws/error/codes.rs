//! Error codes that mean the same in all services.

use super::{Meaning, Refusal};
use crate::api::ErrorKind;

/// What a refusal means that the service does not classify itself.
pub(super) fn meaning(refusal: &Refusal<'_>, status: u16) -> Meaning {
    let kind = by_code(refusal.code).or_else(|| by_ending(refusal.code));
    kind.unwrap_or_else(|| by_status(status)).into()
}

fn by_code(code: &str) -> Option<ErrorKind> {
    Some(match code {
        "ResourceNotFoundException" | "NotFoundException" => ErrorKind::NotFound,
        "InvalidParameterException"
        | "BadRequestException"
        | "ValidationError"
        | "ValidationException" => ErrorKind::InvalidParameter,
        "InvalidRequestException" => ErrorKind::InvalidRequest,
        "ResourceLimitExceededException" | "LimitExceeded" | "LimitExceededException" => {
            ErrorKind::LimitExceeded
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            ErrorKind::AccessDenied
        }
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            ErrorKind::ExpiredCredentials
        }
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "AuthFailure"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => ErrorKind::NoCredentials,
        "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "ThrottlingException"
        | "Throttling"
        | "ThrottledException"
        | "RequestThrottled"
        | "SlowDown" => ErrorKind::Throttled,
        "ServerException"
        | "ServiceUnavailableException"
        | "ServiceUnavailable"
        | "InternalError"
        | "InternalFailure"
        | "ServiceFailure" => ErrorKind::Unavailable,
        "UnsupportedOperation" => ErrorKind::Unsupported,
        _ => return None,
    })
}

/// EC2 and others name their errors `<Object>.<What>`.
fn by_ending(code: &str) -> Option<ErrorKind> {
    let (_, ending) = code.rsplit_once('.')?;
    match ending {
        "NotFound" => Some(ErrorKind::NotFound),
        "Duplicate" => Some(ErrorKind::AlreadyExists),
        "InUse" => Some(ErrorKind::InUse),
        _ => None,
    }
}

fn by_status(status: u16) -> ErrorKind {
    match status {
        429 => ErrorKind::Throttled,
        500.. => ErrorKind::Unavailable,
        _ => ErrorKind::Other,
    }
}
