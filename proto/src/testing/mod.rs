//! What the fuzzer runs, and arbitrary types and values for the property tests of this crate. It must not know any
//! provider's schema.
//!
//! What tests of providers need is in [`tf::core_rules`](crate::tf::core_rules).

mod fuzz;
#[cfg(test)]
mod types;
#[cfg(test)]
mod values;

pub use fuzz::decode_anything;
#[cfg(test)]
pub(crate) use types::types;
#[cfg(test)]
pub(crate) use values::{typed_values, values};
