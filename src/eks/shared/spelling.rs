//! How AWS spells things, and how our models do: the small translations that every kind needs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// The word of an enum, as AWS writes it.
pub(in crate::eks) fn word(value: Option<impl AsRef<str>>) -> Option<String> {
    value.map(|value| value.as_ref().to_owned())
}

/// A time in RFC 3339 format.
pub(in crate::eks) fn time(value: Option<DateTime>) -> Option<String> {
    value.and_then(|value| value.fmt(Format::DateTime).ok())
}

/// A text; `None` for an empty one, where AWS makes no difference.
pub(in crate::eks) fn text(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.is_empty())
}

/// A list as a set; `None` for an empty one, where AWS makes no difference.
pub(in crate::eks) fn set(list: Option<Vec<String>>) -> Option<BTreeSet<String>> {
    let list = list.filter(|list| !list.is_empty());
    list.map(BTreeSet::from_iter)
}

/// A map in order; `None` for an empty one, where AWS makes no difference.
pub(in crate::eks) fn map(
    map: Option<HashMap<String, String>>,
) -> Option<BTreeMap<String, String>> {
    let map = map.filter(|map| !map.is_empty());
    map.map(BTreeMap::from_iter)
}
