//! When two values mean the same although they are written differently.
//!
//! One vocabulary for planning (no difference, no update), for replacement (no difference, no new object) and for
//! reading back (keep the spelling the user knows). It knows nothing of plans and states.

use std::collections::BTreeSet;

use super::{Attribute, Equality, Shape, Value};

/// Whether two values of an attribute mean the same.
pub(crate) fn same(attribute: &Attribute, left: &Value, right: &Value) -> bool {
    if left == right {
        return true;
    }
    if let (Value::Map(left), Value::Map(right)) = (left, right)
        && attribute.equality != Equality::Exact
    {
        let alike = |(key, value)| right.get(key).is_some_and(|it| same(attribute, value, it));
        return left.len() == right.len() && left.iter().all(alike);
    }
    let (Some(left), Some(right)) = (left.as_str(), right.as_str()) else {
        return false;
    };
    match attribute.equality {
        Equality::Exact => false,
        Equality::IgnoreCase => left.eq_ignore_ascii_case(right),
        Equality::Json => {
            let parse = |text| serde_json::from_str::<serde_json::Value>(text).ok();
            parse(left).is_some_and(|left| Some(left) == parse(right))
        }
    }
}

/// Whether the value says nothing: null, empty, or empty text. APIs cannot tell these apart.
pub(crate) fn is_nothing(value: &Value) -> bool {
    value.is_absent() || value.as_str() == Some("")
}

/// Whether the value asks for nothing that would not be so without it: [`is_nothing`], or a block in which everything is
/// at its default. APIs answer such blocks for objects that were made without.
fn asks_for_nothing(attribute: &Attribute, value: &Value) -> bool {
    let is_usual = |inner: &Attribute, value: &Value| {
        inner.default.as_ref() == Some(value) || asks_for_nothing(inner, value)
    };
    let inner = attribute
        .inner()
        .filter(|_| attribute.shape.is_single_in_list());
    let is_usual_block = |inner: &[Attribute]| {
        let mut members = inner.iter();
        members.all(|member| is_usual(member, value.index(0).get(&member.name)))
    };
    is_nothing(value) || (value.len() == 1 && inner.is_some_and(is_usual_block))
}

/// Whether the value is what `fallback` says ([`Attribute::when_absent`]).
///
/// APIs leave out what is as it would be anyway: a block, or members of it. So silence means the same, except where a
/// default is a value that the object always has.
pub(crate) fn is_at(attribute: &Attribute, fallback: &Value, value: &Value) -> bool {
    let is_member_at = |inner: &Attribute| {
        let value = value.index(0).get(&inner.name);
        let fallback = fallback.index(0).get(&inner.name);
        is_nothing(value) || covers(inner, value, fallback)
    };
    match &attribute.shape {
        Shape::ComputedBlock(_) if is_nothing(value) => true,
        Shape::ComputedBlock(inner) => value.len() == 1 && inner.iter().all(is_member_at),
        _ if attribute.default.is_none() && value.is_null() => true,
        _ => same(attribute, fallback, value),
    }
}

/// The value, or the default in its place.
pub(crate) fn effective<'a>(attribute: &'a Attribute, value: &'a Value) -> &'a Value {
    match &attribute.default {
        Some(default) if value.is_null() => default,
        _ => value,
    }
}

/// Whether `whole` already says everything that `part` asks for.
///
/// What `part` leaves to the provider is not asked for; what it leaves out without leaving it to the provider is asked
/// to be absent. Something unknown is never said already.
pub(crate) fn covers(attribute: &Attribute, whole: &Value, part: &Value) -> bool {
    if attribute.write_once || attribute.write_only {
        return true;
    }
    let (whole, part) = (effective(attribute, whole), effective(attribute, part));
    // Explicitly no block: Terraform keeps the empty list apart, but to the provider nothing is asked for.
    let is_no_block = matches!(attribute.shape, Shape::ComputedBlock(_)) && part.is_empty();
    if let Some(fallback) = attribute.when_absent().filter(|_| is_no_block) {
        return is_at(attribute, fallback, whole);
    }
    let is_left_open = attribute.is_computed() && (part.is_null() || is_no_block);
    if is_left_open || (asks_for_nothing(attribute, whole) && asks_for_nothing(attribute, part)) {
        return true;
    }
    match attribute.inner() {
        Some(inner) => covers_inside(inner, whole, part),
        None => !part.is_unknown() && same(attribute, whole, part),
    }
}

