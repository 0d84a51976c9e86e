//! What several kinds of EKS share. No kind is named here.

pub mod access_policy;
pub mod checks;
pub(crate) mod errors;
pub mod health;
pub mod in_cluster;
pub mod list;
pub mod lookup;
mod readiness;
pub mod spelling;
pub mod tags;
pub mod update;
pub mod version;

pub(crate) use errors::Answer;
pub use in_cluster::InCluster;
