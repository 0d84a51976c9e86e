//! Creating: what became of a request to make something when the answer does not say.
//!
//! What the objects are is not known here; each resource says what is its own.

use std::time::{Duration, SystemTime};

use tfplugin_rs::tf::{self, Call};

use super::{Error, ErrorKind, Found, LostAnswers, Surroundings, look_again};

/// How far the clock of this machine may be ahead of the API's. AWS's signatures allow five minutes.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What to do about an object that is there already.
pub struct Existing<Look, Ours, Theirs> {
    /// Finds it, if it can be seen.
    pub look: Look,
    /// Whether these attempts have made it.
    pub is_ours: Ours,
    /// What else to do: mostly to say so; some objects can be taken over. It need not be seen.
    pub theirs: Theirs,
}

/// The attempts at a creation so far.
#[derive(Clone, Copy, Debug)]
pub struct Attempts {
    began: SystemTime,
    lost: bool,
}

impl Attempts {
    /// Whether one whose answer was lost can have made an object: for kinds that do not tell the token they were made
    /// with. Some do not tell either when they were made, and then it can.
    pub fn may_have_made(self, created_at: Option<SystemTime>) -> bool {
        self.lost && created_at.is_none_or(|made| made + CLOCK_SKEW >= self.began)
    }
}

/// What came of a creation.
#[derive(Clone, Copy, Debug)]
pub enum Made<T> {
    /// There is a new object.
    New(T),
    /// There was one already, which is to be taken over.
    Found(T),
}

/// The beginning of the attempts at a creation.
#[derive(Clone, Debug)]
pub struct Beginning {
    at: SystemTime,
    lost: LostAnswers,
}

impl Beginning {
    /// The attempts begin now; `lost` learns of their answers.
    pub fn now(lost: LostAnswers) -> Self {
        Self {
            at: SystemTime::now(),
            lost,
        }
    }

    /// Settles a creation that failed with `error`, by looking at what is there.
    ///
    /// The answer to an earlier attempt may have been lost, and then the object exists although all that the API says in the
    /// end is "already exists", or nothing. An object that is forgotten costs money and is in the way of the next apply,
    /// so what is ours is returned as if it had just been made.
    ///
    /// # Errors
    ///
    /// `error`, if there is nothing; or there is somebody else's.
    pub async fn settle<C, T, L>(
        self,
        cx: &Call<C>,
        error: Error,
        existing: Existing<
            impl Fn() -> L,
            impl FnOnce(&T, Attempts) -> bool,
            impl FnOnce(Option<T>) -> tf::Result<T>,
        >,
    ) -> tf::Result<Made<T>>
    where
        C: Surroundings,
        L: Future<Output = Result<Option<Found<T>>, Error>>,
    {
        let exists = *error.kind() == ErrorKind::AlreadyExists;
        if !exists && !self.lost.any() {
            return Err(error.into());
        }
        let attempts = Attempts {
            began: self.at,
            lost: self.lost.any(),
        };
        // What was made a moment ago may not be known to every part of the API.
        let seen = match attempts.lost {
            true => look_again(cx, &existing.look).await,
            false => (existing.look)().await,
        };
        match seen {
            Ok(Some(found)) if (existing.is_ours)(&found.object, attempts) => {
                Ok(Made::New(found.object))
            }
            Ok(None) if !exists => Err(error.into()),
            Ok(found) => (existing.theirs)(found.map(|found| found.object)).map(Made::Found),
            Err(_) if !attempts.lost => (existing.theirs)(None).map(Made::Found),
            Err(unseen) => Err(unclear(error, &unseen)),
        }
    }
}

/// Nothing can be kept in the state: what may exist might be somebody else's.
fn unclear(error: Error, unseen: &Error) -> tf::Error {
    let mut unclear = tf::Error::from(error);
    unclear.detail = format!(
        "{}\n\nWhether AWS has made it is not known, because looking for it failed, too. If it is there, take it over \
         with an import block before the next apply.\n\n{unseen}",
        unclear.detail
    );
    unclear
}
