//! Questions of a plan that it can do without: they must not hold it up where nobody answers.

use std::time::Duration;

/// Long enough for an answer, short enough for a network where there is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// The answer to a question, or why there is none.
///
/// # Errors
///
/// That of the question; or nobody answers.
pub(crate) async fn in_time<T>(
    question: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let answer = tokio::time::timeout(PATIENCE, question).await;
    answer.unwrap_or_else(|_| Err("AWS does not answer".to_owned()))
}