fn covers_inside(inner: &[Attribute], whole: &Value, part: &Value) -> bool {
    let covers = |whole: &Value, part: &Value| covers_object(inner, whole, part);
    match (whole, part) {
        (Value::List(wholes), Value::List(parts)) => {
            wholes.len() == parts.len() && wholes.iter().zip(parts).all(|(w, p)| covers(w, p))
        }
        (Value::Map(wholes), Value::Map(parts)) => {
            let is_covered = |(key, part)| wholes.get(key).is_some_and(|whole| covers(whole, part));
            wholes.len() == parts.len() && parts.iter().all(is_covered)
        }
        (Value::Set(wholes), Value::Set(parts)) => {
            let pairs = pair_up(parts.iter(), wholes.iter(), |part, whole| {
                covers(whole, part)
            });
            wholes.len() == parts.len() && pairs.iter().all(|(_, whole)| whole.is_some())
        }
        _ => covers(whole, part),
    }
}

/// [`covers`] for all attributes of an object.
pub(crate) fn covers_object(attributes: &[Attribute], whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(_), Value::Object(_)) => attributes.iter().all(|attribute| {
            covers(
                attribute,
                whole.get(&attribute.name),
                part.get(&attribute.name),
            )
        }),
        _ => whole == part && !part.is_unknown(),
    }
}

/// Finds a partner that fits for each of `left`, each of `right` taken once at most.
///
/// As many as possible get one: where somebody's only partner is taken, whoever has it looks for another (augmenting
/// paths). Taking the first that fits would leave a set element without its prior one, and the plan never empty. Those
/// that say most come first, because they have the least choice and would otherwise be copied by those that fit all.
pub(crate) fn pair_up<'l, 'r>(
    left: impl Iterator<Item = &'l Value>,
    right: impl Iterator<Item = &'r Value>,
    fits: impl Fn(&Value, &Value) -> bool,
) -> Vec<(&'l Value, Option<&'r Value>)> {
    let (mut left, right): (Vec<_>, Vec<_>) = (left.collect(), right.collect());
    left.sort_by_key(|value| std::cmp::Reverse(specificity(value)));
    let fitting = |value: &&Value| {
        (0..right.len())
            .filter(|&r| fits(value, right[r]))
            .collect()
    };
    let fitting: Vec<Vec<usize>> = left.iter().map(fitting).collect();
    let mut taken = vec![None; right.len()];
    for searcher in 0..left.len() {
        find_partner(searcher, &fitting, &mut taken, &mut BTreeSet::new());
    }
    let mut pairs: Vec<_> = left.into_iter().map(|value| (value, None)).collect();
    for (place, searcher) in taken.into_iter().enumerate() {
        if let Some(searcher) = searcher {
            pairs[searcher].1 = Some(right[place]);
        }
    }
    pairs
}

fn specificity(value: &Value) -> usize {
    let inside: usize = value.elements().map(specificity).sum();
    inside + usize::from(!value.is_null() && !value.is_unknown())
}

fn find_partner(
    searcher: usize,
    fitting: &[Vec<usize>],
    taken: &mut [Option<usize>],
    asked: &mut BTreeSet<usize>,
) -> bool {
    for &place in &fitting[searcher] {
        let is_new = asked.insert(place);
        let gives_way =
            |other, taken: &mut _, asked: &mut _| find_partner(other, fitting, taken, asked);
        if is_new && taken[place].is_none_or(|other| gives_way(other, &mut *taken, &mut *asked)) {
            taken[place] = Some(searcher);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::Type;

    #[test]
    fn documents_in_a_map_are_compared_one_by_one() {
        let shape = Shape::Leaf(Type::map(Type::String));
        let exact = Attribute::required("policies", shape, "…");
        let json = exact.clone().json();
        let one = Value::map([("a", "{\"x\":1,\"y\":2}"), ("b", "[]")]);
        let spelled = Value::map([("a", "{ \"y\": 2, \"x\": 1 }"), ("b", "[ ]")]);
        assert!(same(&json, &one, &spelled) && !same(&exact, &one, &spelled));
        for other in [
            Value::map([("a", "{\"x\":1}"), ("b", "[]")]),
            Value::map([("a", "{\"x\":1,\"y\":2}")]),
            Value::map([("a", "{\"x\":1,\"y\":2}"), ("c", "[]")]),
        ] {
            assert!(!same(&json, &one, &other), "{other:?}");
        }
    }
}
