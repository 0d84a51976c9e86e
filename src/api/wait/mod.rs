//! Waiting for an object to get where it is going: a wait is data, and there is one loop.
//!
//! Which states exist is for the caller to say; how long and how often to look is for [`Call`] and its context.

#[cfg(test)]
mod tests;

use std::future::Future;
use std::time::SystemTime;

use tfplugin_rs::tf::Call;
use tokio::time::{Instant, sleep, sleep_until};

use super::{Error, ErrorKind, Issue, Surroundings};

/// What to wait for.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    /// What the object is called: `EKS cluster`.
    pub what: &'a str,
    /// Which one.
    pub identity: &'a str,
    /// States on the way.
    pub pending: &'a [&'a str],
    /// States that end the wait well. Empty in [`until_gone`].
    pub target: &'a [&'a str],
}

/// How far an object has come that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is on its way.
    Going,
    /// It is there.
    Done,
    /// It is in a state that leads nowhere.
    Failed,
}

/// An object as a wait sees it.
pub trait Observed: Send {
    /// Its state, in AWS's words; empty for kinds without states.
    fn status(&self) -> &str {
        ""
    }

    /// When it was made, where AWS tells.
    fn created_at(&self) -> Option<SystemTime> {
        None
    }

    /// The idempotency token that it was made with, where AWS tells.
    fn token(&self) -> Option<&str> {
        None
    }

    /// What AWS says is wrong with it.
    fn issues(&self) -> Vec<Issue> {
        Vec::new()
    }

    /// The id of an update by which it is being made, where it is made by one.
    fn update_id(&self) -> Option<&str> {
        None
    }

    /// The id of the request that gave this answer.
    fn request_id(&self) -> Option<&str> {
        None
    }
}

/// How often in a row an object that was just made may be missing: the parts of AWS that answer reads learn of it a
/// moment after the one that made it.
const NOT_FOUND_GRACE: u32 = 20;

/// How often [`look_again`] looks: some ten seconds by default.
const LOOKS: usize = 5;

/// Looks until the object is in a target state, and returns it.
///
/// # Errors
///
/// The object is in a state that is neither on the way nor the goal (with its issues), or `find` says that it has failed;
/// it is gone; the time is over; Terraform asked to stop; looking failed for good. Transient failures to look do not end
/// the wait.
pub async fn until<C, T, F>(
    cx: &Call<C>,
    wait: Wait<'_>,
    mut find: impl FnMut() -> F,
) -> Result<T, Error>
where
    C: Surroundings,
    T: Observed,
    F: Future<Output = Result<Option<T>, Error>>,
{
    let progress = |status: &str| match status {
        done if wait.target.contains(&done) => Progress::Done,
        going if wait.pending.contains(&going) => Progress::Going,
        _ => Progress::Failed,
    };
    until_done(cx, wait, || {
        let found = find();
        async move {
            let found = found.await?;
            Ok(found.map(|object| {
                let progress = progress(object.status());
                (object, progress)
            }))
        }
    })
    .await
}

/// The same where `find` says how far the object has come, which its state alone does not tell.
///
/// # Errors
///
/// As [`until`].
pub async fn until_done<C, T, F>(
    cx: &Call<C>,
    wait: Wait<'_>,
    find: impl FnMut() -> F,
) -> Result<T, Error>
where
    C: Surroundings,
    T: Observed,
    F: Future<Output = Result<Option<(T, Progress)>, Error>>,
{
    let mut missing = 0;
    let mut was_seen = false;
    let judge = |found: Option<(T, Progress)>| match found {
        Some((object, Progress::Done)) => Verdict::Done(object),
        Some((object, Progress::Going)) => {
            was_seen = true;
            missing = 0;
            Verdict::Going(match object.status() {
                "" => "not as planned yet".to_owned(),
                status => status.to_owned(),
            })
        }
        Some((object, Progress::Failed)) => Verdict::Failed(wait.unexpected(&object)),
        None if was_seen => Verdict::Failed(wait.error(ErrorKind::NotFound, "it is gone")),
        None => {
            missing += 1;
            match missing > NOT_FOUND_GRACE {
                true => Verdict::Failed(wait.error(ErrorKind::NotFound, "AWS does not find it")),
                false => Verdict::Going("not found yet".to_owned()),
            }
        }
    };
    watch(cx, wait, find, judge).await
}

