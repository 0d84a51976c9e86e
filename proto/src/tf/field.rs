//! How a Rust type of a model field says what it looks like in HCL.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attribute, Nesting, Shape, Type};

/// A type that can be a field of a [`model!`](crate::model): it gives the attribute's shape, and an `Option` makes it
/// optional.
pub trait Field {
    /// Whether the user may leave it out.
    const OPTIONAL: bool = false;

    /// What it looks like in HCL.
    fn shape() -> Shape;

    /// The attribute before any of the words after `=>` are applied.
    fn attribute(name: &str, description: &str) -> Attribute {
        let attribute = Attribute::required(name, Self::shape(), description);
        if Self::OPTIONAL {
            attribute.optional()
        } else {
            attribute
        }
    }
}

macro_rules! leaf {
    ($($rust:ty => $ty:expr),* $(,)?) => {$(
        impl Field for $rust {
            fn shape() -> Shape {
                Shape::Leaf($ty)
            }
        }
    )*};
}

leaf! {
    String => Type::String,
    bool => Type::Bool,
    i32 => Type::Number,
    i64 => Type::Number,
    serde_json::Value => Type::Dynamic,
}

impl<T: Field> Field for Option<T> {
    const OPTIONAL: bool = true;

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Field> Field for Vec<T> {
    fn shape() -> Shape {
        collection(T::shape(), Nesting::List, Type::list)
    }
}

impl<T: Field> Field for BTreeSet<T> {
    fn shape() -> Shape {
        collection(T::shape(), Nesting::Set, Type::set)
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn shape() -> Shape {
        collection(T::shape(), Nesting::Map, Type::map)
    }
}

fn collection(element: Shape, nesting: Nesting, of: fn(Type) -> Type) -> Shape {
    match element {
        Shape::Nested(Nesting::Single, attributes) => Shape::Nested(nesting, attributes),
        other => Shape::Leaf(of(other.ty())),
    }
}
