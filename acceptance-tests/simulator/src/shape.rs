//! Checks a request body against the constraints of the service model: required members, types,
//! enums, lengths and ranges. It does not know what any member means.
//!
//! The texts follow AWS's generic "1 validation error detected" sentence. That EKS words every
//! violation so is a guess: for several members it is known to use a sentence of its own.

use serde_json::Value;

use crate::error::ApiError;

/// What a JSON value has to look like.
pub(crate) enum Shape {
    Text {
        min: usize,
        max: usize,
    },
    /// `^[0-9A-Za-z][A-Za-z0-9\-_]*$` of at most so many characters.
    Name {
        max: usize,
    },
    /// At least one and at most so many characters that fit a regular expression, which is given
    /// in words and as a function.
    Pattern {
        max: usize,
        pattern: &'static str,
        fits: fn(&str) -> bool,
    },
    OneOf(&'static [&'static str]),
    Flag,
    Number {
        min: i64,
        max: i64,
    },
    List {
        of: &'static Shape,
        max: usize,
    },
    Map {
        key_max: usize,
        value: &'static Shape,
        max: usize,
    },
    Object(&'static [Member]),
}

/// One member of an object.
pub(crate) struct Member {
    name: &'static str,
    shape: Shape,
    required: bool,
}

/// Text of any length.
pub(crate) const TEXT: Shape = Shape::Text {
    min: 0,
    max: usize::MAX,
};
/// A list of text, as long as one likes.
pub(crate) const TEXTS: Shape = Shape::List {
    of: &TEXT,
    max: usize::MAX,
};
/// The tags of a create request.
pub(crate) const TAGS: Shape = Shape::Map {
    key_max: 128,
    value: &Shape::Text { min: 0, max: 256 },
    max: 50,
};

pub(crate) const fn required(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        required: true,
    }
}

pub(crate) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        shape,
        required: false,
    }
}

/// Checks a whole request body.
pub(crate) fn check(members: &[Member], body: &Value) -> Result<(), ApiError> {
    check_members(members, "", body)
}

fn check_members(members: &[Member], at: &str, value: &Value) -> Result<(), ApiError> {
    if !value.is_object() {
        return Err(wrong_type(at, "a structure"));
    }
    for member in members {
        let at = if at.is_empty() {
            member.name.to_owned()
        } else {
            format!("{at}.{}", member.name)
        };
        match value.get(member.name).filter(|value| !value.is_null()) {
            Some(value) => check_value(&member.shape, &at, value)?,
            None if member.required => {
                return Err(ApiError::invalid_parameter(format!(
                    "1 validation error detected: Value at '{at}' failed to satisfy constraint: \
                     Member must not be null"
                )));
            }
            None => {}
        }
    }
    Ok(())
}

fn check_value(shape: &Shape, at: &str, value: &Value) -> Result<(), ApiError> {
    match shape {
        Shape::Text { min, max } => check_length(at, text(at, value)?, *min, *max),
        Shape::Name { max } => check_name(at, text(at, value)?, *max),
        Shape::Pattern { max, pattern, fits } => {
            let text = text(at, value)?;
            check_length(at, text, 1, *max)?;
            check_pattern(at, text, pattern, fits(text))
        }
        Shape::OneOf(allowed) => check_one_of(at, text(at, value)?, allowed),
        Shape::Flag => value
            .as_bool()
            .map(|_| ())
            .ok_or_else(|| wrong_type(at, "a boolean")),
        Shape::Number { min, max } => check_number(at, value, *min, *max),
        Shape::List { of, max } => check_list(at, value, of, *max),
        Shape::Map {
            key_max,
            value: shape,
            max,
        } => check_map(at, value, *key_max, shape, *max),
        Shape::Object(members) => check_members(members, at, value),
    }
}

fn text<'a>(at: &str, value: &'a Value) -> Result<&'a str, ApiError> {
    value.as_str().ok_or_else(|| wrong_type(at, "a string"))
}

fn check_length(at: &str, text: &str, min: usize, max: usize) -> Result<(), ApiError> {
    let length = text.chars().count();
    if length < min {
        return Err(violation(
            at,
            text,
            &format!("Member must have length greater than or equal to {min}"),
        ));
    }
    if length > max {
        return Err(violation(
            at,
            text,
            &format!("Member must have length less than or equal to {max}"),
        ));
    }
    Ok(())
}

fn check_name(at: &str, text: &str, max: usize) -> Result<(), ApiError> {
    check_length(at, text, 1, max)?;
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let fits = !text.starts_with(['-', '_']) && text.chars().all(allowed);
    check_pattern(at, text, "^[0-9A-Za-z][A-Za-z0-9\\-_]*", fits)
}

