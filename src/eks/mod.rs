//! What EKS is: one folder per resource, and the little that several of them share.
//!
//! Nothing in here knows how Terraform is spoken to; it sees models, [`crate::aws`] and SDK types.

pub mod access_entry;
pub mod access_policies;
mod access_policy;
pub mod access_policy_association;
pub mod addon;
pub mod capability;
pub(crate) mod checks;
pub mod cluster;
pub mod cluster_auth;
pub mod cluster_versions;
mod creation;
pub mod fargate_profile;
mod health;
pub mod identity_provider_config;
pub mod insights;
mod key;
pub mod member;
pub mod names;
pub mod node_group;
pub mod pod_identity_association;
mod readiness;
mod spelling;
#[cfg(test)]
pub(crate) mod testing;
mod update;
pub mod updates;
mod version;
