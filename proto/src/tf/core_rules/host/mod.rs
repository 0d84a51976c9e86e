//! Terraform Core in miniature, for tests: it proposes, plans and applies, and makes up configurations.

mod fake_core;
mod generator;
mod proposed;
mod schema_valid;
mod settling;

pub use fake_core::{Action, FakeCore, Instance, Planned};
pub use generator::Generator;
pub use proposed::proposed_new;
pub use schema_valid::schema_is_valid;
