//! Whatever is written is read back, and no bytes whatever make the reader fail in another way than by an error.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::{type_from_json, type_to_json};
use super::{decode, encode};
use crate::testing::{decode_anything, typed_values, types};
use crate::tf::{Elements, Value};

proptest! {
    #[test]
    fn values_survive_the_wire((ty, value) in typed_values()) {
        let bytes = encode(&value, &ty);
        prop_assert_eq!(decode(&bytes, &ty), Ok(value));
    }

    #[test]
    fn types_survive_the_wire(ty in types()) {
        prop_assert_eq!(type_from_json(&type_to_json(&ty)), Ok(ty));
    }

    #[test]
    fn the_order_of_a_set_does_not_change_its_bytes((ty, value) in typed_values(), other in typed_values()) {
        let one: Elements = [value.clone(), other.1.clone()].into_iter().collect();
        let two: Elements = [other.1, value].into_iter().collect();
        prop_assert_eq!(encode(&Value::Set(one), &ty), encode(&Value::Set(two), &ty));
    }

    #[test]
    fn random_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200), ty in types()) {
        let _ = decode(&bytes, &ty);
        decode_anything(&bytes);
    }

    #[test]
    fn damaged_bytes_are_read_or_refused(
        (ty, value) in typed_values(),
        damage in vec((any::<Index>(), any::<u8>()), 1..4),
        cut in any::<Index>(),
    ) {
        let mut bytes = encode(&value, &ty);
        prop_assert!(decode(&bytes[..cut.index(bytes.len())], &ty).is_err());
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(value) = decode(&bytes, &ty) {
            prop_assert_eq!(decode(&encode(&value, &ty), &ty), Ok(value));
        }
    }
}
