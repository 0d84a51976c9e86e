//! Trying again: one loop, by kind of error, each with a budget.
//!
//! Clients repeat what was throttled, failed on the other side or lost its connection, a few times and within seconds,
//! with the same idempotency token. Here is what takes longer, or what only the service knows to be temporary.

use std::future::Future;
use std::time::Duration;

use tfplugin_rs::tf::Call;
use tokio::time::{Instant, sleep, sleep_until};

use super::wait::deadline;
use super::{Error, ErrorKind, Surroundings};

/// What a request may be tried again for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Something that the request refers to and that is not known everywhere yet, such as a new IAM role.
    Propagation,
    /// The object itself, made a moment ago, which is not found everywhere yet.
    NewlyMade,
    /// Another change of the same object or cluster: until that one is done.
    UpdateInProgress,
    /// An object, or its cluster, that is still being made: until it is ready.
    NotActive,
    /// An answer that got lost. Only for requests that carry an idempotency token, or that change nothing when repeated.
    LostAnswer,
    /// "In use" without a word that tells what for: a guess that it is a change which ends by itself. What is known to
    /// be said of changes is [`UpdateInProgress`](Self::UpdateInProgress), and waited for until it is done.
    InUse,
    /// "In use" of what has gone already, and only not everywhere: policies that were taken away from a role.
    Lingering,
}

/// IAM is usually through after 10 seconds; hashicorp/aws gives it the same time.
const PROPAGATION_BUDGET: Duration = Duration::from_secs(2 * 60);
/// Shorter than for roles that EKS asks IAM for: who asks IAM itself may have made a mistake, too.
const NEWLY_MADE_BUDGET: Duration = Duration::from_secs(30);
const LOST_ANSWER_BUDGET: Duration = Duration::from_secs(2 * 60);
/// Most changes of a part of a cluster take a minute or two. Who waits longer for what may never end would see AWS's words
/// only when all of the time is over.
const IN_USE_BUDGET: Duration = Duration::from_secs(3 * 60);

impl For {
    fn covers(self, error: &Error) -> bool {
        match self {
            Self::Propagation => *error.kind() == ErrorKind::NotPropagated,
            Self::NewlyMade => error.is_not_found(),
            Self::UpdateInProgress => matches!(error.kind(), ErrorKind::UpdateInProgress { .. }),
            Self::NotActive => *error.kind() == ErrorKind::NotActive,
            Self::LostAnswer => error.is_transient(),
            Self::InUse | Self::Lingering => *error.kind() == ErrorKind::InUse,
        }
    }

