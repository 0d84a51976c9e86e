//! A client of an API, as the life of an object needs it.

use tfplugin_rs::tf;

use super::{LostAnswers, Surroundings};

/// A client. Cloning one is cheap.
pub trait Client: Clone + Send + Sync + Sized + 'static {
    /// What makes and keeps clients.
    type Context: Surroundings;

    /// The client for a region, by default the provider's.
    ///
    /// # Errors
    ///
    /// There can be none: no region, settings that are not known yet, an account that may not be used.
    fn of(
        context: &Self::Context,
        region: Option<&str>,
    ) -> impl Future<Output = tf::Result<Self>> + Send;

    /// The same client, which writes down the answers that it loses.
    #[must_use]
    fn watched(&self, lost: &LostAnswers) -> Self;
}
