//! What Terraform accepts as a plan: `Provider produced invalid plan` when one of these is broken.

use std::collections::BTreeSet;

use super::super::{Attribute, Nesting, Path, Schema, Value};
use super::{Found, Seen, Violation, assert_conforms, equal, is_settable};

/// Compares a planned state with what was asked for.
///
/// The heart of it: what the user set is planned as set, or stays exactly as it was; what the user left out is planned
/// only where the schema says that the provider computes it.
pub fn assert_plan_valid(
    schema: &Schema,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<Violation> {
    let conforming = assert_conforms(schema, planned);
    if !conforming.is_empty() {
        return conforming;
    }
    let values = Values {
        prior,
        config,
        planned,
    };
    let mut found = Found::default();
    block(&schema.attributes, values, &Path::root(), &mut found);
    found.0
}

/// The three values of one place.
#[derive(Clone, Copy)]
struct Values<'a> {
    prior: &'a Value,
    config: &'a Value,
    planned: &'a Value,
}

impl<'a> Values<'a> {
    fn member(self, name: &str) -> Self {
        self.each(|value| value.get(name))
    }

    fn element(self, place: usize) -> Self {
        self.each(|value| value.index(place))
    }

    fn each(self, part: impl Fn(&'a Value) -> &'a Value) -> Self {
        Self {
            prior: part(self.prior),
            config: part(self.config),
            planned: part(self.planned),
        }
    }
}

fn block(attributes: &[Attribute], values: Values, path: &Path, found: &mut Found) {
    match (values.config, values.planned) {
        (Value::Null, Value::Null) => {}
        (Value::Null, _) => found.add(path, "is not configured and must be planned as null"),
        (_, Value::Null) => found.add(path, "is configured and must not be planned as null"),
        _ => members(attributes, values, path, found),
    }
}

fn members(attributes: &[Attribute], values: Values, path: &Path, found: &mut Found) {
    for attribute in attributes {
        let values = values.member(&attribute.name);
        let path = path.attribute(&attribute.name);
        match Seen::of(attribute) {
            Seen::Block(nesting, inner) => blocks(nesting, inner, values, &path, found),
            _ => member(attribute, values, &path, found),
        }
    }
}

fn member(attribute: &Attribute, values: Values, path: &Path, found: &mut Found) {
    let Values {
        prior,
        config,
        planned,
    } = values;
    let is_as_it_was = equal(planned, prior) && !prior.is_null() && !config.is_null();
    let is_free = attribute.is_computed() && (config.is_null() || !is_settable(attribute));
    let is_write_only = attribute.write_only && planned.is_null();
    if equal(planned, config) || is_as_it_was || is_free || is_write_only {
        return;
    }
    match Seen::of(attribute) {
        _ if config.is_null() => found.add(path, "is neither configured nor computed"),
        Seen::Nested(nesting, inner) => nested(nesting, inner, values, path, found),
        _ => found.add(path, "must be planned as configured, or stay as it was"),
    }
}

fn nested(nesting: Nesting, inner: &[Attribute], values: Values, path: &Path, found: &mut Found) {
    match values.planned {
        Value::Null => found.add(path, "is configured and must not be planned as null"),
        Value::Unknown(_) => found.add(path, "is configured and must not be planned as unknown"),
        _ if nesting == Nesting::Single => members(inner, values, path, found),
        _ if has_same_places(values, path, found) => {
            each_place(values, path, |values, path| {
                members(inner, values, path, found);
            });
        }
        _ => {}
    }
}

fn blocks(nesting: Nesting, inner: &[Attribute], values: Values, path: &Path, found: &mut Found) {
    if equal(values.planned, values.config) {
        return;
    }
    if values.config.is_unknown() {
        return found.add(
            path,
            "is an unknown dynamic block and must be planned as such",
        );
    }
    if values.planned.is_unknown()
        || values.planned.elements().any(Value::is_unknown) && nesting != Nesting::Single
    {
        return found.add(
            path,
            "holds blocks, which must not be planned as unknown themselves",
        );
    }
    // Elements of sets cannot be told apart: Terraform trusts the provider with them.
    if nesting == Nesting::Single {
        block(inner, values, path, found);
    } else if nesting != Nesting::Set && has_same_places(values, path, found) {
        each_place(values, path, |values, path| {
            block(inner, values, path, found)
        });
    }
}

/// Whether plan and configuration have the same elements; for sets, only their number is compared.
fn has_same_places(values: Values, path: &Path, found: &mut Found) -> bool {
    let (planned, config) = (values.planned, values.config);
    if let (Value::Map(planned), Value::Map(config)) = (planned, config) {
        let keys: BTreeSet<_> = planned.keys().collect();
        if keys != config.keys().collect() {
            found.add(path, "must be planned with the keys that are configured");
            return false;
        }
        return true;
    }
    // Unknown elements of a set may turn out to be one.
    let is_open = matches!(planned, Value::Set(_)) && !planned.is_wholly_known();
    if !is_open && (config.is_unknown() || planned.len() != config.len()) {
        found.add(
            path,
            "must be planned with as many elements as are configured",
        );
        return false;
    }
    true
}

fn each_place<'a>(values: Values<'a>, path: &Path, mut check: impl FnMut(Values<'a>, &Path)) {
    match values.planned {
        Value::List(elements) => {
            (0..elements.len()).for_each(|i| check(values.element(i), &path.index(i)));
        }
        Value::Map(entries) => {
            entries
                .keys()
                .for_each(|key| check(values.member(key), &path.key(key)));
        }
        _ => {}
    }
}
