//! What names an object: to its API, in import ids and in `id`.

use std::fmt;

/// The names of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// The name of what it belongs to, such as a cluster; empty when that is nothing.
    pub parent: &'a str,
    /// Its name or id; empty when it has none yet.
    pub name: &'a str,
    /// A second name, for kinds that have two.
    pub part: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// The key of an object that belongs to nothing.
    pub fn free(name: &'a str) -> Self {
        Self::new("", name)
    }

    /// The key of an object in a parent.
    pub fn new(parent: &'a str, name: &'a str) -> Self {
        Self {
            parent,
            name,
            part: None,
        }
    }

    /// The names, beginning with that of the parent.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        let parent = Some(self.parent).filter(|parent| !parent.is_empty());
        parent.into_iter().chain([self.name]).chain(self.part)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_parent_first_where_there_is_one() {
        assert_eq!(Key::free("demo").to_string(), "demo");
        assert_eq!(Key::new("demo", "a").join(','), "demo,a");
        let key = Key {
            part: Some("b"),
            ..Key::new("demo", "a")
        };
        assert_eq!(key.to_string(), "demo:a:b");
    }
}
