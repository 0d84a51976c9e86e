//! How we talk to AWS: clients, errors, waits, retries, tags and regions.
//!
//! What EKS objects are is not known here, nor that there is a wire to Terraform.

mod answer;
pub mod arn;
pub mod context;
pub mod creation;
mod credentials;
pub mod error;
mod found;
mod http;
pub mod lost;
pub mod name;
pub(crate) mod objects;
pub(crate) mod outlook;
pub mod polling;
pub mod presign;
mod question;
pub mod region;
pub mod retry;
pub mod settings;
mod several;
pub mod tags;
#[cfg(test)]
pub(crate) mod testing;
mod turns;
pub mod wait;

pub use answer::Answer;
pub use context::Context;
pub use error::{Error, Issue, Kind};
pub use found::Found;
pub(crate) use outlook::Outlooks;
pub use polling::Polling;
pub use presign::Presigned;
pub(crate) use question::in_time;
pub use region::Region;
pub use retry::{For, retry};
pub use settings::Settings;
pub(crate) use several::ask_each;
pub use tags::{Tags, TagsAll};
pub(crate) use turns::{Turn, turn};
pub use wait::{Observed, Wait, look_again, until, until_gone};

/// What comes of a request to AWS.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One call of a resource's step, with our clients and settings.
pub type Call = tfplugin_rs::tf::Call<Context>;
