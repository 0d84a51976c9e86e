//! Bytes as Terraform could send them, through the codec and back.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tfplugin_rs::testing::decode_anything(bytes));
