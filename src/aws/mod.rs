//! How we talk to AWS: clients, credentials, errors, tags and regions.
//!
//! What its objects are is not known here, nor that there is a wire to Terraform. What would be the same for any other API
//! is in [`crate::api`].

pub(crate) mod answer;
pub mod arn;
mod cache;
pub mod context;
mod credentials;
pub(crate) mod error;
mod http;
mod lost;
pub(crate) mod objects;
pub mod presign;
pub mod region;
pub mod services;
pub mod settings;
mod sts;
pub mod tags;
#[cfg(test)]
pub(crate) mod testing;
mod time;

pub(crate) use answer::answers;
pub use context::Context;
pub use presign::Presigned;
pub use region::Region;
pub use settings::Settings;
pub use tags::{Tags, TagsAll};
pub use time::system_time;

/// One call of a resource's step, with our clients and settings.
pub type Call = tfplugin_rs::tf::Call<Context>;
