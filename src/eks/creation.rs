//! Creating: what became of a request to create something when the answer does not say.
//!
//! What the objects are is not known here; each resource says what is its own.

use tfplugin_rs::tf;

use crate::aws::lost::LostAnswers;
use crate::aws::{Error, Kind};

/// Settles a creation that failed, by one look at what is there.
///
/// The answer to an earlier attempt may have been lost, and then the object exists although all that AWS says in the end
/// is "already exists", or nothing. An object that is forgotten costs money and is in the way of the next apply, so what
/// `is_ours` is returned as if it had just been made.
///
/// # Errors
///
/// `error`, if there is nothing; `not_ours`, if there is somebody else's.
pub(super) async fn settle<T>(
    error: Error,
    lost: &LostAnswers,
    look: impl Future<Output = Result<Option<T>, Error>>,
    is_ours: impl FnOnce(&T) -> bool,
    not_ours: impl FnOnce() -> tf::Error,
) -> tf::Result<T> {
    let exists = *error.kind() == Kind::AlreadyExists;
    if !exists && !lost.any() {
        return Err(error.into());
    }
    match look.await {
        Ok(Some(found)) if is_ours(&found) => Ok(found),
        Ok(Some(_)) => Err(not_ours()),
        Ok(None) if exists => Err(not_ours()),
        Ok(None) => Err(error.into()),
        Err(unseen) => Err(unclear(error, &unseen)),
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
