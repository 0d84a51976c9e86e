//! A value as a serde deserializer. It must not know which model is made of it.

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::DecodeError;
use crate::tf::{Attribute, Nesting, Number, Step, Value};

/// A value to read, and what is known of the objects in it.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// `None` is null.
    value: Option<&'a Value>,
    inside: Inside<'a>,
}

/// What is known of the objects in a value.
#[derive(Clone, Copy)]
enum Inside<'a> {
    /// They have these attributes.
    Objects(&'a [Attribute]),
    /// They are entries of a map and have these attributes.
    Entries(&'a [Attribute]),
    /// Nothing: their members are read as they are.
    Anything,
}

impl<'a> Reader<'a> {
    /// Reads an object with these attributes.
    pub(super) fn object(attributes: &'a [Attribute], value: &'a Value) -> Self {
        Self {
            value: known(value),
            inside: Inside::Objects(attributes),
        }
    }

    fn number(self) -> Option<&'a Number> {
        match self.value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    fn elements(self) -> Elements<'a> {
        let elements = self.value.into_iter().flat_map(Value::elements);
        Elements {
            rest: Box::new(elements.enumerate()),
            inside: self.inside.of_element(),
        }
    }

    fn members(self) -> Option<Members<'a>> {
        let (members, step): (_, fn(String) -> Step) = match self.value? {
            Value::Map(entries) => (entries, Step::Key),
            Value::Object(members) => (members, Step::Attribute),
            _ => return None,
        };
        Some(Members {
            rest: members.iter(),
            inside: self.inside,
            step,
            value: None,
        })
    }
}

impl<'a> Inside<'a> {
    fn of_element(self) -> Self {
        match self {
            Self::Entries(attributes) => Self::Objects(attributes),
            other => other,
        }
    }

    /// How a member is read, and the way to it below its name. `None` for one that the model gives a default.
    fn member(self, name: &str, value: &'a Value) -> Option<(Reader<'a>, Option<Step>)> {
        let Self::Objects(attributes) = self else {
            let (value, inside) = (known(value), self.of_element());
            return Some((Reader { value, inside }, None));
        };
        let value = known(value)?;
        let attribute = attributes.iter().find(|attribute| attribute.name == name);
        let is_list = matches!(value, Value::List(_) | Value::Set(_) | Value::Tuple(_));
        let is_single = attribute.is_some_and(|it| it.shape.is_single_in_list()) && is_list;
        let value = match is_single {
            true => known(value.elements().next()?)?,
            false => value,
        };
        let reader = Reader {
            value: Some(value),
            inside: attribute.map_or(Self::Anything, Self::of_attribute),
        };
        Some((reader, is_single.then_some(Step::Index(0))))
    }

    fn of_attribute(attribute: &'a Attribute) -> Self {
        match (attribute.inner(), attribute.shape.nesting()) {
            (Some(inner), Some(Nesting::Map)) => Self::Entries(inner),
            (Some(inner), _) => Self::Objects(inner),
            (None, _) => Self::Anything,
        }
    }
}

/// The value itself, whatever type it carries; `None` where there is nothing that a model could hold.
fn known(value: &Value) -> Option<&Value> {
    match value {
        Value::Null | Value::Unknown(_) => None,
        Value::Dynamic(inner) => known(&inner.1),
        value => Some(value),
    }
}

/// The number as JSON has it: it is serde_json that hands numbers of any precision over, to its own `Value`.
fn exact<'de, V: Visitor<'de>>(
    number: &Number,
    visitor: V,
    visit: impl FnOnce(serde_json::Number, V) -> serde_json::Result<V::Value>,
) -> Result<V::Value, DecodeError> {
    let text = number.to_string();
    match text.parse() {
        Ok(number) => Ok(visit(number, visitor)?),
        // JSON has no infinity.
        Err(_) => visitor.visit_string(text),
    }
}

/// Numbers are parsed as what the field is. Otherwise `0.1234567890123456789` would not fit into an `f64`.
macro_rules! numbers {
    ($($deserialize:ident)+) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            match self.number() {
                Some(number) => exact(number, visitor, |number, v| number.$deserialize(v)),
                None => self.deserialize_any(visitor),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Some(Value::Bool(value)) => visitor.visit_bool(*value),
            Some(Value::Number(number)) => exact(number, visitor, |it, v| it.deserialize_any(v)),
            Some(Value::String(text)) => visitor.visit_borrowed_str(text),
            Some(Value::List(_) | Value::Set(_) | Value::Tuple(_)) => {
                let mut elements = self.elements();
                let read = visitor.visit_seq(&mut elements)?;
                elements.end().map(|()| read)
            }
            _ => match self.members() {
                Some(members) => visitor.visit_map(members),
                None => visitor.visit_unit(),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Some(_) => visitor.visit_some(self),
            None => visitor.visit_none(),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match (self.value, self.members()) {
            (Some(Value::String(name)), _) => {
                visitor.visit_enum(BorrowedStrDeserializer::new(name))
            }
            (_, Some(members)) => visitor.visit_enum(MapAccessDeserializer::new(members)),
            _ => self.deserialize_any(visitor),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    forward_to_deserialize_any! {
        bool char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The elements that are still to be read.
struct Elements<'a> {
    rest: Box<dyn Iterator<Item = (usize, &'a Value)> + 'a>,
    inside: Inside<'a>,
}

impl Elements<'_> {
    fn end(mut self) -> Result<(), DecodeError> {
        match self.rest.next() {
            None => Ok(()),
            Some((place, _)) => {
                let reason = format!("the field holds no more than {place} elements");
                Err(DecodeError::new(reason))
            }
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'de> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some((place, value)) = self.rest.next() else {
            return Ok(None);
        };
        let reader = Reader {
            value: known(value),
            inside: self.inside,
        };
        let step = || Step::Index(i64::try_from(place).unwrap_or(i64::MAX));
        let read = seed.deserialize(reader);
        read.map(Some).map_err(|error| error.inside([step()]))
    }

    fn size_hint(&self) -> Option<usize> {
        self.rest.size_hint().1
    }
}

/// The members of an object or entries of a map that are still to be read.
struct Members<'a> {
    rest: std::collections::btree_map::Iter<'a, String, Value>,
    inside: Inside<'a>,
    step: fn(String) -> Step,
    /// That of the key which was read last.
    value: Option<(&'a str, Reader<'a>, Option<Step>)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        for (name, value) in self.rest.by_ref() {
            if let Some((reader, below)) = self.inside.member(name, value) {
                self.value = Some((name, reader, below));
                let key = BorrowedStrDeserializer::new(name);
                return seed.deserialize(key).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let Some((name, reader, below)) = self.value.take() else {
            return Err(DecodeError::new("the value was asked for before its key"));
        };
        let step = self.step;
        let read = seed.deserialize(reader);
        read.map_err(|error| error.inside(below.into_iter().chain([step(name.to_owned())])))
    }
}
