//! How an API is talked to, whichever it is: errors and what they mean, waits, retries, turns, creations whose answer may
//! be lost, and what this process knows of objects that others depend on.
//!
//! No SDK is named here, and no service's codes, texts or advice. What a call needs of its context is [`Surroundings`].

mod answers;
mod ask_each;
mod client;
pub mod creation;
pub mod error;
mod found;
mod in_time;
mod lost;
pub mod name;
mod outlook;
mod polling;
mod retry;
mod surroundings;
#[cfg(test)]
pub(crate) mod testing;
mod turns;
mod wait;

pub use answers::Answers;
pub(crate) use ask_each::ask_each;
pub use client::Client;
pub use error::{Error, ErrorKind, Issue};
pub use found::Found;
pub(crate) use in_time::in_time;
pub use lost::LostAnswers;
pub use outlook::{Outlook, Outlooks};
pub use polling::Polling;
pub use retry::{For, retry};
pub use surroundings::Surroundings;
pub use turns::{Turn, Turns, turn};
pub use wait::{Observed, Progress, Wait, look_again, until, until_done, until_gone};

/// What comes of a request.
pub type Result<T, E = Error> = std::result::Result<T, E>;
