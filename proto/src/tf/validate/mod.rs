//! Validation of a configuration: each attribute's own tests, with the path of what is wrong.
//!
//! Unknown means "cannot say yet" and passes. What Terraform checks itself (types, required attributes, block counts)
//! is not checked again, except inside of computed blocks: those Terraform takes for plain values.

use std::collections::BTreeSet;

use super::meaning::effective;
use super::{Attribute, Diagnostics, Mode, Path, Shape, Value, nested};

/// Runs the tests of all attributes on a configuration.
///
/// `write_only_allowed` says whether this Terraform can keep write-only values out of the state.
pub fn validate(attributes: &[Attribute], config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut validation = Validation {
        found: Diagnostics::new(),
        write_only_allowed,
    };
    validation.object(attributes, config, &Place::default());
    validation.found
}

struct Validation {
    found: Diagnostics,
    write_only_allowed: bool,
}

/// Where something stands, and what that means for what is inside.
#[derive(Clone, Default)]
struct Place {
    /// In full, for words.
    path: Path,
    /// As far as Terraform can show it.
    address: Path,
    /// Inside something whose values must not be shown.
    is_sensitive: bool,
    /// Inside something that Terraform takes for a plain value.
    is_plain: bool,
    /// Inside of an attribute or of an element of a set, whose parts have no address. Terraform would look for the last
    /// step of a path into an attribute among the attributes around it (`ElaborateFromConfigBody`), and show the line of
    /// another one.
    is_part: bool,
}

impl Place {
    fn then(&self, step: impl Fn(&Path) -> Path) -> Self {
        let address = match self.is_part {
            true => self.address.clone(),
            false => step(&self.address),
        };
        Self {
            path: step(&self.path),
            address,
            ..self.clone()
        }
    }

    /// What to call an attribute that is here: as it is shown, or in full where what is shown holds more.
    fn name_of(&self, attribute: &Attribute) -> String {
        match self.is_part {
            true => self.path.to_string(),
            false => attribute.name.clone(),
        }
    }

    fn attribute(&self, attribute: &Attribute) -> Self {
        let place = self.then(|path| path.attribute(&attribute.name));
        Self {
            is_sensitive: self.is_sensitive || attribute.sensitive || attribute.write_only,
            ..place
        }
    }
}

impl Validation {
    fn object(&mut self, attributes: &[Attribute], config: &Value, place: &Place) {
        if !matches!(config, Value::Object(_)) {
            return;
        }
        for attribute in attributes {
            let value = config.find(&attribute.name);
            let place = place.attribute(attribute);
            if place.is_plain {
                self.plain(attribute, value, &place);
            }
            if !value.is_null() && !value.is_unknown() {
                self.attribute(attribute, value, &place);
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, value: &Value, place: &Place) {
        if attribute.write_only && !self.write_only_allowed {
            let detail = format!(
                "{} is write-only, which needs Terraform 1.11 or OpenTofu 1.11 or later. \
                 With this version the value would be stored in the state.",
                attribute.name
            );
            self.error(place, "Write-only attribute not supported", detail);
        }
        let got = if place.is_sensitive {
            String::new()
        } else {
            got(value)
        };
        for expected in attribute
            .checks
            .iter()
            .filter_map(|check| check(value).err())
        {
            let name = place.name_of(attribute);
            self.error(
                place,
                format!("Invalid {name}"),
                format!("{name} {expected}{got}."),
            );
        }
        if let Some(inner) = attribute.inner() {
            self.inside(attribute, inner, value, place);
        }
    }

    /// What Terraform would check if this were not inside of a plain value to it.
    fn plain(&mut self, attribute: &Attribute, value: &Value, place: &Place) {
        let name = &attribute.name;
        let holds_blocks = attribute.is_block() || attribute.shape.is_single_in_list();
        match attribute.mode {
            Mode::Required if value.is_null() || (holds_blocks && value.is_empty()) => {
                let detail = format!("The argument {name:?} is required, but was not set.");
                self.error(place, "Missing required argument", detail);
            }
            Mode::Computed if !value.is_null() => {
                let detail = format!("{name:?} is decided automatically and cannot be set.");
                self.error(place, format!("Invalid {name}"), detail);
            }
            _ => {}
        }
    }

    fn inside(&mut self, attribute: &Attribute, inner: &[Attribute], value: &Value, place: &Place) {
        let is_computed_block = matches!(attribute.shape, Shape::ComputedBlock(_));
        let is_nested = matches!(attribute.shape, Shape::Nested(..));
        let place = Place {
            is_plain: place.is_plain || is_computed_block,
            is_part: place.is_part || is_nested,
            ..place.clone()
        };
        if place.is_plain && attribute.shape.is_single_in_list() && value.len() > 1 {
            let name = &attribute.name;
            let detail = format!("No more than one {name} block is allowed.");
            self.error(&place, format!("Too many {name} blocks"), detail);
        }
        self.objects(inner, value, &place);
        if matches!(value, Value::Set(_)) {
            self.distinct(attribute, inner, value, &place);
        }
    }

    fn objects(&mut self, inner: &[Attribute], value: &Value, place: &Place) {
        match value {
            Value::Object(_) => self.object(inner, value, place),
            Value::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.object(inner, element, &place.then(|path| path.index(index)));
                }
            }
            Value::Map(entries) => {
                for (key, element) in entries {
                    self.object(inner, element, &place.then(|path| path.key(key)));
                }
            }
            Value::Set(elements) => {
                let within = Place {
                    is_part: true,
                    ..place.clone()
                };
                for element in elements {
                    self.object(inner, element, &within);
                }
            }
            _ => {}
        }
    }

    /// Elements of a set that defaults make equal would become one, which Terraform refuses as a plan.
    fn distinct(&mut self, attribute: &Attribute, inner: &[Attribute], set: &Value, place: &Place) {
        let known = || set.elements().filter(|element| element.is_wholly_known());
        let different: BTreeSet<_> = known()
            .map(|element| with_defaults(inner, element))
            .collect();
        if different.len() < known().count() {
            let detail = format!(
                "Two elements of {} mean the same: one gives what is the default of the other.",
                attribute.name
            );
            self.error(place, format!("Invalid {}", attribute.name), detail);
        }
    }

    fn error(&mut self, place: &Place, summary: impl Into<String>, detail: String) {
        self.found.error(place.address.clone(), summary, detail);
    }
}

/// The object with defaults in the place of what is not given.
pub(crate) fn with_defaults(attributes: &[Attribute], object: &Value) -> Value {
    nested::members(attributes, object, |attribute, value| {
        let value = effective(attribute, value);
        match attribute.inner() {
            Some(inner) => nested::map(value, |element| with_defaults(inner, element)),
            None => value.clone(),
        }
    })
}

fn got(value: &Value) -> String {
    match value {
        Value::String(text) => format!(", got {text:?}"),
        Value::Number(number) => format!(", got {number}"),
        Value::Bool(value) => format!(", got {value}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
