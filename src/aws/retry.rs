//! Trying again: one loop, by kind of error, each with a budget.
//!
//! The SDK itself repeats what was throttled, failed inside AWS or lost its connection, a few times and within
//! seconds, with the same idempotency token. Here is what takes longer, or what only EKS knows to be temporary.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::wait::deadline;
use super::{Call, Error, Kind};

/// What a request may be tried again for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A role or principal that IAM has not made known everywhere yet.
    IamPropagation,
    /// Another change of the same object or cluster: until that one is done.
    UpdateInProgress,
    /// An object, or its cluster, that is still being made: until it is ready.
    NotActive,
    /// An answer that got lost. Only for requests that carry an idempotency token, or that change nothing when repeated.
    LostAnswer,
    /// Something that still uses the object and is going away, such as network interfaces of a security group.
    InUse,
}

/// IAM is usually through after 10 seconds; hashicorp/aws gives it the same time.
const IAM_PROPAGATION_BUDGET: Duration = Duration::from_secs(2 * 60);
const LOST_ANSWER_BUDGET: Duration = Duration::from_secs(2 * 60);

impl For {
    fn covers(self, error: &Error) -> bool {
        match self {
            Self::IamPropagation => *error.kind() == Kind::IamPropagation,
            Self::UpdateInProgress => matches!(error.kind(), Kind::UpdateInProgress { .. }),
            Self::NotActive => *error.kind() == Kind::NotActive,
            Self::LostAnswer => error.is_transient(),
            Self::InUse => *error.kind() == Kind::InUse,
        }
    }

    /// How long after the first try; `None` is until the deadline of the call.
    fn budget(self) -> Option<Duration> {
        match self {
            Self::IamPropagation => Some(IAM_PROPAGATION_BUDGET),
            Self::LostAnswer => Some(LOST_ANSWER_BUDGET),
            Self::UpdateInProgress | Self::NotActive | Self::InUse => None,
        }
    }
}

/// Calls until it succeeds, fails for another reason than `kinds`, or has used up the budget of that reason.
///
/// A request on its way is never cut short by a stop or the deadline, because what became of it would be unknown; only
/// the pauses are.
///
/// # Errors
///
/// The last error of `call`; or that Terraform asked to stop while the last error was one to try again for.
pub async fn retry<T, F>(cx: &Call, kinds: &[For], mut call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let deadline = deadline(cx);
    let start = Instant::now();
    let mut intervals = cx.polling().intervals();
    loop {
        let error = match call().await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let Some(reason) = kinds.iter().find(|kind| kind.covers(&error)) else {
            return Err(error);
        };
        let is_spent = reason
            .budget()
            .is_some_and(|budget| start.elapsed() >= budget);
        let Some(interval) = intervals.next().filter(|_| !is_spent) else {
            return Err(error);
        };
        tracing::info!(?reason, error = error.message(), "trying again");
        tokio::select! {
            biased;
            () = cx.stop().requested() => return Err(error.interrupted()),
            () = sleep_until(deadline) => return Err(error.out_of_time(cx.timeout())),
            () = sleep(interval) => {}
        }
    }
}
