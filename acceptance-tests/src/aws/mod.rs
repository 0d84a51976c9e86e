//! An account in simulated AWS, and what tests set up in it before Terraform runs.
//!
//! This is a test's own way to AWS, beside the provider's: it shares no code with the provider, so that one cannot hide
//! a mistake of the other.

mod client;
mod set_up;

pub use client::Account;
pub use set_up::{LaunchTemplate, Network};
