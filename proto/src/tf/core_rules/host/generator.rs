//! Random configurations of a schema, reproducible from a seed. It must not know how anything is planned.

use crate::tf::schema::{absent, absent_object};
use crate::tf::validate::with_defaults;
use crate::tf::{Attribute, Mode, Nesting, Schema, Shape, Type, Value, nested};

/// Text for attributes whose tests accept it; the first that passes is as good as any other.
const WORDS: [&str; 12] = [
    "a",
    "b",
    "c-3",
    "{\"a\":1}",
    "{ \"a\": 1 }",
    "{\"a\":[2,null]}",
    "10.0.0.0/16",
    "10.100.0.0/16",
    "1.33",
    "30m",
    "arn:aws:iam::123456789012:role/test",
    "arn:aws:kms:us-east-1:123456789012:key/test",
];

const NUMBERS: [i64; 8] = [0, 1, 2, 3, 10, 50, 100, 60000];

/// Makes values that fit a schema: configurations, states, and configurations with unknown parts.
///
/// The same seed gives the same values, so that a test prints nothing but the seed to be repeated.
#[derive(Clone, Debug)]
pub struct Generator {
    state: u64,
    words: Vec<String>,
}

impl Generator {
    /// A generator that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            words: WORDS.map(ToOwned::to_owned).into(),
        }
    }

    /// Adds text to choose from, where attributes have tests that the usual text does not pass.
    #[must_use]
    pub fn with_words<const N: usize>(mut self, words: [&str; N]) -> Self {
        self.words.extend(words.map(ToOwned::to_owned));
        self
    }

    /// A wholly known configuration: what is required, and some of what is optional.
    pub fn config(&mut self, schema: &Schema) -> Value {
        self.object(&schema.attributes, Purpose::Config)
    }

    /// The configuration with some attributes, also inside of blocks, set anew or left out.
    pub fn changed(&mut self, schema: &Schema, config: &Value) -> Value {
        self.rewrite(&schema.attributes, config, &|this, attribute, value| {
            if this.once_in(4) {
                this.member(attribute, Purpose::Config)
            } else {
                value
            }
        })
    }

    /// The configuration with some values not known yet.
    ///
    /// A block that stands for a computed attribute becomes unknown as a whole or not at all.
    pub fn blurred(&mut self, schema: &Schema, config: &Value) -> Value {
        self.rewrite(&schema.attributes, config, &|this, _, value| {
            let is_hidden = !value.is_null() && this.once_in(4);
            if is_hidden { Value::unknown() } else { value }
        })
    }

    /// The planned object as a provider could make it: what is unknown gets some value.
    pub fn filled(&mut self, schema: &Schema, planned: &Value) -> Value {
        self.fill(&schema.attributes, planned)
    }

    /// The state of an object that is not made yet: some of what only the provider sets is not there.
    pub fn cut_short(&mut self, schema: &Schema, state: &Value) -> Value {
        let mut member = |attribute: &Attribute| {
            let is_missing = attribute.mode == Mode::Computed && self.once_in(2);
            let value = match is_missing {
                true => absent(attribute),
                false => state.get(&attribute.name).clone(),
            };
            (attribute.name.clone(), value)
        };
        Value::Object(schema.attributes.iter().map(&mut member).collect())
    }

    /// A number below `limit`, which must not be 0.
    pub fn below(&mut self, limit: usize) -> usize {
        // SplitMix64, by Sebastiano Vigna, in the public domain.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit.max(1) as u64).unwrap_or_default()
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn object(&mut self, attributes: &[Attribute], purpose: Purpose) -> Value {
        let members: Vec<_> = attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), self.member(attribute, purpose)))
            .collect();
        Value::object(members)
    }

    fn member(&mut self, attribute: &Attribute, purpose: Purpose) -> Value {
        let is_given = match (purpose, attribute.mode) {
            (Purpose::State, _) => !attribute.write_only && !self.once_in(5),
            (Purpose::Config, Mode::Required) => true,
            (Purpose::Config, Mode::Computed) => false,
            (Purpose::Config, _) => !self.once_in(2),
        };
        if is_given {
            self.acceptable(attribute, purpose)
        } else {
            absent(attribute)
        }
    }

    /// A value that passes the attribute's tests, if one is found.
    fn acceptable(&mut self, attribute: &Attribute, purpose: Purpose) -> Value {
        let is_good = |value: &Value| attribute.checks.iter().all(|check| check(value).is_ok());
        let candidates = 4 * self.words.len();
        let mut last = Value::Null;
        for _ in 0..candidates {
            last = self.value(attribute, purpose);
            if is_good(&last) {
                return last;
            }
        }
        if attribute.mode == Mode::Required {
            last
        } else {
            absent(attribute)
        }
    }

    fn value(&mut self, attribute: &Attribute, purpose: Purpose) -> Value {
        match &attribute.shape {
            Shape::Leaf(ty) => self.leaf(ty, &attribute.allowed),
            Shape::Nested(nesting, inner) => self.nested(*nesting, inner, 3, purpose),
            Shape::Block {
                nesting,
                single,
                attributes,
            } => {
                let most = if *single { 1 } else { 3 };
                self.nested(*nesting, attributes, most, purpose)
            }
            Shape::ComputedBlock(inner) => {
                let object = self.object(inner, purpose);
                Value::List(vec![without_empty_blocks(inner, object)])
            }
        }
    }

    fn nested(
        &mut self,
        nesting: Nesting,
        inner: &[Attribute],
        most: usize,
        purpose: Purpose,
    ) -> Value {
        if nesting == Nesting::Single {
            return self.object(inner, purpose);
        }
        let count = 1 + self.below(most);
        let objects: Vec<_> = (0..count).map(|_| self.object(inner, purpose)).collect();
        match nesting {
            Nesting::Set => distinct(inner, objects),
            Nesting::Map => Value::map(["x", "y", "z"].into_iter().zip(objects)),
            _ => Value::List(objects),
        }
    }

    fn leaf(&mut self, ty: &Type, allowed: &[String]) -> Value {
        match ty {
            Type::String if allowed.is_empty() => self.word(),
            Type::String => Value::from(allowed[self.below(allowed.len())].as_str()),
            Type::Number => Value::from(NUMBERS[self.below(NUMBERS.len())]),
            Type::Bool => Value::from(self.once_in(2)),
            Type::Dynamic => Value::Dynamic(Box::new((Type::String, self.word()))),
            Type::List(ty) => Value::List(self.leaves(ty, allowed)),
            Type::Set(ty) => Value::set(self.leaves(ty, allowed)),
            Type::Map(ty) => Value::map(["x", "y", "z"].into_iter().zip(self.leaves(ty, allowed))),
            Type::Tuple(types) => {
                Value::Tuple(types.iter().map(|ty| self.leaf(ty, allowed)).collect())
            }
            Type::Object(types) => {
                let members: Vec<_> = types
                    .iter()
                    .map(|(name, ty)| (name.clone(), self.leaf(ty, &[])))
                    .collect();
                Value::object(members)
            }
        }
    }

    fn leaves(&mut self, ty: &Type, allowed: &[String]) -> Vec<Value> {
        (0..self.below(4)).map(|_| self.leaf(ty, allowed)).collect()
    }

    fn word(&mut self) -> Value {
        let place = self.below(self.words.len());
        Value::from(self.words[place].as_str())
    }

    /// The object with each settable attribute changed by `change`, from the inside out.
    fn rewrite(&mut self, attributes: &[Attribute], object: &Value, change: &Change) -> Value {
        if !matches!(object, Value::Object(_)) {
            return object.clone();
        }
        let mut members = Vec::new();
        for attribute in attributes {
            let mut value = object.get(&attribute.name).clone();
            if attribute.mode != Mode::Computed {
                value = self.rewrite_inside(attribute, value, change);
                value = change(self, attribute, value);
            }
            members.push((attribute.name.clone(), value));
        }
        Value::object(members)
    }

    fn rewrite_inside(&mut self, attribute: &Attribute, value: Value, change: &Change) -> Value {
        let Some(inner) = attribute.inner() else {
            return value;
        };
        let mut each = |element: &Value| self.rewrite(inner, element, change);
        match &value {
            _ if matches!(attribute.shape, Shape::ComputedBlock(_)) => value,
            Value::Set(elements) => distinct(inner, elements.iter().map(each).collect()),
            nested => nested::map(nested, &mut each),
        }
    }

    fn fill(&mut self, attributes: &[Attribute], object: &Value) -> Value {
        if !matches!(object, Value::Object(_)) {
            return object.clone();
        }
        let mut members = Vec::new();
        for attribute in attributes {
            let value = object.get(&attribute.name);
            let filled = match (value, attribute.inner()) {
                (Value::Unknown(_), _) => self.answer(attribute),
                (value, Some(inner)) => self.fill_inside(inner, value),
                (value, None) => value.clone().with_unknown_as_null(),
            };
            members.push((attribute.name.clone(), filled));
        }
        Value::object(members)
    }

    /// What the API gives for something that is made. Where there is a fallback, anything else would be somebody else's
    /// change, which a plan takes back; silence means the same.
    fn answer(&mut self, attribute: &Attribute) -> Value {
        match (attribute.when_absent(), attribute.inner(), &attribute.usual) {
            (Some(_), Some(inner), _) if self.once_in(3) => Value::list([absent_object(inner)]),
            (Some(fallback), _, _) => fallback.clone(),
            (None, _, Some(usual)) if self.once_in(2) => usual.clone(),
            (None, _, _) => {
                let value = self.acceptable(attribute, Purpose::State);
                match is_on_its_way(attribute, &value) {
                    true => Value::Null,
                    false => value,
                }
            }
        }
    }

    fn fill_inside(&mut self, inner: &[Attribute], value: &Value) -> Value {
        let filled = nested::map(value, |element| self.fill(inner, element));
        // An API that made two elements of a set equal could never be asked for both again.
        match filled.len() < value.len() {
            true => value.clone().with_unknown_as_null(),
            false => filled,
        }
    }
}

