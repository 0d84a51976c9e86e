//! Amazon EC2: what its errors mean. Its kinds move in here.

mod errors;

pub(crate) use errors::Answer;
