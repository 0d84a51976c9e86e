//! What is certain about an unknown value: the payload of msgpack extension 12, a map with small integers as keys.

use rmp::encode::{ByteBuf, write_array_len, write_bool, write_map_len, write_str, write_uint};

use super::decode::Reader;
use super::number;
use crate::tf::{Number, Refinement, Type};

/// The extension that carries refinements.
pub(super) const EXTENSION: i8 = 12;

/// go-cty refuses longer payloads.
const LONGEST_PAYLOAD: usize = 1024;

/// go-cty keeps no more of a prefix than this many bytes.
const LONGEST_PREFIX: usize = 256;

const NULL: u64 = 1;
const PREFIX: u64 = 2;
const LOWER: u64 = 3;
const UPPER: u64 = 4;
const MIN_LENGTH: u64 = 5;
const MAX_LENGTH: u64 = 6;

/// Reads the payload. One that makes no sense says nothing, which is always safe.
pub(super) fn read(payload: &[u8], ty: &Type) -> Refinement {
    let mut reader = Reader::new(payload);
    entries(&mut reader, ty).unwrap_or_default()
}

fn entries(reader: &mut Reader<'_>, ty: &Type) -> Option<Refinement> {
    let mut refinement = Refinement::default();
    if matches!(ty, Type::Dynamic) {
        return Some(refinement);
    }
    for _ in 0..reader.map("a map").ok()? {
        match (integer(reader)?, ty) {
            (NULL, _) => refinement.null = Some(reader.bool().ok()?),
            (PREFIX, Type::String) => refinement.prefix = Some(reader.text().ok()?.to_owned()),
            (LOWER, Type::Number) => refinement.lower = Some(bound(reader)?),
            (UPPER, Type::Number) => refinement.upper = Some(bound(reader)?),
            (MIN_LENGTH, ty) if is_collection(ty) => refinement.min_length = Some(integer(reader)?),
            (MAX_LENGTH, ty) if is_collection(ty) => refinement.max_length = Some(integer(reader)?),
            (NULL..=MAX_LENGTH, _) => return None,
            // A key from the future. How long its value is cannot be told; what stands before it holds.
            _ => break,
        }
    }
    Some(refinement)
}

fn integer(reader: &mut Reader<'_>) -> Option<u64> {
    rmp::decode::read_int(reader.bytes()).ok()
}

fn bound(reader: &mut Reader<'_>) -> Option<(Number, bool)> {
    if reader.array("a bound").ok()? != 2 {
        return None;
    }
    Some((number::read(reader).ok()?, reader.bool().ok()?))
}

fn is_collection(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_))
}

/// The payload that says what is certain and means something for the type; `None` when that is nothing.
pub(super) fn payload(refinement: &Refinement, ty: &Type) -> Option<Vec<u8>> {
    // Where the type itself is not known yet, go-cty has no refinements.
    if matches!(ty, Type::Dynamic) {
        return None;
    }
    let mut entries = Entries::default();
    entries.null(refinement.null);
    if matches!(ty, Type::String) {
        entries.prefix(refinement.prefix.as_deref());
    }
    if matches!(ty, Type::Number) {
        entries.bound(LOWER, refinement.lower.as_ref());
        entries.bound(UPPER, refinement.upper.as_ref());
    }
    if is_collection(ty) {
        entries.length(MIN_LENGTH, refinement.min_length);
        entries.length(MAX_LENGTH, refinement.max_length);
    }
    entries.into_payload()
}

/// The entries of the map, written before their number is known.
#[derive(Default)]
struct Entries {
    count: u32,
    bytes: ByteBuf,
}

impl Entries {
    /// Begins an entry; its value goes into what this returns.
    fn after(&mut self, key: u64) -> &mut ByteBuf {
        self.count += 1;
        let Ok(_) = write_uint(&mut self.bytes, key);
        &mut self.bytes
    }

    fn null(&mut self, null: Option<bool>) {
        if let Some(null) = null {
            let Ok(()) = write_bool(self.after(NULL), null);
        }
    }

    fn prefix(&mut self, prefix: Option<&str>) {
        if let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty()) {
            let prefix = &prefix[..prefix.floor_char_boundary(LONGEST_PREFIX)];
            let Ok(()) = write_str(self.after(PREFIX), prefix);
        }
    }

    fn bound(&mut self, key: u64, bound: Option<&(Number, bool)>) {
        if let Some((number, inclusive)) = bound {
            let to = self.after(key);
            let Ok(_) = write_array_len(to, 2);
            number::write(number, to);
            let Ok(()) = write_bool(to, *inclusive);
        }
    }

    fn length(&mut self, key: u64, length: Option<u64>) {
        if let Some(length) = length {
            let Ok(_) = write_uint(self.after(key), length);
        }
    }

    fn into_payload(self) -> Option<Vec<u8>> {
        let mut payload = ByteBuf::new();
        let Ok(_) = write_map_len(&mut payload, self.count);
        payload.as_mut_vec().extend(self.bytes.into_vec());
        let payload = payload.into_vec();
        (self.count > 0 && payload.len() <= LONGEST_PAYLOAD).then_some(payload)
    }
}
