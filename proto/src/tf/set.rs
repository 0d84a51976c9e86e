//! The elements of a set value. It knows no wire order: Terraform accepts any.

use super::Value;

/// The elements of a set, sorted, equal ones once.
///
/// Elements that are not wholly known are never merged, even if they look the same: each may still become another
/// value. Terraform counts them, and refuses a plan whose set has fewer unknown elements than the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elements(Vec<Value>);

impl Elements {
    /// The elements in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Value> for Elements {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Self {
        let mut elements: Vec<Value> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Self(elements)
    }
}

impl IntoIterator for Elements {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Elements {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_equal_elements_only_when_they_are_known() {
        let set = Value::set(["b".into(), "a".into(), "b".into(), Value::unknown()]);
        assert_eq!(set.len(), 3);
        assert_eq!(Value::set([Value::unknown(), Value::unknown()]).len(), 2);
        let object = || Value::object([("id", Value::unknown()), ("n", 1.into())]);
        assert_eq!(Value::set([object(), object()]).len(), 2);
    }
}
