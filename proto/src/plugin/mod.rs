//! THE WIRE: everything between the socket and the meaning of a request. A provider process is started by Terraform
//! or OpenTofu through HashiCorp's go-plugin, so this module shakes hands as go-plugin does, authenticates its host
//! with mutual TLS, serves the gRPC services, writes the log lines the host can read, and ends when it is told to.
//!
//! Start at [`serve()`]. It must not know what a resource, a schema or a plan is, and it has never heard of AWS.

mod arguments;
pub mod codec;
mod go_plugin;
mod handshake;
mod listen;
pub mod log;
mod panic;
mod parent;
mod reattach;
mod serve;
mod service;
mod signals;
mod start_error;
mod tls;
#[cfg(unix)]
mod unix_socket;

pub use arguments::Options;
pub use panic::caught;
pub use serve::{MAX_MESSAGE_SIZE, serve};
pub use service::Service;

/// Terraform's provider protocol, generated from `tfplugin6.proto`: messages, the `Provider` service as a trait to
/// implement, and a client for tests that talk to it in memory.
#[allow(clippy::all, missing_docs, reason = "generated from tfplugin6.proto")]
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}
