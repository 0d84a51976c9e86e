//! Arbitrary types and values for property tests and the fuzzer. Nothing here is in a released provider.
//!
//! Only the feature `testing` brings it in. It must not know any provider's schema.

mod fuzz;
mod types;
mod values;

pub use fuzz::decode_anything;
pub use types::types;
pub use values::{known_values, typed_values, values};
