//! What EKS is: one folder per resource, and the little that several of them share.
//!
//! Nothing in here knows how Terraform is spoken to; it sees models, [`crate::aws`] and SDK types.

mod checks;
pub mod cluster;
mod creation;
pub mod node_group;
mod readiness;
#[cfg(test)]
mod testing;
mod update;
mod version;
