//! The value tree: everything Terraform can send or receive, including what is not known yet.

use std::collections::BTreeMap;

use super::{Elements, Number, Path, Step, Type};

/// A Terraform value. Equality is by meaning: sets ignore order and `1.0` equals `1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Absent, of any type.
    #[default]
    Null,
    /// Not known before apply; what is known about it meanwhile is in the refinement.
    Unknown(Refinement),
    /// A boolean.
    Bool(bool),
    /// A number without loss of precision.
    Number(Number),
    /// Text.
    String(String),
    /// An ordered collection.
    List(Vec<Value>),
    /// An unordered collection without duplicates.
    Set(Elements),
    /// A collection keyed by text.
    Map(BTreeMap<String, Value>),
    /// Named members.
    Object(BTreeMap<String, Value>),
    /// A fixed sequence.
    Tuple(Vec<Value>),
    /// A value that carries its type, where the schema says `dynamic`.
    Dynamic(Box<(Type, Value)>),
}

/// What is already certain about an unknown value.
///
/// Source: plugin protocol, refined unknown values (msgpack extension 12).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refinement {
    /// `Some(false)`: certainly not null. `Some(true)`: certainly null.
    pub null: Option<bool>,
    /// The value, a string, starts with this.
    pub prefix: Option<String>,
    /// Lower bound of a number, and whether the bound itself is allowed.
    pub lower: Option<(Number, bool)>,
    /// Upper bound of a number, and whether the bound itself is allowed.
    pub upper: Option<(Number, bool)>,
    /// Least length of a collection.
    pub min_length: Option<u64>,
    /// Greatest length of a collection.
    pub max_length: Option<u64>,
}

impl Value {
    /// An unknown value about which nothing is certain.
    pub fn unknown() -> Self {
        Self::Unknown(Refinement::default())
    }

