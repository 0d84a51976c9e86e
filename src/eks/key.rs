//! What names an object of a cluster, to AWS and in import ids.

use std::fmt;

/// The cluster, and the name or id of the object in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    pub cluster: &'a str,
    pub name: &'a str,
}

impl<'a> Key<'a> {
    /// The key in an import id of two parts.
    pub fn parse(id: &'a str, separator: char) -> Option<Self> {
        let (cluster, name) = id.split_once(separator)?;
        let is_whole = !cluster.is_empty() && !name.is_empty();
        is_whole.then_some(Self { cluster, name })
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.cluster, self.name)
    }
}

impl From<Key<'_>> for String {
    fn from(key: Key<'_>) -> Self {
        key.to_string()
    }
}
