//! The acceptance tests: one program, so that they share one moto and run in parallel.
#![allow(clippy::unwrap_used, reason = "Everything here is a test.")]

mod peers;
