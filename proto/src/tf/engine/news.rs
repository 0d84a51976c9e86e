//! What becomes known of an object, for plans of what depends on it.

use crate::tf::Value;

/// What has become known of an object.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    /// Its kind: the name of the resource, without the provider's prefix.
    pub resource: &'static str,
    /// Whether it is so already.
    pub stage: Stage,
    /// What it was before; null when there was none.
    pub before: &'a Value,
    /// What it is, or is planned to be; null when there is none, none is to be, or nobody can say, because it is being
    /// changed right now.
    pub now: &'a Value,
}

/// How certain it is what an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is to become so.
    Planned,
    /// It is to be so, in the place of one that is there.
    Replacement,
    /// It is so.
    Actual,
}
