//! The provider as a whole: one program, because each test program links the AWS SDKs.
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

mod doors;
mod parity;
#[cfg(unix)]
mod process;
mod registry;
mod texts;