    /// How long after the first try that failed for it; `None` is until the deadline of the call.
    fn budget(self) -> Option<Duration> {
        match self {
            Self::Propagation | Self::Lingering => Some(PROPAGATION_BUDGET),
            Self::NewlyMade => Some(NEWLY_MADE_BUDGET),
            Self::LostAnswer => Some(LOST_ANSWER_BUDGET),
            Self::InUse => Some(IN_USE_BUDGET),
            Self::UpdateInProgress | Self::NotActive => None,
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
pub async fn retry<C, T, F>(
    cx: &Call<C>,
    kinds: &[For],
    call: impl FnMut() -> F,
) -> Result<T, Error>
where
    C: Surroundings,
    F: Future<Output = Result<T, Error>>,
{
    let reasons: Vec<_> = kinds.iter().map(|kind| (*kind, kind.budget())).collect();
    within(cx, &reasons, call).await
}

/// The loop, with the budgets given: tests cannot wait for minutes.
async fn within<C, T, F>(
    cx: &Call<C>,
    reasons: &[(For, Option<Duration>)],
    mut call: impl FnMut() -> F,
) -> Result<T, Error>
where
    C: Surroundings,
    F: Future<Output = Result<T, Error>>,
{
    let deadline = deadline(cx);
    // Each reason has a budget of its own: a cluster that was busy for minutes leaves IAM all of its time.
    let mut since: Option<(For, Instant)> = None;
    let mut intervals = cx.polling().intervals();
    loop {
        let error = match call().await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let Some((reason, budget)) = reasons.iter().find(|(reason, _)| reason.covers(&error))
        else {
            return Err(error);
        };
        let (_, start) = *match &since {
            Some((last, _)) if last == reason => since.get_or_insert((*reason, Instant::now())),
            _ => since.insert((*reason, Instant::now())),
        };
        let is_spent = budget.is_some_and(|budget| start.elapsed() >= budget);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::testing::{Nowhere, call_for};

    const NEVER: ErrorKind = ErrorKind::Other;

    fn cx() -> Call<Nowhere> {
        call_for(Duration::from_secs(5))
    }

    /// Fails with `kind` as often as said, then succeeds; tells how often it was called.
    async fn calls(
        cx: &Call<Nowhere>,
        reasons: &[(For, Option<Duration>)],
        kind: ErrorKind,
        failures: u32,
    ) -> (u32, Result<(), Error>) {
        let mut count = 0;
        let call = || {
            count += 1;
            let result = match count > failures {
                true => Ok(()),
                false => Err(Error::new("CreateCluster", "demo", kind.clone(), "…")),
            };
            std::future::ready(result)
        };
        let result = within(cx, reasons, call).await;
        (count, result)
    }

    #[tokio::test]
    async fn tries_again_for_the_kinds_asked_for_only() {
        let cx = cx();
        let in_progress = ErrorKind::UpdateInProgress { update_id: None };
        for (reason, kind) in [
            (For::Propagation, ErrorKind::NotPropagated),
            (For::NewlyMade, ErrorKind::NotFound),
            (For::UpdateInProgress, in_progress),
            (For::NotActive, ErrorKind::NotActive),
            (For::LostAnswer, ErrorKind::ConnectionLost),
            (For::InUse, ErrorKind::InUse),
            (For::Lingering, ErrorKind::InUse),
        ] {
            let (count, result) = calls(&cx, &[(reason, None)], kind, 3).await;
            assert!(result.is_ok() && count == 4, "{reason:?}: {count}");
            for never in [
                NEVER,
                ErrorKind::ExpiredCredentials,
                ErrorKind::AccessDenied,
            ] {
                let (count, result) = calls(&cx, &[(reason, None)], never, 3).await;
                assert!(result.is_err() && count == 1, "{reason:?}");
            }
        }
    }

    #[tokio::test]
    async fn gives_up_when_the_budget_is_spent() {
        let reasons = [(For::Propagation, Some(Duration::from_millis(10)))];
        let (count, result) = calls(&cx(), &reasons, ErrorKind::NotPropagated, u32::MAX).await;
        assert_eq!(*result.unwrap_err().kind(), ErrorKind::NotPropagated);
        assert!(count > 1, "{count}");
    }

    #[tokio::test]
    async fn each_reason_has_a_budget_of_its_own() {
        let busy = ErrorKind::UpdateInProgress { update_id: None };
        let reasons = [
            (For::UpdateInProgress, None),
            (For::Propagation, Some(Duration::from_millis(20))),
        ];
        let (began, mut lags) = (Instant::now(), 0);
        let call = || {
            let is_busy = began.elapsed() < Duration::from_millis(30);
            lags += u32::from(!is_busy);
            let kind = if is_busy {
                busy.clone()
            } else {
                ErrorKind::NotPropagated
            };
            std::future::ready(Err::<(), _>(Error::new("CreateCluster", "demo", kind, "…")))
        };
        let result = within(&cx(), &reasons, call).await;
        assert_eq!(*result.unwrap_err().kind(), ErrorKind::NotPropagated);
        assert!(lags > 1, "{lags}");
    }

    #[tokio::test]
    async fn gives_up_at_the_deadline() {
        let cx = call_for(Duration::from_millis(20));
        let (_, result) = calls(
            &cx,
            &[(For::NotActive, None)],
            ErrorKind::NotActive,
            u32::MAX,
        )
        .await;
        assert_eq!(*result.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn stops_on_request_between_tries() {
        let cx = cx();
        cx.stop().request();
        let (count, result) = calls(
            &cx,
            &[(For::NotActive, None)],
            ErrorKind::NotActive,
            u32::MAX,
        )
        .await;
        assert_eq!(*result.unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(count, 1);
    }

    #[test]
    fn what_takes_as_long_as_it_takes_has_no_budget() {
        assert_eq!(For::Propagation.budget(), Some(Duration::from_secs(120)));
        assert_eq!(For::UpdateInProgress.budget(), None);
        // What is guessed has one, too: a wrong guess is an error with AWS's words long before the time is over.
        assert_eq!(For::InUse.budget(), Some(Duration::from_secs(180)));
    }
}
