//! What the loops in here need of the context of a call.

use super::{Outlooks, Polling, Turns};

/// The context of a call, as far as waiting, retrying and creating are concerned.
pub trait Surroundings: Send + Sync + 'static {
    /// How often to look, and to try again.
    fn polling(&self) -> Polling;

    /// The queues of what is done one at a time.
    fn turns(&self) -> &Turns;

    /// What is known of objects that others depend on.
    fn outlooks(&self) -> &Outlooks;

    /// The import id of an object in `region`: with the region, where that is not the provider's.
    fn qualified(&self, id: String, region: Option<&str>) -> String;
}
