//! How much memory bytes from the wire can ask for. Alone in its process, because it counts every allocation.

use std::alloc::System;

use cap::Cap;
use tfplugin_rs::plugin::codec;
use tfplugin_rs::tf::Type;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// The smallest value takes one byte on the wire; in memory it is a `Value`, in a `Vec` that doubles as it grows.
const MOST_PER_BYTE: usize = 4 * size_of::<tfplugin_rs::tf::Value>();

/// Error texts, and the first few elements of a `Vec` whatever its length.
const SMALL_CHANGE: usize = 4096;

#[track_caller]
fn check(what: &str, bytes: &[u8], ty: &Type) {
    let before = ALLOCATOR.total_allocated();
    let outcome = codec::decode(bytes, ty);
    let spent = ALLOCATOR.total_allocated() - before;
    let allowed = MOST_PER_BYTE * bytes.len() + SMALL_CHANGE;
    assert!(
        spent <= allowed,
        "{what}: {spent} bytes for {}, {}",
        bytes.len(),
        outcome.is_ok()
    );
}

/// One test, so that no other thread allocates meanwhile.
#[test]
fn allocates_in_proportion_to_the_input() {
    let bools = Type::list(Type::Bool);
    let lists = (0..60).fold(Type::Bool, |ty, _| Type::list(ty));
    check(
        "a list that claims to be long",
        b"\xdd\xff\xff\xff\xff\xc3",
        &bools,
    );
    check(
        "a map that claims to be long",
        b"\xdf\xff\xff\xff\xff\xa1a\xc3",
        &Type::map(Type::Bool),
    );
    check(
        "text that claims to be long",
        b"\xdb\xff\xff\xff\xffa",
        &Type::String,
    );
    check(
        "an extension that claims to be long",
        b"\xc9\xff\xff\xff\xff\x0c\x80",
        &Type::Bool,
    );
    check(
        "lists in lists that all claim to be long",
        &b"\xdd\xff\xff\xff\xff".repeat(60),
        &lists,
    );

    let many = |count: u32, element: &[u8]| {
        [
            &[0xdd],
            &count.to_be_bytes()[..],
            &element.repeat(count as usize),
        ]
        .concat()
    };
    check("the smallest elements", &many(100_000, b"\xc3"), &bools);
    check(
        "a set of the smallest elements",
        &many(100_000, b"\xc0"),
        &Type::set(Type::Bool),
    );
    check(
        "empty lists",
        &many(100_000, b"\x90"),
        &Type::list(bools.clone()),
    );
    check(
        "empty objects",
        &many(100_000, b"\x80"),
        &Type::list(Type::object::<&str>([])),
    );
    check(
        "short numbers of many digits",
        &many(1_000, b"\xa61e4096"),
        &Type::list(Type::Number),
    );
    let typed = b"\x92\xc4\x20[\"tuple\",[\"bool\",\"bool\",\"bool\"]]\x93\xc0\xc0\xc0";
    check(
        "types of values",
        &many(1_000, typed),
        &Type::list(Type::Dynamic),
    );
    let refined = b"\xc7\x0a\x0c\x82\x03\x92\x00\xc3\x04\x92\x00\xc3\xc0";
    check(
        "refinements",
        &many(1_000, refined),
        &Type::list(Type::Number),
    );
}
