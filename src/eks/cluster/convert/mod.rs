//! Between the model and the SDK's types. No I/O, and no rule about what is allowed.

pub(super) mod request;
mod response;

pub(super) use request::create_request;
pub(super) use response::into_model;
pub(super) use response::network::{DEFAULT_SERVICE_CIDRS, into_network};
