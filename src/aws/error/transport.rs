//! Errors without an answer: of the connection, and of the credentials.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use crate::api::ErrorKind;

/// The kind of an error without an answer, and its story in words.
pub(super) fn kind<E>(error: &SdkError<E, HttpResponse>) -> (ErrorKind, String)
where
    E: StdError + Send + Sync + 'static,
{
    if let Some(error) = credentials_error(error) {
        return of_credentials(error);
    }
    let kind = match error {
        SdkError::DispatchFailure(failure) if failure.is_user() => ErrorKind::Other,
        SdkError::DispatchFailure(_) if never_connected(error) => ErrorKind::Unreachable,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => ErrorKind::ConnectionLost,
        SdkError::ResponseError(_) => ErrorKind::ConnectionLost,
        _ => ErrorKind::Other,
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
pub(super) fn of_credentials(error: &CredentialsError) -> (ErrorKind, String) {
    let story = story(error);
    let expired = ["ExpiredToken", "expired"];
    let kind = match expired.iter().any(|text| story.contains(text)) {
        true => ErrorKind::ExpiredCredentials,
        false => ErrorKind::NoCredentials,
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
