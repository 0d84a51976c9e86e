//! Bytes to values.

use std::collections::BTreeMap;

use rmp::Marker;

use super::{Error, MAX_DEPTH, number, refinement, type_json};
use crate::tf::{Type, Value};

/// Reads a value of type `ty` from msgpack.
///
/// Every width of msgpack is accepted. An object must have exactly the members of its type. Strings are kept as they
/// are: Terraform has normalised them to NFC, and will do so with what it gets.
///
/// # Errors
///
/// The bytes are malformed, no value of type `ty`, too deeply nested, or go on after the value.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Error> {
    let mut reader = Reader {
        bytes,
        depth: MAX_DEPTH,
    };
    let value = reader.value(ty)?;
    if reader.bytes.is_empty() {
        Ok(value)
    } else {
        Err(Error::expected("nothing after the value"))
    }
}

/// What is left to read. Lengths that the bytes claim are never allocated ahead: a collection grows as it is read.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            depth: MAX_DEPTH,
        }
    }

    /// The bytes as the source that rmp's functions read from.
    pub(super) fn bytes(&mut self) -> &mut &'a [u8] {
        &mut self.bytes
    }

    /// What kind of msgpack comes next.
    pub(super) fn marker(&self) -> Result<Marker, Error> {
        let first = self.bytes.first().copied().map(Marker::from_u8);
        first.ok_or_else(|| Error::expected("more bytes"))
    }

    /// A string. Binary is as good, as long as it is UTF-8.
    pub(super) fn text(&mut self) -> Result<&'a str, Error> {
        let bytes = self.text_or_binary()?;
        std::str::from_utf8(bytes).map_err(|_| Error::expected("UTF-8"))
    }

    pub(super) fn array(&mut self, expected: &'static str) -> Result<u32, Error> {
        rmp::decode::read_array_len(&mut self.bytes).map_err(|_| Error::expected(expected))
    }

    /// The number of entries of a map.
    pub(super) fn map(&mut self, expected: &'static str) -> Result<u32, Error> {
        rmp::decode::read_map_len(&mut self.bytes).map_err(|_| Error::expected(expected))
    }

    pub(super) fn bool(&mut self) -> Result<bool, Error> {
        rmp::decode::read_bool(&mut self.bytes).map_err(|_| Error::expected("a bool"))
    }

    fn text_or_binary(&mut self) -> Result<&'a [u8], Error> {
        let length = match self.marker()? {
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
                rmp::decode::read_bin_len(&mut self.bytes)
            }
            _ => rmp::decode::read_str_len(&mut self.bytes),
        };
        self.take(length.map_err(|_| Error::expected("a string"))?)
    }

    fn take(&mut self, length: u32) -> Result<&'a [u8], Error> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some((taken, rest)) = self.bytes.split_at_checked(length) else {
            return Err(Error::expected("more bytes"));
        };
        self.bytes = rest;
        Ok(taken)
    }

    fn value(&mut self, ty: &Type) -> Result<Value, Error> {
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| Error::expected(format!("at most {MAX_DEPTH} levels of nesting")))?;
        let value = match self.marker()? {
            Marker::Null => {
                self.bytes = &self.bytes[1..];
                Ok(Value::Null)
            }
            Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16
            | Marker::Ext8
            | Marker::Ext16
            | Marker::Ext32 => self.unknown(ty),
            _ => self.known(ty),
        };
        self.depth += 1;
        value
    }

    /// Every extension means unknown, as in go-cty; only one of them says more.
    fn unknown(&mut self, ty: &Type) -> Result<Value, Error> {
        let meta = rmp::decode::read_ext_meta(&mut self.bytes);
        let meta = meta.map_err(|_| Error::expected("a whole msgpack extension"))?;
        let payload = self.take(meta.size)?;
        Ok(if meta.typeid == refinement::EXTENSION {
            Value::Unknown(refinement::read(payload, ty))
        } else {
            Value::unknown()
        })
    }

    fn known(&mut self, ty: &Type) -> Result<Value, Error> {
        match ty {
            Type::String => Ok(Value::String(self.text()?.to_owned())),
            Type::Number => Ok(Value::Number(number::read(self)?)),
            Type::Bool => Ok(Value::Bool(self.bool()?)),
            Type::Dynamic => self.dynamic(),
            Type::List(element) => Ok(Value::List(self.elements(element, "a list")?)),
            Type::Set(element) => {
                let elements = self.elements(element, "a set").map_err(Error::in_set)?;
                Ok(Value::Set(elements.into_iter().collect()))
            }
            Type::Map(element) => Ok(Value::Map(self.entries(element)?)),
            Type::Object(members) => Ok(Value::Object(self.members(members)?)),
            Type::Tuple(types) => Ok(Value::Tuple(self.tuple(types)?)),
        }
    }

    fn elements(&mut self, ty: &Type, expected: &'static str) -> Result<Vec<Value>, Error> {
        let length = self.array(expected)? as usize;
        let element = |place| self.value(ty).map_err(|e| e.in_element(place));
        (0..length).map(element).collect()
    }

    fn tuple(&mut self, types: &[Type]) -> Result<Vec<Value>, Error> {
        if self.array("a tuple")? as usize != types.len() {
            return Err(Error::expected(format!("a tuple of {}", types.len())));
        }
        let element = |(place, ty)| self.value(ty).map_err(|e: Error| e.in_element(place));
        types.iter().enumerate().map(element).collect()
    }

    fn entries(&mut self, ty: &Type) -> Result<BTreeMap<String, Value>, Error> {
        let length = self.map("a map")?;
        let entry = |_| {
            let key = self.text()?;
            let value = self.value(ty).map_err(|e| e.in_entry(key))?;
            Ok((key.to_owned(), value))
        };
        (0..length).map(entry).collect()
    }

    fn members(
        &mut self,
        types: &BTreeMap<String, Type>,
    ) -> Result<BTreeMap<String, Value>, Error> {
        let length = self.map("an object")?;
        let mut members = BTreeMap::new();
        for _ in 0..length {
            let name = self.text()?;
            let Some(ty) = types.get(name) else {
                return Err(Error::expected("no such attribute").in_attribute(name));
            };
            let value = self.value(ty).map_err(|e| e.in_attribute(name))?;
            if members.insert(name.to_owned(), value).is_some() {
                return Err(Error::expected("the attribute only once").in_attribute(name));
            }
        }
        match types.keys().find(|name| !members.contains_key(*name)) {
            Some(missing) => Err(Error::expected("a value").in_attribute(missing)),
            None => Ok(members),
        }
    }

    fn dynamic(&mut self) -> Result<Value, Error> {
        if self.array("a pair of type and value")? != 2 {
            return Err(Error::expected("a pair of type and value"));
        }
        let ty = type_json::type_from_json(self.text_or_binary()?)?;
        let value = self.value(&ty)?;
        // "Some value of type dynamic" says no more than the value in there does by itself.
        Ok(match ty {
            Type::Dynamic => value,
            _ => Value::Dynamic(Box::new((ty, value))),
        })
    }
}
