//! Where something is inside a value: the attribute path of the plugin protocol.

use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A member of an object, or a block type.
    Attribute(String),
    /// An entry of a map.
    Key(String),
    /// An element of a list. Elements of sets have no address: the path ends at the set.
    Index(i64),
}

/// The way from the root of an object to one of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

impl Path {
    /// The object itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a path written as in HCL: `vpc_config[0].subnet_ids`, `tags["Name"]`.
    ///
    /// Text that is no path becomes one attribute of that odd name, which no schema has.
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let (name, indexes) = part.split_once('[').unwrap_or((part, ""));
            steps.push(Step::Attribute(name.to_owned()));
            for index in indexes.split('[').filter(|index| !index.is_empty()) {
                let index = index.trim_end_matches(']');
                steps.push(match index.parse() {
                    Ok(number) => Step::Index(number),
                    Err(_) => Step::Key(index.trim_matches('"').to_owned()),
                });
            }
        }
        Self(steps)
    }

    /// This path and one attribute further.
    #[must_use]
    pub fn attribute(&self, name: impl Into<String>) -> Self {
        self.then(Step::Attribute(name.into()))
    }

    /// This path and one list index further.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// This path and one map key further.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// The steps from the root on.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this path is `other` or leads there.
    pub fn starts(&self, other: &Path) -> bool {
        other.0.starts_with(&self.0)
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if place == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in [
            "",
            "name",
            "vpc_config[0].subnet_ids",
            "tags[\"Name\"]",
            "a[0].b[1].c",
        ] {
            assert_eq!(Path::parse(text).to_string(), text);
        }
    }
}
