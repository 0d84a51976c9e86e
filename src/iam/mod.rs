//! What IAM is to pods on EKS: who may take a role ([`trust`]), and what well-known workloads need to do with it
//! ([`workload`]).
//!
//! The documents are pure functions of what they are asked for. Must not know how Terraform or AWS is talked to.

mod checks;
pub mod document;
mod errors;
pub mod irsa_role;
mod issuer;
pub mod oidc_provider;
mod tags;
pub mod trust;
pub mod workload;

pub use document::Document;