    /// A list of the given elements.
    pub fn list<V: Into<Value>>(elements: impl IntoIterator<Item = V>) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }

    /// A set of the given elements.
    pub fn set<V: Into<Value>>(elements: impl IntoIterator<Item = V>) -> Self {
        Self::Set(elements.into_iter().map(Into::into).collect())
    }

    /// A map of the given entries.
    pub fn map<K: Into<String>, V: Into<Value>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(
            entries
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }

    /// What a block is that is there at most once: a list of one object.
    pub fn block<K: Into<String>, V: Into<Value>>(
        members: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::list([Self::object(members)])
    }

    /// An object of the given members.
    pub fn object<K: Into<String>, V: Into<Value>>(
        members: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
        )
    }

    /// Whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the value itself is unknown. Its parts may be unknown without it.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether nothing in the value is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Dynamic(inner) => inner.1.is_wholly_known(),
            _ => self.elements().all(Value::is_wholly_known),
        }
    }

    /// The text, when the value is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, when the value is a known one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The whole number, when the value is a known one in range.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Number of elements of a known collection.
    pub fn len(&self) -> usize {
        self.elements().count()
    }

    /// Whether this is a known collection without elements. Null is not empty.
    pub fn is_empty(&self) -> bool {
        self.is_collection() && self.len() == 0
    }

    /// Whether nothing is given here: null, or a collection without elements, as blocks are that are not written.
    pub fn is_absent(&self) -> bool {
        self.is_null() || self.is_empty()
    }

    /// Whether something is given here, and it is known what.
    pub fn is_set(&self) -> bool {
        !self.is_unknown() && !self.is_absent()
    }

    /// Whether this is a known list, set, map, object or tuple.
    pub fn is_collection(&self) -> bool {
        use Value::{List, Map, Object, Set, Tuple};
        matches!(self, List(_) | Set(_) | Map(_) | Object(_) | Tuple(_))
    }

    /// The direct parts of a collection or object; nothing for anything else.
    pub fn elements(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        match self {
            Self::List(elements) | Self::Tuple(elements) => Box::new(elements.iter()),
            Self::Set(elements) => Box::new(elements.iter()),
            Self::Map(entries) | Self::Object(entries) => Box::new(entries.values()),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// A member of an object or entry of a map; null when there is no object or no entry, unknown inside an unknown.
    ///
    /// An object has a member for each attribute of its schema, so a name that it does not have is a typo, which would
    /// silently switch off whatever rule looks at it.
    ///
    /// # Panics
    ///
    /// In debug builds, when an object has no member of that name. Where that can be, ask with [`find`](Self::find).
    pub fn get(&self, name: &str) -> &Value {
        match self {
            Self::Object(members) => {
                let member = members.get(name);
                debug_assert!(
                    member.is_some(),
                    "there is no attribute {name:?} among {:?}",
                    members.keys()
                );
                member.unwrap_or(&NULL)
            }
            other => other.find(name),
        }
    }

    /// The same where an object may lack members, as one that says part of what there is to say.
    pub fn find(&self, name: &str) -> &Value {
        match self {
            Self::Object(members) | Self::Map(members) => members.get(name).unwrap_or(&NULL),
            Self::Unknown(_) => self,
            _ => &NULL,
        }
    }

    /// An element of a list or tuple; null when there is none, unknown inside an unknown.
    #[allow(
        clippy::should_implement_trait,
        reason = "Index may panic; this does not."
    )]
    pub fn index(&self, index: usize) -> &Value {
        match self {
            Self::List(elements) | Self::Tuple(elements) => elements.get(index).unwrap_or(&NULL),
            Self::Unknown(_) => self,
            _ => &NULL,
        }
    }

    /// The value at a path written as in HCL, such as `vpc_config[0].subnet_ids`.
    pub fn at(&self, path: &str) -> &Value {
        self.at_path(&Path::parse(path))
    }

    /// The value at a path; null when there is none, unknown when something above it is unknown.
    pub fn at_path(&self, path: &Path) -> &Value {
        path.steps().iter().fold(self, |value, step| match step {
            Step::Attribute(name) | Step::Key(name) => value.get(name),
            Step::Index(index) => usize::try_from(*index).map_or(&NULL, |i| value.index(i)),
        })
    }

    /// The place of a path inside objects, maps and lists that exist; `None` when there is no such place.
    pub fn at_path_mut(&mut self, path: &Path) -> Option<&mut Value> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (step, value) {
                (Step::Attribute(name) | Step::Key(name), Self::Object(m) | Self::Map(m)) => {
                    m.get_mut(name)
                }
                (Step::Index(index), Self::List(elements) | Self::Tuple(elements)) => {
                    elements.get_mut(usize::try_from(*index).ok()?)
                }
                _ => None,
            })
    }

    /// The same value with every unknown part replaced by null.
    pub fn with_unknown_as_null(self) -> Value {
        let each = Value::with_unknown_as_null;
        match self {
            Self::Unknown(_) => Self::Null,
            Self::List(elements) => Self::List(elements.into_iter().map(each).collect()),
            Self::Tuple(elements) => Self::Tuple(elements.into_iter().map(each).collect()),
            Self::Set(elements) => Self::Set(elements.into_iter().map(each).collect()),
            Self::Map(entries) => {
                Self::Map(entries.into_iter().map(|(k, v)| (k, each(v))).collect())
            }
            Self::Object(members) => {
                Self::Object(members.into_iter().map(|(k, v)| (k, each(v))).collect())
            }
            Self::Dynamic(inner) => Self::Dynamic(Box::new((inner.0, each(inner.1)))),
            other => other,
        }
    }
}

static NULL: Value = Value::Null;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_ignore_order_and_duplicates() {
        assert_eq!(Value::set(["b", "a", "a"]), Value::set(["a", "b"]));
    }

    #[test]
    fn looks_into_unknown_and_missing_parts() {
        let value = Value::object([("a", Value::unknown()), ("b", Value::list(["x"]))]);
        assert!(value.at("a[0].c").is_unknown());
        assert!(value.at("b[3]").is_null());
        assert_eq!(value.at("b[0]").as_str(), Some("x"));
    }
}
