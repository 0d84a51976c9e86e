//! What objects of a kind belong to.

use tfplugin_rs::tf::{Call, Value};

use crate::api::{Client, Error, Observed};

/// What an object belongs to: whether a request about it is worth repeating, and whether it outlives a plan.
pub trait Parent<C: Client>: Send + Sync + 'static {
    /// Whether the parent of a planned object will be replaced, and nothing of what is in it will be left.
    fn is_replaced(cx: &Call<C::Context>, planned: &Value) -> bool;

    /// Where an object is, to follow its name in a message: ` in cluster "demo"`.
    fn whereabouts(parent: &str) -> String;

    /// The answer to a request, unless the parent is the cause and will never be ready: then what has become of it, so that
    /// nobody waits until the time is over.
    fn judge<T: Send>(
        client: &C,
        parent: &str,
        answer: Result<T, Error>,
    ) -> impl Future<Output = Result<T, Error>> + Send;

    /// The same for a deletion, which may wait for a parent that is being deleted: that takes what is in it along.
    fn judge_deletion<T: Send>(
        client: &C,
        parent: &str,
        answer: Result<T, Error>,
    ) -> impl Future<Output = Result<T, Error>> + Send;

    /// Waits for whatever the parent does to make the object, where the object says so: if that fails, it says why.
    fn until_begun(
        cx: &Call<C::Context>,
        client: &C,
        parent: &str,
        object: &(impl Observed + Sync),
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// Belongs to nothing.
pub struct Free;

impl<C: Client> Parent<C> for Free {
    fn is_replaced(_: &Call<C::Context>, _: &Value) -> bool {
        false
    }

    fn whereabouts(_: &str) -> String {
        String::new()
    }

    async fn judge<T: Send>(_: &C, _: &str, answer: Result<T, Error>) -> Result<T, Error> {
        answer
    }

    async fn judge_deletion<T: Send>(_: &C, _: &str, answer: Result<T, Error>) -> Result<T, Error> {
        answer
    }

    async fn until_begun(
        _: &Call<C::Context>,
        _: &C,
        _: &str,
        _: &(impl Observed + Sync),
    ) -> Result<(), Error> {
        Ok(())
    }
}
