//! The simulator as its clients meet it, through HTTP: one program, so that all use one client and are linked once.

#![allow(
    clippy::expect_used,
    reason = "clippy does not see that helpers of tests are tests"
)]

mod access_entry;
mod addon;
mod addon_updates;
mod addon_versions;
mod capability;
mod client;
mod cluster;
mod cluster_updates;
mod control;
mod fargate_profile;
mod identity_provider_config;
mod insight;
mod node_group;
mod pod_identity_association;
mod rollback;
