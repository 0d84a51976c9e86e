//! `eks_cluster_auth`: a token with which the Kubernetes API server of a cluster lets its bearer in.
//!
//! How a token is made is in `token`; the ephemeral resource and the data source only differ in what they tell besides.

mod data_source;
mod ephemeral;
#[cfg(test)]
mod tests;
mod token;

pub use data_source::ClusterAuth as ClusterAuthSource;
pub use ephemeral::ClusterAuth;
