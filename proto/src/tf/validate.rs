//! Validation of a configuration: each attribute's own tests, with the path of what is wrong.
//!
//! Unknown means "cannot say yet" and passes. What Terraform checks itself (types, required attributes, block counts)
//! is not checked again.

use super::{Attribute, Diagnostics, Path, Value};

/// Runs the tests of all attributes on a configuration.
///
/// `write_only_allowed` says whether this Terraform can keep write-only values out of the state.
pub fn validate(attributes: &[Attribute], config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut validation = Validation {
        found: Diagnostics::new(),
        write_only_allowed,
    };
    validation.object(attributes, config, &Path::root());
    validation.found
}

struct Validation {
    found: Diagnostics,
    write_only_allowed: bool,
}

impl Validation {
    fn object(&mut self, attributes: &[Attribute], config: &Value, path: &Path) {
        if !matches!(config, Value::Object(_)) {
            return;
        }
        for attribute in attributes {
            let value = config.get(&attribute.name);
            if !value.is_null() && !value.is_unknown() {
                self.attribute(attribute, value, &path.attribute(&attribute.name));
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, value: &Value, path: &Path) {
        if attribute.write_only && !self.write_only_allowed {
            let detail = format!(
                "{path} is write-only, which needs Terraform 1.11 or OpenTofu 1.11 or later. \
                 With this version the value would be stored in the state."
            );
            self.found
                .error(path.clone(), "Write-only attribute not supported", detail);
        }
        for expected in attribute
            .checks
            .iter()
            .filter_map(|check| check(value).err())
        {
            let got = if attribute.sensitive {
                String::new()
            } else {
                got(value)
            };
            let detail = format!("{path} {expected}{got}.");
            self.found
                .error(path.clone(), format!("Invalid {}", attribute.name), detail);
        }
        if let Some(inner) = attribute.inner() {
            self.inside(inner, value, path);
        }
    }

    fn inside(&mut self, inner: &[Attribute], value: &Value, path: &Path) {
        match value {
            Value::Object(_) => self.object(inner, value, path),
            Value::List(elements) => {
                for (place, element) in elements.iter().enumerate() {
                    self.object(inner, element, &path.index(place));
                }
            }
            Value::Map(entries) => {
                for (key, element) in entries {
                    self.object(inner, element, &path.key(key));
                }
            }
            // Elements of sets have no address: what is wrong inside is reported on the set.
            Value::Set(elements) => {
                for element in elements {
                    let mut within = Validation {
                        found: Diagnostics::new(),
                        write_only_allowed: self.write_only_allowed,
                    };
                    within.object(inner, element, path);
                    let found = within
                        .found
                        .into_iter()
                        .map(|diagnostic| diagnostic.at(path.clone()));
                    self.found.extend(found);
                }
            }
            _ => {}
        }
    }
}

fn got(value: &Value) -> String {
    match value {
        Value::String(text) => format!(", got {text:?}"),
        Value::Number(number) => format!(", got {number}"),
        Value::Bool(value) => format!(", got {value}"),
        _ => String::new(),
    }
}
