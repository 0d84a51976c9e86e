//! What a provider may say about its work: `tracing` events, written to stderr as the JSON lines that Terraform and
//! OpenTofu show under `TF_LOG`. It must not know who logs what.
//!
//! The level is the first of `TF_LOG_PROVIDER_<NAME>`, `TF_LOG_PROVIDER` and `TF_LOG` that is set; with none of them
//! nothing is written at all. It applies to this crate and to the provider's own (`terraform_provider_<name>`);
//! dependencies are heard only when it is TRACE, and up to their own DEBUG. Fields of surrounding spans come with every event, so a request's span
//! should carry the customary `tf_rpc`, `tf_req_id` and `tf_resource_type`.
//!
//! Secrets are taken out of every line: see [`hide`].

mod hclog;
mod level;
mod redact;
#[cfg(test)]
mod tests;

use std::io;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use self::hclog::HclogLayer;
use self::level::{Filter, Verbosity};
pub use self::redact::hide;
pub(in crate::plugin) use self::redact::redact;

/// Starts logging for the provider with this name, if the user asked for it. A subscriber that somebody else has
/// installed is left alone.
pub(super) fn init(name: &str) {
    let Verbosity::On(level) = Verbosity::read(name, |key| std::env::var(key).ok()) else {
        return;
    };
    let layer = HclogLayer::new(Filter::new(level, name), io::stderr);
    // Fails only when there is a subscriber already.
    let _ = tracing::subscriber::set_global_default(registry().with(layer));
}
