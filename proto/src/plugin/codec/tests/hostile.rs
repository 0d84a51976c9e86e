//! Depth. How much memory hostile bytes can ask for is measured in `tests/codec_memory.rs`, where nothing else runs.

use super::super::{MAX_DEPTH, type_from_json};
use super::{bytes, decode};
use crate::tf::{Type, Value};

/// A dynamic value in a dynamic value, and so on: 14 bytes each, no type deeper than one level.
fn dynamic_in_dynamic(levels: usize) -> Vec<u8> {
    let mut nested = bytes("92 c409 2264796e616d696322").repeat(levels);
    nested.push(0xc0);
    nested
}

#[test]
fn bounds_the_depth_of_values() {
    let deepest = dynamic_in_dynamic(MAX_DEPTH - 1);
    assert_eq!(decode(&deepest, &Type::Dynamic), Ok(Value::Null));
    for levels in [MAX_DEPTH, 1_000_000] {
        let error = decode(&dynamic_in_dynamic(levels), &Type::Dynamic).unwrap_err();
        assert_eq!(error.to_string(), "expected at most 64 levels of nesting");
    }
}

#[test]
fn counts_depth_not_length() {
    let ty = Type::list(Type::list(Type::Bool));
    let wide = [vec![0xdc, 0x03, 0xe8], vec![0x90; 1000]].concat();
    assert_eq!(decode(&wide, &ty).unwrap().len(), 1000);
}

#[test]
fn bounds_the_depth_of_types() {
    let list_of = |levels: usize| {
        let (open, close) = ("[\"list\",".repeat(levels), "]".repeat(levels));
        format!("{open}\"bool\"{close}").into_bytes()
    };
    assert!(type_from_json(&list_of(MAX_DEPTH - 1)).is_ok());
    for levels in [MAX_DEPTH, 100_000] {
        assert!(type_from_json(&list_of(levels)).is_err());
    }
}

#[test]
fn does_not_believe_claimed_lengths() {
    for hex in ["dd ffffffff", "dd ffffffff 90"] {
        let ty = Type::list(Type::list(Type::Bool));
        assert!(decode(&bytes(hex), &ty).is_err());
    }
    assert!(decode(&bytes("df ffffffff"), &Type::map(Type::Bool)).is_err());
    assert!(decode(&bytes("db ffffffff 61"), &Type::String).is_err());
    assert!(decode(&bytes("c6 ffffffff 61"), &Type::String).is_err());
    assert!(decode(&bytes("c9 ffffffff 0c 80"), &Type::String).is_err());
}
