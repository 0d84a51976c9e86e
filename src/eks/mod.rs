//! What EKS is: one folder per kind, and in `shared` the little that several of them have in common.
//!
//! Nothing in here knows how Terraform is spoken to; it sees models, [`crate::aws`], [`crate::kind`] and SDK types.

pub mod access_entry;
pub mod access_policies;
mod access_policy;
pub mod access_policy_association;
pub mod addon;
pub mod capability;
pub mod cluster;
pub mod cluster_auth;
pub mod cluster_versions;
pub mod fargate_profile;
pub mod identity_provider_config;
pub mod insights;
pub mod names;
pub mod node_group;
pub mod pod_identity_association;
pub mod shared;
#[cfg(test)]
pub(crate) mod testing;
pub mod updates;
