//! Every width of msgpack is read; the one that go-cty chooses is written.

use super::{check_decode, check_encode};
use crate::tf::{Number, Refinement, Type, Value};

const UNKNOWN: &str = "d4 00 00";

#[test]
fn reads_integers_of_every_width() {
    let one = [
        "01",
        "cc01",
        "cd0001",
        "ce00000001",
        "cf0000000000000001",
        "d001",
        "d10001",
        "d200000001",
        "d30000000000000001",
        "ca3f800000",
        "cb3ff0000000000000",
        "a131",
        "d90131",
        "da000131",
        "db0000000131",
        "c40131",
        "a3312e30",
    ];
    for hex in one {
        check_decode(hex, &Type::Number, 1);
    }
    for hex in [
        "ff",
        "d0ff",
        "d1ffff",
        "d2ffffffff",
        "d3ffffffffffffffff",
        "a22d31",
    ] {
        check_decode(hex, &Type::Number, -1);
    }
    check_decode("cfffffffffffffffff", &Type::Number, Number::from(u64::MAX));
    check_decode("cb7ff0000000000000", &Type::Number, Number::Infinity);
    check_decode(
        "cbfff0000000000000",
        &Type::Number,
        Number::NegativeInfinity,
    );
}

#[test]
fn reads_text_and_collections_of_every_width() {
    for hex in [
        "a161",
        "d90161",
        "da000161",
        "db0000000161",
        "c40161",
        "c5000161",
        "c60000000161",
    ] {
        check_decode(hex, &Type::String, "a");
    }
    for hex in ["91a161", "dc0001a161", "dd00000001a161"] {
        check_decode(hex, &Type::list(Type::String), Value::list(["a"]));
        check_decode(hex, &Type::set(Type::String), Value::set(["a"]));
        check_decode(
            hex,
            &Type::Tuple(vec![Type::String]),
            Value::Tuple(vec!["a".into()]),
        );
    }
    for hex in ["81a161c3", "de0001a161c3", "df00000001a161c3"] {
        check_decode(hex, &Type::map(Type::Bool), Value::map([("a", true)]));
        let object = Type::object([("a", Type::Bool)]);
        check_decode(hex, &object, Value::object([("a", true)]));
    }
}

#[test]
fn takes_every_extension_for_unknown() {
    for hex in [
        UNKNOWN,
        "d40700",
        "d5000000",
        "d60000000000",
        "d7000000000000000000",
        "d80000000000000000000000000000000000",
        "c70000",
        "c7010000",
        "c800000c",
        "c90000000000",
    ] {
        for ty in [Type::String, Type::list(Type::Number), Type::Dynamic] {
            check_decode(hex, &ty, Value::unknown());
        }
    }
}

#[test]
fn ignores_refinements_that_make_no_sense() {
    for hex in [
        "c7030cffffff",     // No map.
        "c7030c810105",     // Null-ness that is no bool.
        "c7040c8102a161",   // A prefix, of a number.
        "c7050c8103920101", // A bound without inclusiveness.
        "c7020c8301",       // Fewer entries than claimed.
        "c7020c80c0",       // Nothing at all.
    ] {
        check_decode(hex, &Type::Number, Value::unknown());
    }
}

#[test]
fn keeps_what_stands_before_a_refinement_of_the_future() {
    let known = Refinement {
        null: Some(false),
        ..Refinement::default()
    };
    check_decode(
        "c7060c 82 01c2 6392c0",
        &Type::String,
        Value::Unknown(known),
    );
}

#[test]
fn writes_only_refinements_that_fit_the_type() {
    let refinement = Refinement {
        null: Some(false),
        prefix: Some("a".into()),
        lower: Some((1_i64.into(), false)),
        upper: None,
        min_length: Some(2),
        max_length: Some(3),
    };
    let unknown = || Value::Unknown(refinement.clone());
    check_encode(unknown(), &Type::Bool, "c7030c 81 01c2");
    check_encode(unknown(), &Type::String, "c7060c 82 01c2 02a161");
    check_encode(unknown(), &Type::Number, "c7070c 82 01c2 039201c2");
    check_encode(
        unknown(),
        &Type::list(Type::Bool),
        "c7070c 83 01c2 0502 0603",
    );
    check_encode(unknown(), &Type::Dynamic, UNKNOWN);
    check_encode(Value::unknown(), &Type::String, UNKNOWN);
}

#[test]
fn shortens_prefixes_to_what_terraform_keeps() {
    let prefix = Some("é".repeat(200));
    let unknown = Value::Unknown(Refinement {
        prefix,
        ..Refinement::default()
    });
    let text = "c3a9".repeat(128);
    check_encode(
        unknown,
        &Type::String,
        &format!("c801050c 81 02 da0100 {text}"),
    );
}

#[test]
fn leaves_out_refinements_longer_than_terraform_reads() {
    let bound: Number = "9".repeat(1100).parse().unwrap();
    let lower = Some((bound, true));
    let unknown = Value::Unknown(Refinement {
        lower,
        ..Refinement::default()
    });
    check_encode(unknown, &Type::Number, UNKNOWN);
}

#[test]
fn writes_infinities_as_floats() {
    check_encode(Number::Infinity, &Type::Number, "cb7ff0000000000000");
    check_encode(
        Number::NegativeInfinity,
        &Type::Number,
        "cbfff0000000000000",
    );
}

#[test]
fn writes_missing_members_as_null() {
    let ty = Type::object([("a", Type::String), ("b", Type::Number)]);
    check_encode(Value::object([("b", 1)]), &ty, "82 a161 c0 a162 01");
}

#[test]
fn writes_a_value_of_unknown_type_without_a_pair() {
    let null = Value::Dynamic(Box::new((Type::Dynamic, Value::Null)));
    check_encode(null, &Type::Dynamic, "c0");
    check_decode("92 c409 2264796e616d696322 c0", &Type::Dynamic, Value::Null);
}
