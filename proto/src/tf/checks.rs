//! Checks of single values, for `check(…)` and `each(…)` in declarations.
//!
//! A check passes values of another type, null and unknown included: the schema takes care of those. Its error completes
//! the sentence "`name` …", such as `must have 1 to 100 characters`.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use regex_lite::Regex;

use super::{Value, timeouts};

/// Outcome of a check. `Err` says what is expected.
pub type Outcome = Result<(), String>;

/// Text that is one of a closed list.
pub fn one_of(allowed: &[String]) -> impl Fn(&Value) -> Outcome + Send + Sync + use<> {
    let allowed: BTreeSet<String> = allowed.iter().cloned().collect();
    move |value| {
        let ok = value.as_str().is_none_or(|text| allowed.contains(text));
        expect(ok, || format!("must be one of {}", quoted(&allowed)))
    }
}

/// Text whose length is in a range, in characters.
pub fn length(range: RangeInclusive<usize>) -> impl Fn(&Value) -> Outcome + Send + Sync {
    move |value| {
        let ok = value
            .as_str()
            .is_none_or(|text| range.contains(&text.chars().count()));
        expect(ok, || {
            format!("must have {} to {} characters", range.start(), range.end())
        })
    }
}

/// Collection whose number of elements is in a range.
pub fn count(range: RangeInclusive<usize>) -> impl Fn(&Value) -> Outcome + Send + Sync {
    move |value| {
        let ok = !value.is_collection() || range.contains(&value.len());
        expect(ok, || match *range.end() {
            usize::MAX => format!("must have at least {} elements", range.start()),
            end => format!("must have {} to {end} elements", range.start()),
        })
    }
}

/// Whole number in a range.
pub fn within(range: RangeInclusive<i64>) -> impl Fn(&Value) -> Outcome + Send + Sync {
    move |value| {
        let number = match value {
            Value::Number(number) => number.as_i64(),
            _ => return Ok(()),
        };
        let ok = number.is_some_and(|number| range.contains(&number));
        expect(ok, || match *range.end() {
            i64::MAX => format!("must be a whole number of at least {}", range.start()),
            end => format!("must be a whole number from {} to {end}", range.start()),
        })
    }
}

/// Text that matches a regular expression. `expected` describes it in words: `a lowercase name`.
pub fn matches(pattern: &str, expected: &str) -> impl Fn(&Value) -> Outcome + Send + Sync + use<> {
    // Compiled on first use: schemas are made far more often than values are tested.
    let (pattern, expected) = (pattern.to_owned(), expected.to_owned());
    let regex = OnceLock::new();
    move |value| {
        let Some(text) = value.as_str() else {
            return Ok(());
        };
        let regex = regex.get_or_init(|| Regex::new(&pattern));
        let regex = regex
            .as_ref()
            .map_err(|error| format!("cannot be checked: {error}"))?;
        expect(regex.is_match(text), || format!("must be {expected}"))
    }
}

/// Text that is a JSON document.
///
/// # Errors
///
/// The text is not JSON. The message says where.
pub fn json(value: &Value) -> Outcome {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("must be valid JSON: {error}{}", yaml_hint(text))),
    }
}

/// Text that does not begin as JSON's objects and lists do is mostly YAML.
fn yaml_hint(text: &str) -> &'static str {
    match text.trim_start().starts_with(['{', '[']) {
        true => "",
        false => "; YAML becomes JSON with jsonencode(yamldecode(…))",
    }
}

/// Text that is a duration in Go's syntax, such as `1h30m`.
///
/// # Errors
///
/// The text is no duration, or one that Go cannot hold.
pub fn duration(value: &Value) -> Outcome {
    let ok = value
        .as_str()
        .is_none_or(|text| timeouts::parse(text).is_some());
    expect(ok, || {
        "must be a duration such as \"30m\" or \"1h30m\"".to_owned()
    })
}

/// Text of a doc comment as Markdown: each line without the space that follows `///`. [`model!`](crate::model) calls it.
pub fn prose(doc: &str) -> String {
    let lines: Vec<_> = doc
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n").trim().to_owned()
}

fn expect(ok: bool, message: impl FnOnce() -> String) -> Outcome {
    if ok { Ok(()) } else { Err(message()) }
}

fn quoted(words: &BTreeSet<String>) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    words.join(", ")
}
