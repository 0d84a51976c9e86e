//! The codec against bytes of the real Terraform, against arbitrary values, and against hostile bytes.

mod hostile;
mod malformed;
mod properties;
mod seeds;
mod terraform;
mod widths;

use super::{decode, encode};
use crate::tf::{Type, Value};

/// Reads what is written in hexadecimal, spaces allowed.
fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|c| !c.is_whitespace()).collect();
    let byte = |pair: &[char]| u8::from_str_radix(&String::from_iter(pair), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

#[track_caller]
fn check_decode(hex: &str, ty: &Type, expected: impl Into<Value>) {
    assert_eq!(decode(&bytes(hex), ty), Ok(expected.into()), "{hex}");
}

#[track_caller]
fn check_encode(value: impl Into<Value>, ty: &Type, hex: &str) {
    let value = value.into();
    assert_eq!(encode(&value, ty), bytes(hex), "{value:?}");
}
