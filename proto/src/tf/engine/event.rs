//! What becomes known of an object, for plans of what depends on it.

use crate::tf::Value;

/// What became known of an object. See [`Provider::observe`](crate::tf::Provider::observe).
#[derive(Clone, Copy, Debug)]
pub struct ObjectEvent<'a> {
    /// Name of the resource, without the prefix of the provider.
    pub resource: &'static str,
    /// Whether it is planned or real.
    pub stage: Stage,
    /// Object before; null if there was none.
    pub before: &'a Value,
    /// Object now, or as planned; null if there is none, if it is to be destroyed, or while a change is under way.
    pub now: &'a Value,
}

/// Whether an object is planned or real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Planned: a create, an update or a destroy.
    Planned,
    /// Planned as the replacement of an object that exists.
    Replacement,
    /// Real.
    Actual,
}
