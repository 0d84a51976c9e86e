//! Control plane logs: which types are on, and how EKS lists them.

use serde_json::{Value, json};

use super::config::{Planned, no_change};
use super::shapes;

pub(super) fn plan(current: &Value, body: &Value) -> Planned {
    let before = enabled_log_types(&[], &current["logging"]);
    let after = enabled_log_types(&before, &body["logging"]);
    if before == after {
        // Known text.
        return Err(no_change("logging config"));
    }
    let params = vec![("ClusterLogging", body["logging"].to_string())];
    Ok((params, json!({"logging": document(&after)})))
}

/// The log types that are on after a request, in the order of the service model.
pub(super) fn enabled_log_types(before: &[&'static str], logging: &Value) -> Vec<&'static str> {
    let setups = logging["clusterLogging"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named = |kind: &str, enabled: bool| {
        setups.iter().any(|setup| {
            let types = setup["types"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            setup["enabled"] == enabled && types.iter().any(|it| it == kind)
        })
    };
    let on = |kind: &&str| named(kind, true) || (before.contains(kind) && !named(kind, false));
    shapes::LOG_TYPES.iter().copied().filter(on).collect()
}

/// Known: one entry with what is on, one with what is off, and no entry for nothing.
pub(super) fn document(enabled: &[&str]) -> Value {
    let off: Vec<&&str> = shapes::LOG_TYPES
        .iter()
        .filter(|kind| !enabled.contains(kind))
        .collect();
    let mut setups = Vec::new();
    if !enabled.is_empty() {
        setups.push(json!({"types": enabled, "enabled": true}));
    }
    if !off.is_empty() {
        setups.push(json!({"types": off, "enabled": false}));
    }
    json!({"clusterLogging": setups})
}
