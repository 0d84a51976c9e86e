//! Where an object is and what all kinds need to know of its model.

use std::collections::BTreeMap;

use super::Key;

/// An object's place, state and tags.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its region; `None` is the provider's.
    pub region: Option<&'a str>,
    /// What names it.
    pub key: Key<'a>,
    /// Its state, where the kind has states.
    pub status: Option<&'a str>,
    /// Its tags, where the kind has them.
    pub tags: Option<Tagged<'a>>,
}

/// The tags of an object, and what they are changed by.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<'a> {
    /// The name or ARN by which its tags are changed; empty before there is an object.
    pub target: &'a str,
    /// All tags that count.
    pub tags: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Place<'a> {
    /// The place of an object without states and tags.
    pub fn new(region: Option<&'a str>, key: Key<'a>) -> Self {
        Self {
            region,
            key,
            status: None,
            tags: None,
        }
    }

    /// The same, of a kind with states.
    #[must_use]
    pub fn with_status(self, status: Option<&'a str>) -> Self {
        Self { status, ..self }
    }

    /// The same, of a kind with tags. The target is `None` before there is an object.
    #[must_use]
    pub fn with_tags(
        self,
        target: Option<&'a str>,
        tags: Option<&'a BTreeMap<String, String>>,
    ) -> Self {
        let target = target.unwrap_or_default();
        Self {
            tags: Some(Tagged { target, tags }),
            ..self
        }
    }
}
