//! Values as a serde serializer. It must not know which model they are made of.
//!
//! What is accepted is what [`from_json`](crate::tf::from_json) accepts: text stands for numbers and booleans, and the
//! other way round; missing members are null, unknown ones are left out.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::DecodeError;
use crate::tf::schema::absent;
use crate::tf::{Attribute, Nesting, Path, Shape, Step, Type, Value, leaf_from_json};

type Result<T = Value> = std::result::Result<T, DecodeError>;

/// Writes what belongs at one place of a schema.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a>(Place<'a>);

/// What a schema says of a place.
#[derive(Clone, Copy)]
enum Place<'a> {
    Leaf(&'a Type),
    Objects(Nesting, &'a [Attribute]),
    /// A list that holds at most one object, which a model has without the list.
    Single(&'a [Attribute]),
}

impl<'a> Place<'a> {
    fn of(attribute: &'a Attribute) -> Self {
        match &attribute.shape {
            Shape::Leaf(ty) => Self::Leaf(ty),
            Shape::ComputedBlock(inner) => Self::Single(inner),
            Shape::Block {
                single: true,
                attributes,
                ..
            } => Self::Single(attributes),
            Shape::Nested(nesting, attributes)
            | Shape::Block {
                nesting,
                attributes,
                ..
            } => Self::Objects(*nesting, attributes),
        }
    }

    /// The place of an element or entry.
    fn element(self) -> Option<Self> {
        match self {
            Self::Leaf(Type::List(ty) | Type::Set(ty) | Type::Map(ty)) => Some(Self::Leaf(ty)),
            Self::Objects(Nesting::Single, _) | Self::Leaf(_) => None,
            Self::Objects(_, inner) | Self::Single(inner) => {
                Some(Self::Objects(Nesting::Single, inner))
            }
        }
    }

    fn member(self, name: &str) -> Option<Self> {
        match self {
            Self::Leaf(Type::Object(types)) => types.get(name).map(Self::Leaf),
            Self::Objects(Nesting::Single, attributes) | Self::Single(attributes) => {
                let mut attributes = attributes.iter();
                attributes.find(|it| it.name == name).map(Self::of)
            }
            _ => None,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Leaf(Type::String) => "a string",
            Self::Leaf(Type::Number) => "a number",
            Self::Leaf(Type::Bool) => "a bool",
            Self::Leaf(Type::Dynamic) => "a value of any type",
            Self::Leaf(Type::Tuple(_)) => "a tuple",
            Self::Leaf(Type::Map(_)) | Self::Objects(Nesting::Map, _) => "a map",
            Self::Leaf(Type::List(_) | Type::Set(_))
            | Self::Objects(Nesting::List | Nesting::Set, _) => "a list",
            Self::Leaf(Type::Object(_)) | Self::Objects(Nesting::Single, _) | Self::Single(_) => {
                "an object"
            }
        }
    }

    fn unfit<T>(self) -> Result<T> {
        Err(DecodeError::new(format!("expected {}", self.expected())))
    }

    /// Writes what has a place within another. A dynamic value has the type that it looks like as JSON.
    fn write(self, value: &(impl Serialize + ?Sized)) -> Result {
        match self {
            Self::Leaf(ty @ Type::Dynamic) => {
                let json = serde_json::to_value(value)?;
                Ok(leaf_from_json(ty, &json, &Path::root())?)
            }
            place => value.serialize(Writer(place)),
        }
    }
}

impl<'a> Writer<'a> {
    /// Writes an object with these attributes.
    pub(super) fn object(attributes: &'a [Attribute]) -> Self {
        Self(Place::Objects(Nesting::Single, attributes))
    }

    fn text(self, text: &str) -> Result {
        match self.0 {
            Place::Leaf(Type::String) => Ok(text.into()),
            Place::Leaf(Type::Bool) if text == "true" => Ok(true.into()),
            Place::Leaf(Type::Bool) if text == "false" => Ok(false.into()),
            Place::Leaf(Type::Number) => match text.parse() {
                Ok(number) => Ok(Value::Number(number)),
                Err(_) => self.0.unfit(),
            },
            place => place.unfit(),
        }
    }

    fn number(self, number: impl Display) -> Result {
        match self.0 {
            Place::Leaf(Type::Number | Type::String) => self.text(&number.to_string()),
            place => place.unfit(),
        }
    }

    fn sequence(self) -> Result<Sequence<'a>> {
        let is_sequence = match self.0 {
            Place::Leaf(ty) => matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_)),
            Place::Objects(nesting, _) => matches!(nesting, Nesting::List | Nesting::Set),
            Place::Single(_) => true,
        };
        match is_sequence {
            true => Ok(Sequence {
                place: self.0,
                elements: Vec::new(),
            }),
            false => self.0.unfit(),
        }
    }

    fn members(self) -> Result<Members<'a>> {
        let has_members = match self.0 {
            Place::Leaf(ty) => matches!(ty, Type::Map(_) | Type::Object(_)),
            Place::Objects(nesting, _) => matches!(nesting, Nesting::Single | Nesting::Map),
            Place::Single(_) => true,
        };
        match has_members {
            true => Ok(Members::new(self.0)),
            false => self.0.unfit(),
        }
    }
}

macro_rules! numbers {
    ($($serialize:ident: $number:ty),+ $(,)?) => {$(
        fn $serialize(self, number: $number) -> Result {
            self.number(number)
        }
    )+};
}

