//! Arbitrary types.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::tf::Type;

/// Any type, up to three levels deep.
pub fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![4 => primitives(), 1 => Just(Type::Dynamic)];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            btree_map("[a-z_]{1,8}", inner.clone(), 0..4).prop_map(Type::Object),
            vec(inner, 0..4).prop_map(Type::Tuple),
        ]
    })
}

/// A type that a dynamic value may carry: not dynamic itself, and shallow, so that values end.
pub(super) fn carried_types() -> impl Strategy<Value = Type> {
    prop_oneof![
        primitives(),
        primitives().prop_map(Type::list),
        primitives().prop_map(Type::set),
        primitives().prop_map(Type::map),
        btree_map("[a-z_]{1,8}", primitives(), 0..3).prop_map(Type::Object),
        vec(primitives(), 0..3).prop_map(Type::Tuple),
    ]
}

fn primitives() -> impl Strategy<Value = Type> {
    prop_oneof![Just(Type::String), Just(Type::Number), Just(Type::Bool)]
}
