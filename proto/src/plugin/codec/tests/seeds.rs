//! What the fuzzer starts from and runs, without the fuzzer: real values, and each of them damaged in every place.

use std::path::Path;

use super::decode;
use crate::testing::decode_anything;
use crate::tf::Type;

/// The first byte of every kind of msgpack, and lengths that are too short and too long.
const DAMAGE: [u8; 24] = [
    0x00, 0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc3, 0xc4, 0xc7, 0xc9, 0xca,
    0xcb, 0xcf, 0xd3, 0xd4, 0xdb, 0xdd, 0xdf, 0xff,
];

fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let files = folder.read_dir().unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn reads_every_seed() {
    let seeds = seeds();
    assert!(seeds.len() > 40);
    for seed in seeds {
        assert!(decode(&seed, &Type::Dynamic).is_ok(), "{seed:x?}");
        decode_anything(&seed);
    }
}

#[test]
fn survives_damage_in_every_place() {
    for seed in seeds() {
        for place in 0..seed.len() {
            assert!(decode(&seed[..place], &Type::Dynamic).is_err());
            let mut damaged = seed.clone();
            for byte in DAMAGE {
                damaged[place] = byte;
                decode_anything(&damaged);
            }
        }
    }
}