/// Looks until there is no such object any more.
///
/// # Errors
///
/// As [`until`]: a state that is not pending fails the wait, such as `DELETE_FAILED`.
pub async fn until_gone<C, T, F>(
    cx: &Call<C>,
    wait: Wait<'_>,
    find: impl FnMut() -> F,
) -> Result<(), Error>
where
    C: Surroundings,
    T: Observed,
    F: Future<Output = Result<Option<T>, Error>>,
{
    let judge = |found: Option<T>| match found {
        None => Verdict::Done(()),
        Some(object) if wait.pending.contains(&object.status()) => {
            Verdict::Going(object.status().to_owned())
        }
        Some(object) => Verdict::Failed(wait.unexpected(&object)),
    };
    watch(cx, wait, find, judge).await
}

/// Looks a few times for what may have been made a moment ago; `None` when it does not show.
///
/// # Errors
///
/// Looking failed.
pub async fn look_again<C, T, F>(cx: &Call<C>, find: impl Fn() -> F) -> Result<Option<T>, Error>
where
    C: Surroundings,
    F: Future<Output = Result<Option<T>, Error>>,
{
    for interval in cx.polling().intervals().take(LOOKS) {
        match find().await? {
            None if cx.stop().is_requested() => break,
            None => sleep(interval).await,
            found => return Ok(found),
        }
    }
    Ok(None)
}

/// What one look says about the wait.
enum Verdict<D> {
    Done(D),
    Going(String),
    Failed(Error),
}

async fn watch<C, T, F, D>(
    cx: &Call<C>,
    wait: Wait<'_>,
    mut find: impl FnMut() -> F,
    mut judge: impl FnMut(Option<T>) -> Verdict<D>,
) -> Result<D, Error>
where
    C: Surroundings,
    F: Future<Output = Result<Option<T>, Error>>,
{
    let deadline = deadline(cx);
    let mut last = "not looked yet".to_owned();
    for interval in cx.polling().intervals() {
        let found = tokio::select! {
            biased;
            () = cx.stop().requested() => return Err(wait.interrupted(&last)),
            found = find() => found,
            () = sleep_until(deadline) => return Err(wait.timed_out(cx, &last)),
        };
        // Whoever cannot look any more, because the credentials have expired for example, knows of no failure.
        let status = match found.map(&mut judge) {
            Ok(Verdict::Done(done)) => return Ok(done),
            Ok(Verdict::Failed(error)) => return Err(error),
            Ok(Verdict::Going(status)) => status,
            Err(error) if error.is_transient() => error.message().to_owned(),
            // Who looked closer than at the state.
            Err(error) if *error.kind() == ErrorKind::Failed => return Err(error),
            Err(error) => return Err(error.unfinished()),
        };
        if status != last {
            tracing::info!(what = wait.what, identity = wait.identity, %status, "waiting");
            last = status;
        }
        tokio::select! {
            biased;
            () = cx.stop().requested() => return Err(wait.interrupted(&last)),
            () = sleep_until(deadline) => return Err(wait.timed_out(cx, &last)),
            () = sleep(interval) => {}
        }
    }
    Err(wait.timed_out(cx, &last))
}

/// The deadline on tokio's clock, which tests can pause; [`Call`] keeps it on the system's.
pub(super) fn deadline<C>(cx: &Call<C>) -> Instant {
    Instant::now()
        + cx.deadline()
            .saturating_duration_since(std::time::Instant::now())
}

impl Wait<'_> {
    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        let target = format!("{} {}", self.what, self.identity);
        Error::new("Waiting", target, kind, message)
    }

    /// The object is in a state that leads nowhere near the goal.
    pub(crate) fn unexpected(&self, object: &impl Observed) -> Error {
        let goal = match self.target {
            [] => "gone".to_owned(),
            target => target.join(" or "),
        };
        let message = format!("it is {} and not {goal}", object.status());
        self.error(ErrorKind::Failed, message)
            .with_issues(object.issues())
            .with_request_id(object.request_id().map(ToOwned::to_owned))
    }

    fn timed_out<C>(&self, cx: &Call<C>, last: &str) -> Error {
        let minutes = cx.timeout().as_secs_f64() / 60.0;
        let message = format!("not done after {minutes:.0} minutes; last status: {last}");
        self.error(ErrorKind::TimedOut, message).unfinished()
    }

    fn interrupted(&self, last: &str) -> Error {
        let message = format!("stopped on request; last status: {last}");
        self.error(ErrorKind::Interrupted, message).unfinished()
    }
}
