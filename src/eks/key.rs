//! What names an object of a cluster, to AWS, in import ids and in `id`.

use std::fmt;

/// The cluster, the name or id of the object in it, and what else it takes to name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    pub cluster: &'a str,
    pub name: &'a str,
    /// A second name, for kinds that have two.
    pub part: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// The key of an object with one name.
    pub fn new(cluster: &'a str, name: &'a str) -> Self {
        Self {
            cluster,
            name,
            part: None,
        }
    }

    /// The names, beginning with that of the cluster.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        [self.cluster, self.name].into_iter().chain(self.part)
    }

    /// As in an import id.
    pub fn join(self, separator: char) -> String {
        let names: Vec<_> = self.names().collect();
        names.join(&separator.to_string())
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.join(':'))
    }
}

impl From<Key<'_>> for String {
    fn from(key: Key<'_>) -> Self {
        key.to_string()
    }
}
