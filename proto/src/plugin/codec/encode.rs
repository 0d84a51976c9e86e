//! Values to bytes.

use std::collections::BTreeMap;

use rmp::encode::{
    ByteBuf, write_array_len, write_bin, write_bool, write_ext_meta, write_map_len, write_nil,
    write_str,
};

use super::{number, refinement, type_json};
use crate::tf::{Type, Value};

/// An unknown value about which nothing is certain, byte for byte as go-cty writes it.
const UNKNOWN: [u8; 3] = [0xd4, 0, 0];

/// Writes a value of type `ty` as msgpack. Equal values give equal bytes.
///
/// This cannot fail, so that no answer to Terraform, least of all the state of something just created, is lost to it.
/// A member that an object lacks is written as null. Whatever else does not fit the type is written as what it is:
/// Terraform then refuses it and names its path.
pub fn encode(value: &Value, ty: &Type) -> Vec<u8> {
    let mut bytes = ByteBuf::new();
    write(value, ty, &mut bytes);
    bytes.into_vec()
}

// A ByteBuf never refuses a write: the error type is uninhabited, which is why `let Ok(_)` below is irrefutable.
fn write(value: &Value, ty: &Type, to: &mut ByteBuf) {
    match value {
        Value::Null => {
            let Ok(()) = write_nil(to);
        }
        Value::Unknown(refinement) => unknown(refinement::payload(refinement, ty), to),
        Value::Bool(value) => {
            let Ok(()) = write_bool(to, *value);
        }
        Value::Number(number) => number::write(number, to),
        Value::String(text) => {
            let Ok(()) = write_str(to, text);
        }
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => elements(value, ty, to),
        Value::Map(entries) => map(entries, ty, to),
        Value::Object(members) => object(members, ty, to),
        Value::Dynamic(inner) => dynamic(&inner.0, &inner.1, ty, to),
    }
}

fn unknown(payload: Option<Vec<u8>>, to: &mut ByteBuf) {
    match payload {
        None => to.as_mut_vec().extend(UNKNOWN),
        Some(payload) => {
            let Ok(_) = write_ext_meta(to, length(payload.len()), refinement::EXTENSION);
            to.as_mut_vec().extend(payload);
        }
    }
}

fn elements(value: &Value, ty: &Type, to: &mut ByteBuf) {
    let Ok(_) = write_array_len(to, length(value.len()));
    for (place, element) in value.elements().enumerate() {
        let ty = match ty {
            Type::List(element) | Type::Set(element) => element,
            Type::Tuple(types) => types.get(place).unwrap_or(&Type::Dynamic),
            _ => &Type::Dynamic,
        };
        write(element, ty, to);
    }
}

fn map(entries: &BTreeMap<String, Value>, ty: &Type, to: &mut ByteBuf) {
    let ty = match ty {
        Type::Map(element) => element,
        _ => &Type::Dynamic,
    };
    let Ok(_) = write_map_len(to, length(entries.len()));
    for (key, entry) in entries {
        let Ok(()) = write_str(to, key);
        write(entry, ty, to);
    }
}

fn object(members: &BTreeMap<String, Value>, ty: &Type, to: &mut ByteBuf) {
    let none = BTreeMap::new();
    let types = match ty {
        Type::Object(types) => types,
        _ => &none,
    };
    let extra = members.keys().filter(|name| !types.contains_key(*name));
    let names: Vec<&String> = types.keys().chain(extra).collect();
    let Ok(_) = write_map_len(to, length(names.len()));
    for name in names {
        let Ok(()) = write_str(to, name);
        let member = members.get(name).unwrap_or(&Value::Null);
        write(member, types.get(name).unwrap_or(&Type::Dynamic), to);
    }
}

fn dynamic(own: &Type, value: &Value, ty: &Type, to: &mut ByteBuf) {
    // The pair belongs where the schema says dynamic, and go-cty writes none for a value whose type is not known.
    if matches!(ty, Type::Dynamic) && !matches!(own, Type::Dynamic) {
        let Ok(_) = write_array_len(to, 2);
        let Ok(()) = write_bin(to, &type_json::type_to_json(own));
    }
    write(value, own, to);
}

/// Msgpack counts to 2^32. A longer value cannot be sent at all: gRPC messages end at 2^31 bytes.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
