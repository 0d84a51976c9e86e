//! The acceptance tests: one program, so that they share one moto and run in parallel.
//!
//! A module per resource has the seven kinds of test that every resource has (basic, update in place, replace, import,
//! disappears, removed optional, invalid input), and then what is special about it.
#![allow(clippy::unwrap_used, reason = "Everything here is a test.")]

mod access_entry;
mod access_policy_association;
mod addon;
mod capability;
mod cluster;
mod cluster_auth;
mod examples;
mod fargate_profile;
mod functions;
mod identity_provider_config;
mod irsa_role;
mod node_group;
mod oidc_provider;
mod peers;
mod pod_identity_association;
mod sources;
mod together;
mod toy;
mod unknowns;
mod upgrade;
