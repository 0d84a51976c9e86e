//! How the tags of a kind are changed.

use std::collections::BTreeMap;

use tfplugin_rs::tf::Call;

use crate::api::{Client, Error};

/// The way in which an API changes tags.
pub trait Tagging<C: Client>: Send + Sync + 'static {
    /// Changes the tags of an object: only what differs, and nothing when nothing does.
    fn update(
        cx: &Call<C::Context>,
        client: &C,
        target: &str,
        prior: Option<&BTreeMap<String, String>>,
        planned: Option<&BTreeMap<String, String>>,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// A kind without tags.
pub struct Untagged;

impl<C: Client> Tagging<C> for Untagged {
    async fn update(
        _: &Call<C::Context>,
        _: &C,
        _: &str,
        _: Option<&BTreeMap<String, String>>,
        _: Option<&BTreeMap<String, String>>,
    ) -> Result<(), Error> {
        Ok(())
    }
}
