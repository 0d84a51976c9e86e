//! Turns: what AWS does one at a time, this process asks for one at a time, instead of asking AWS again and again whether
//! the time has come.
//!
//! What is done in turn is for the caller to name. Other processes are not known here: AWS turns their requests away, or
//! ours, and [`retry`](super::retry) sees to that.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use tfplugin_rs::tf::Call;
use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

use super::{Error, ErrorKind, Surroundings};

/// A queue for each thing that is done one at a time. Who came first goes first.
#[derive(Debug, Default)]
pub struct Turns(Mutex<HashMap<String, Arc<Queue<()>>>>);

impl Turns {
    fn queue(&self, name: &str) -> Arc<Queue<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.entry(name.to_owned()).or_default().clone()
    }
}

/// A turn, which ends when this is dropped; and the call whose time began with it.
pub struct Turn<C> {
    cx: Call<C>,
    _place: OwnedMutexGuard<()>,
}

impl<C> Deref for Turn<C> {
    type Target = Call<C>;

    fn deref(&self) -> &Call<C> {
        &self.cx
    }
}

/// Waits for a turn among all that is called `name` in this process.
///
/// The time allowed begins with it: who comes tenth must not run out of time while the others use theirs. Each of those
/// has a limit, so the waiting has one, too.
///
/// # Errors
///
/// Terraform asked to stop.
pub async fn turn<C: Surroundings>(cx: &Call<C>, name: &str) -> Result<Turn<C>, Error> {
    let queue = cx.turns().queue(name);
    tokio::select! {
        biased;
        () = cx.stop().requested() => Err(stopped(name)),
        place = queue.lock_owned() => Ok(Turn {
            cx: cx.from_now_on(),
            _place: place,
        }),
    }
}

fn stopped(name: &str) -> Error {
    let message = "stopped on request before it was its turn; nothing has been asked of AWS";
    Error::new("Waiting", name, ErrorKind::Interrupted, message)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::testing::{Nowhere, call_for};

    fn cx() -> Call<Nowhere> {
        call_for(Duration::from_secs(60))
    }

    /// Works for a while in the queue of that name, and writes down when it begins and ends.
    async fn work(
        cx: &Call<Nowhere>,
        name: &str,
        who: &str,
        log: &Mutex<Vec<String>>,
    ) -> Result<(), Error> {
        let write = |what: &str| log.lock().unwrap().push(format!("{who} {what}"));
        let turn = turn(cx, name).await?;
        assert!(
            turn.deadline() > cx.deadline(),
            "the time of {who} began before"
        );
        write("begins");
        tokio::time::sleep(Duration::from_millis(5)).await;
        write("ends");
        Ok(())
    }

    #[tokio::test]
    async fn one_goes_after_the_other_and_each_has_its_time() {
        let (cx, log) = (cx(), Mutex::default());
        let all = ["a", "b", "c"].map(|who| work(&cx, "demo", who, &log));
        let [a, b, c] = all;
        let (a, b, c) = tokio::join!(a, b, c);
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        let expected = [
            "a begins", "a ends", "b begins", "b ends", "c begins", "c ends",
        ];
        assert_eq!(*log.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn other_names_do_not_wait() {
        let (cx, log) = (cx(), Mutex::default());
        let (one, other) = tokio::join!(work(&cx, "one", "a", &log), work(&cx, "other", "b", &log));
        assert!(one.is_ok() && other.is_ok());
        assert_eq!(log.lock().unwrap()[..2], ["a begins", "b begins"]);
    }

    #[tokio::test]
    async fn who_gives_up_makes_room() {
        let (cx, log) = (cx(), Mutex::default());
        let first = turn(&cx, "demo").await.unwrap();
        let waiting = turn(&cx, "demo");
        let given_up = tokio::time::timeout(Duration::from_millis(10), waiting).await;
        assert!(given_up.is_err());
        drop(first);
        assert!(work(&cx, "demo", "next", &log).await.is_ok());
    }

    #[tokio::test]
    async fn a_stop_ends_the_waiting() {
        let (cx, log) = (cx(), Mutex::default());
        let (first, second) = tokio::join!(work(&cx, "demo", "a", &log), async {
            let waiting = work(&cx, "demo", "b", &log);
            let stop = async { cx.stop().request() };
            tokio::join!(waiting, stop).0
        });
        assert!(first.is_ok());
        assert_eq!(*second.unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(*log.lock().unwrap(), ["a begins", "a ends"]);
    }
}
