//! What Terraform means: values, schemas, planning, validation, diagnostics, and the traits a provider implements.
//!
//! Start at [`Provider`], [`Resource`] and [`model!`](crate::model).
//!
//! No I/O, no wire format, no runtime: nothing in here may name tonic, prost or tokio, nor know any cloud.

pub mod checks;
#[cfg(any(test, feature = "testing"))]
pub mod core_rules;
#[cfg(not(any(test, feature = "testing")))]
mod core_rules;
mod decode;
mod diagnostics;
pub mod engine;
mod field;
mod identity;
mod json;
mod meaning;
mod model;
mod nested;
#[cfg(test)]
mod notation;
mod number;
mod path;
mod plan;
mod private;
mod provider;
pub mod readers;
mod reconcile;
mod registry;
mod resource;
mod resource_data_source;
mod schema;
mod set;
mod stop;
mod timeouts;
mod types;
mod validate;
mod value;

pub use decode::{DecodeError, from_value, to_value};
pub use diagnostics::{Diagnostic, Diagnostics, Error, Result, Severity};
pub use field::Field;
pub use identity::Identity;
pub(crate) use json::leaf as leaf_from_json;
pub use json::{JsonError, from_json, to_json};
pub use model::Model;
pub use number::Number;
pub use path::{Path, Step};
pub use plan::{Plan, plan};
pub use provider::{Configuration, Provider};
pub use reconcile::{differences, reconcile};
pub use registry::{FunctionEntry, Registry};
pub use resource::{
    Call, DataSource, EphemeralResource, Function, MoveSource, Opened, Operation, Resource,
};
pub use resource_data_source::{HasDataSource, ResourceDataSource, Seen};
pub use schema::{Attribute, Equality, Mode, Nesting, Schema, Shape};
pub use set::Elements;
pub use stop::Stop;
pub use timeouts::{Timeouts, minutes, parse as parse_duration};
pub use types::Type;
pub use validate::validate;
pub use value::{Refinement, Value};