impl<'a> Serializer for Writer<'a> {
    type Ok = Value;
    type Error = DecodeError;
    type SerializeSeq = Sequence<'a>;
    type SerializeTuple = Sequence<'a>;
    type SerializeTupleStruct = Sequence<'a>;
    type SerializeTupleVariant = Impossible<Value, DecodeError>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Impossible<Value, DecodeError>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
    }

    fn serialize_f32(self, number: f32) -> Result {
        self.serialize_f64(number.into())
    }

    /// What is no number is null, as in JSON.
    fn serialize_f64(self, number: f64) -> Result {
        match serde_json::Number::from_f64(number) {
            Some(number) => self.number(number),
            None => self.serialize_unit(),
        }
    }

    fn serialize_bool(self, value: bool) -> Result {
        match self.0 {
            Place::Leaf(Type::Bool) => Ok(value.into()),
            Place::Leaf(Type::String) => Ok(value.to_string().into()),
            place => place.unfit(),
        }
    }

    fn serialize_char(self, value: char) -> Result {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result {
        self.text(text)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        self.collect_map([(variant, value)])
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Sequence<'a>> {
        self.sequence()
    }

    fn serialize_tuple(self, _: usize) -> Result<Sequence<'a>> {
        self.sequence()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Sequence<'a>> {
        self.sequence()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        self.0.unfit()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>> {
        self.members()
    }

    /// serde_json hands a number of any precision over as a struct that has its text, and a name that Rust does not allow.
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Members<'a>> {
        let is_number = name.starts_with('$');
        match self.0 {
            place @ Place::Leaf(Type::Number | Type::String) if is_number => {
                Ok(Members::new(place))
            }
            place if is_number => place.unfit(),
            _ => self.members(),
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        self.0.unfit()
    }
}

/// The elements written so far.
pub(super) struct Sequence<'a> {
    place: Place<'a>,
    elements: Vec<Value>,
}

impl Sequence<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let count = self.elements.len();
        let element = match self.place {
            Place::Leaf(Type::Tuple(types)) => types.get(count).map(Place::Leaf),
            place => place.element(),
        };
        let Some(element) = element else {
            return self.place.unfit();
        };
        let step = || Step::Index(i64::try_from(count).unwrap_or(i64::MAX));
        let written = element.write(value);
        self.elements
            .push(written.map_err(|error| error.inside([step()]))?);
        Ok(())
    }

    fn finish(self) -> Result {
        match self.place {
            Place::Leaf(Type::Tuple(types)) if types.len() != self.elements.len() => {
                self.place.unfit()
            }
            Place::Leaf(Type::Tuple(_)) => Ok(Value::Tuple(self.elements)),
            Place::Leaf(Type::Set(_)) | Place::Objects(Nesting::Set, _) => {
                Ok(Value::set(self.elements))
            }
            _ => Ok(Value::List(self.elements)),
        }
    }
}

macro_rules! sequences {
    ($($which:ident::$element:ident),+) => {$(
        impl ser::$which for Sequence<'_> {
            type Ok = Value;
            type Error = DecodeError;

            fn $element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result {
                self.finish()
            }
        }
    )+};
}

sequences! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field
}

/// The members or entries written so far.
pub(super) struct Members<'a> {
    place: Place<'a>,
    /// The key whose value comes next.
    key: String,
    written: BTreeMap<String, Value>,
}

impl<'a> Members<'a> {
    fn new(place: Place<'a>) -> Self {
        Self {
            place,
            key: String::new(),
            written: BTreeMap::new(),
        }
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<()> {
        let (place, step) = match self.place {
            place @ (Place::Leaf(Type::Map(_)) | Place::Objects(Nesting::Map, _)) => {
                (place.element(), Step::Key(name.clone()))
            }
            // The text of a number.
            place @ Place::Leaf(Type::Number | Type::String) => {
                (Some(place), Step::Attribute(name.clone()))
            }
            place => (place.member(&name), Step::Attribute(name.clone())),
        };
        let Some(place) = place else { return Ok(()) };
        let is_in_list = matches!(self.place, Place::Single(_));
        let list = is_in_list.then_some(Step::Index(0));
        let written = place.write(value);
        let written = written.map_err(|error| error.inside([step].into_iter().chain(list)))?;
        self.written.insert(name, written);
        Ok(())
    }

    fn finish(mut self) -> Result {
        match self.place {
            Place::Leaf(Type::Object(types)) => {
                for name in types.keys() {
                    self.written.entry(name.clone()).or_default();
                }
                Ok(Value::Object(self.written))
            }
            Place::Leaf(Type::Number | Type::String) => match self.written.into_values().next() {
                Some(number) => Ok(number),
                None => self.place.unfit(),
            },
            Place::Objects(Nesting::Single, attributes) => Ok(completed(attributes, self.written)),
            Place::Single(attributes) => Ok(Value::List(vec![completed(attributes, self.written)])),
            _ => Ok(Value::Map(self.written)),
        }
    }
}

/// The object with all of its members: those that were not written, or as null, are absent.
fn completed(attributes: &[Attribute], mut members: BTreeMap<String, Value>) -> Value {
    for attribute in attributes {
        let member = members.entry(attribute.name.clone()).or_default();
        if member.is_null() {
            *member = absent(attribute);
        }
    }
    Value::Object(members)
}

impl ser::SerializeMap for Members<'_> {
    type Ok = Value;
    type Error = DecodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        match Place::Leaf(&Type::String).write(key)? {
            Value::String(key) => self.key = key,
            _ => return Place::Leaf(&Type::String).unfit(),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let key = std::mem::take(&mut self.key);
        self.member(key, value)
    }

    fn end(self) -> Result {
        self.finish()
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = Value;
    type Error = DecodeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.member(name.to_owned(), value)
    }

    fn end(self) -> Result {
        self.finish()
    }
}
