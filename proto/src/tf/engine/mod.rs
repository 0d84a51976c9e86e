//! The life of a managed resource, on value trees: everything around the resource's own steps.
//!
//! What is guaranteed here, so that no resource has to think of it: planned values come back in the planned spelling;
//! write-only values are never stored; a failed step leaves what exists in the state and nothing unknown; private data
//! and identity are handed on; a panic is an error like any other; an unfinished create is kept and not tainted.
//!
//! The questions and answers are in `questions`, the type erasure in `managed`, the steps in `life`, and the way between
//! values and models in `models`. None of them knows the wire.
//!
//! A provider needs only what tells of other objects, [`ObjectEvent`] and [`Stage`], and [`ManagedResource`] to describe what it
//! offers. The questions and answers themselves are public with the feature `testing`.

mod event;
mod life;
mod managed;
mod models;
mod moved;
mod questions;
pub(crate) mod self_check;
#[cfg(test)]
mod tests;

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::{Error, Result};

pub use event::{ObjectEvent, Stage};
pub(crate) use managed::Managed;
#[cfg(any(test, feature = "testing"))]
pub use questions::{ApplyRequest, Circumstances, PlanAnswer, PlanRequest, StateAnswer};
#[cfg(not(any(test, feature = "testing")))]
pub(crate) use questions::{ApplyRequest, Circumstances, PlanAnswer, PlanRequest, StateAnswer};
pub use questions::{BoxFuture, ManagedResource};

/// Runs a step and turns a panic into an error, so that state is returned all the same.
pub(crate) async fn caught<T>(step: impl Future<Output = Result<T>>) -> Result<T> {
    match AssertUnwindSafe(step).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => Err(Error::new(format!(
            "The provider panicked: {}. This is a bug; please report it with the log (TF_LOG_PROVIDER=DEBUG).",
            panic_text(&*panic)
        ))),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}
