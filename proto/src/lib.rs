//! The Terraform plugin protocol, version 6, for providers written in Rust.
//!
//! Two halves. [`tf`] is the meaning: values, schemas, planning and the traits a provider implements; it does no I/O.
//! [`plugin`] is the wire: handshake, mutual TLS, gRPC, msgpack and logging. A provider names only [`tf`] and
//! [`model!`], and hands itself to [`plugin`] in its `main`.

// `model!` names this crate in its expansion, also when it is used in here.
extern crate self as tfplugin_rs;

pub mod plugin;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tf;

#[doc(hidden)]
pub use serde;
