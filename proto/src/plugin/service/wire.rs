//! Small things both ways: values, paths, diagnostics, points in time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Outcome;
use crate::plugin::codec;
use crate::plugin::tfplugin6::{self as pb, attribute_path};
use crate::tf::{Diagnostic, Diagnostics, Path, Schema, Severity, Step, Type, Value};

/// Reads a value; an absent one is null.
pub(super) fn decode(ty: &Type, value: Option<&pb::DynamicValue>) -> Outcome<Value> {
    let Some(value) = value else {
        return Ok(Value::Null);
    };
    codec::dynamic_value(&value.msgpack, &value.json, ty).map_err(|error| {
        let detail = format!("Terraform sent a value that does not fit the schema: {error}.");
        Diagnostic::error("Unable to decode a value", detail).into()
    })
}

/// Reads an object that has this schema.
pub(super) fn object(schema: &Schema, value: Option<&pb::DynamicValue>) -> Outcome<Value> {
    decode(&schema.ty(), value)
}

pub(super) fn encode(ty: &Type, value: &Value) -> pb::DynamicValue {
    pb::DynamicValue {
        msgpack: codec::encode(value, ty),
        json: Vec::new(),
    }
}

pub(super) fn diagnostics(found: Diagnostics) -> Vec<pb::Diagnostic> {
    found.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> pb::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => pb::diagnostic::Severity::Error,
        Severity::Warning => pb::diagnostic::Severity::Warning,
    };
    // An empty path would blame nothing in particular in more words.
    let attribute = diagnostic.path.filter(|path| !path.steps().is_empty());
    pb::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        attribute: attribute.as_ref().map(attribute_path),
    }
}

pub(super) fn attribute_path(path: &Path) -> pb::AttributePath {
    use attribute_path::step::Selector;
    let step = |step: &Step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
        };
        attribute_path::Step {
            selector: Some(selector),
        }
    };
    pb::AttributePath {
        steps: path.steps().iter().map(step).collect(),
    }
}

pub(super) fn function_error(found: &Diagnostics) -> pb::FunctionError {
    let text: Vec<_> = found
        .iter()
        .map(|d| format!("{}: {}", d.summary, d.detail))
        .collect();
    pb::FunctionError {
        text: text.join("\n"),
        function_argument: None,
    }
}

pub(super) fn timestamp(time: SystemTime) -> prost_types::Timestamp {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    prost_types::Timestamp {
        seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        nanos: i32::try_from(since.subsec_nanos()).unwrap_or(0),
    }
}
