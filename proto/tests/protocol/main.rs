//! The provider service as Terraform uses it: every RPC, over gRPC in memory, against a toy provider. The terms of the
//! tests are Terraform's: what it sends, and what it accepts as an answer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "test code in modules, too"
)]

mod changes;
mod core;
mod functions;
mod provider;
mod readers;
mod refusals;
mod running;
mod schemas;
mod states;
mod toy;