/// To Terraform a computed block is an attribute, and so is all that it holds: what is left out in there is null.
fn without_empty_blocks(attributes: &[Attribute], object: Value) -> Value {
    let members = attributes.iter().map(|attribute| {
        let value = match (object.get(&attribute.name), attribute.inner()) {
            (value, Some(_)) if attribute.is_block() && value.is_empty() => Value::Null,
            (Value::List(elements), Some(inner)) => {
                let elements = elements.iter().cloned();
                Value::List(elements.map(|e| without_empty_blocks(inner, e)).collect())
            }
            (value, _) => value.clone(),
        };
        (attribute.name.clone(), value)
    });
    Value::Object(members.collect())
}

/// Whether an object with this value is not made, or never will be.
fn is_on_its_way(attribute: &Attribute, value: &Value) -> bool {
    let mut values = attribute.unfinished.iter().chain(&attribute.failed);
    values.any(|known| value.as_str() == Some(known))
}

/// A set of the elements that differ also when defaults are filled in: validation refuses others.
fn distinct(inner: &[Attribute], elements: Vec<Value>) -> Value {
    let mut seen = std::collections::BTreeSet::new();
    let mut is_new =
        |element: &Value| !element.is_wholly_known() || seen.insert(with_defaults(inner, element));
    Value::set(elements.into_iter().filter(|element| is_new(element)))
}

type Change = dyn Fn(&mut Generator, &Attribute, Value) -> Value;

/// What a value is made for.
#[derive(Clone, Copy)]
enum Purpose {
    /// What a user writes: nothing that only the provider sets.
    Config,
    /// What a provider answers: everything but write-only values.
    State,
}
