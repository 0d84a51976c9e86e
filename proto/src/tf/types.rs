//! The types of Terraform's language. How they are written on the wire is the wire's business.

use std::collections::BTreeMap;

/// A Terraform type, as in a schema or inside a `dynamic` value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Unicode text.
    String,
    /// An arbitrary-precision decimal number.
    Number,
    /// `true` or `false`.
    Bool,
    /// Any type; the value carries its own.
    Dynamic,
    /// An ordered collection of one element type.
    List(Box<Type>),
    /// An unordered collection of distinct elements of one type.
    Set(Box<Type>),
    /// A collection keyed by text, of one element type.
    Map(Box<Type>),
    /// A fixed set of named members, each of its own type.
    Object(BTreeMap<String, Type>),
    /// A fixed sequence, each place of its own type.
    Tuple(Vec<Type>),
}

impl Type {
    /// A list of `element`.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map from text to `element`.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with the given members.
    pub fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(name, ty)| (name.into(), ty))
                .collect(),
        )
    }
}