fn check_pattern(at: &str, text: &str, pattern: &str, fits: bool) -> Result<(), ApiError> {
    match fits {
        true => Ok(()),
        false => Err(violation(
            at,
            text,
            &format!("Member must satisfy regular expression pattern: {pattern}"),
        )),
    }
}

fn check_one_of(at: &str, text: &str, allowed: &[&str]) -> Result<(), ApiError> {
    match allowed.contains(&text) {
        true => Ok(()),
        false => {
            let allowed = allowed.join(", ");
            Err(violation(
                at,
                text,
                &format!("Member must satisfy enum value set: [{allowed}]"),
            ))
        }
    }
}

fn check_number(at: &str, value: &Value, min: i64, max: i64) -> Result<(), ApiError> {
    let number = value.as_i64().ok_or_else(|| wrong_type(at, "an integer"))?;
    if number < min {
        let constraint = format!("Member must have value greater than or equal to {min}");
        return Err(violation(at, &number.to_string(), &constraint));
    }
    if number > max {
        let constraint = format!("Member must have value less than or equal to {max}");
        return Err(violation(at, &number.to_string(), &constraint));
    }
    Ok(())
}

fn check_list(at: &str, value: &Value, of: &Shape, max: usize) -> Result<(), ApiError> {
    let list = value.as_array().ok_or_else(|| wrong_type(at, "a list"))?;
    if list.len() > max {
        let constraint = format!("Member must have length less than or equal to {max}");
        return Err(violation(at, &value.to_string(), &constraint));
    }
    list.iter().enumerate().try_for_each(|(index, value)| {
        check_value(of, &format!("{at}.{}.member", index + 1), value)
    })
}

fn check_map(
    at: &str,
    value: &Value,
    key_max: usize,
    shape: &Shape,
    max: usize,
) -> Result<(), ApiError> {
    let map = value.as_object().ok_or_else(|| wrong_type(at, "a map"))?;
    if map.len() > max {
        let constraint = format!("Member must have length less than or equal to {max}");
        return Err(violation(at, &value.to_string(), &constraint));
    }
    for (key, value) in map {
        check_length(&format!("{at}.key"), key, 1, key_max)?;
        check_value(shape, &format!("{at}.{key}"), value)?;
    }
    Ok(())
}

fn violation(at: &str, value: &str, constraint: &str) -> ApiError {
    ApiError::invalid_parameter(format!(
        "1 validation error detected: Value '{value}' at '{at}' failed to satisfy constraint: \
         {constraint}"
    ))
}

/// A guess: AWS refuses a body of wrong types before it validates, with an exception outside the
/// model.
fn wrong_type(at: &str, expected: &str) -> ApiError {
    ApiError::new(
        "SerializationException",
        format!("{at} has to be {expected}"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: &[Member] = &[
        required("name", Shape::Name { max: 5 }),
        optional("mode", Shape::OneOf(&["A", "B"])),
        optional("size", Shape::Number { min: 0, max: 9 }),
        optional(
            "list",
            Shape::List {
                of: &Shape::Flag,
                max: 2,
            },
        ),
        optional("tags", TAGS),
        optional("inner", Shape::Object(&[required("on", Shape::Flag)])),
    ];

    #[test]
    fn accepts_what_the_model_allows() {
        let body = json!({"name": "a-_9", "mode": "B", "size": 0, "list": [true], "tags": {"k": ""},
            "inner": {"on": false}, "unknown": 1});
        assert!(check(SHAPE, &body).is_ok());
    }

    #[test]
    fn refuses_each_kind_of_violation() {
        let cases = [
            (
                json!({}),
                "Value at 'name' failed to satisfy constraint: Member must not be null",
            ),
            (json!({"name": "-a"}), "'-a' at 'name'"),
            (json!({"name": "a.b"}), "regular expression pattern"),
            (json!({"name": "abcdef"}), "length less than or equal to 5"),
            (json!({"name": "a", "mode": "C"}), "enum value set: [A, B]"),
            (
                json!({"name": "a", "size": 10}),
                "value less than or equal to 9",
            ),
            (
                json!({"name": "a", "size": "1"}),
                "size has to be an integer",
            ),
            (
                json!({"name": "a", "list": [true, true, true]}),
                "length less than or equal to 2",
            ),
            (
                json!({"name": "a", "list": ["x"]}),
                "list.1.member has to be a boolean",
            ),
            (
                json!({"name": "a", "tags": {"": "v"}}),
                "length greater than or equal to 1",
            ),
            (json!({"name": "a", "inner": {}}), "Value at 'inner.on'"),
        ];
        for (body, expected) in cases {
            let message = check(SHAPE, &body).expect_err("refused").message;
            assert!(message.contains(expected), "{body}: {message}");
        }
    }
}
