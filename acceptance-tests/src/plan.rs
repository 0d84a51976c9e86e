//! A plan as `show -json` gives it: what would be done to which resource, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

/// What a plan does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Make it.
    Create,
    /// Change it in place.
    Update,
    /// Delete it and make it anew, in whichever order.
    Replace,
    /// Remove it.
    Delete,
    /// Nothing, which is also what reading a data source counts as.
    Nothing,
}

/// What a plan would do, and what it found changed behind Terraform's back.
#[derive(Debug, Clone)]
pub struct Plan {
    changes: Vec<Change>,
    drift: Vec<Change>,
    outputs: Vec<Change>,
}

/// What would happen to one resource or output.
#[derive(Debug, Clone)]
pub struct Change {
    /// Such as `eks_cluster.this`.
    pub address: String,
    /// What is done.
    pub action: Action,
    /// Paths whose value changes, such as `scaling_config.0.desired_size`, each with `1 -> 2` for a reader.
    pub changed: BTreeMap<String, String>,
    /// Paths that force a replacement.
    pub replace_paths: BTreeSet<String>,
    /// Whether it is imported.
    pub importing: bool,
    /// Values before, null when created.
    pub before: Value,
    /// Values after, as far as they are known.
    pub after: Value,
    /// `true` wherever the value after is not known yet.
    pub after_unknown: Value,
}

impl Plan {
    pub(crate) fn new(json: &Value) -> Self {
        let list = |key: &str| {
            let list = json.get(key).and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .map(Change::from_resource)
                .collect()
        };
        let outputs = json.get("output_changes").and_then(Value::as_object);
        let outputs = outputs.into_iter().flatten();
        Self {
            changes: list("resource_changes"),
            drift: list("resource_drift"),
            outputs: outputs
                .map(|(name, change)| Change::new(&format!("output.{name}"), change))
                .collect(),
        }
    }

    /// What would happen to the resource; None when the plan does not know it.
    pub fn change(&self, address: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.address == address)
    }

    /// What would be done to the resource.
    pub fn action(&self, address: &str) -> Action {
        self.change(address)
            .map_or(Action::Nothing, |change| change.action)
    }

    /// Everything that would be done to resources and outputs.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        let all = self.changes.iter().chain(&self.outputs);
        all.filter(|change| change.action != Action::Nothing)
    }

    /// What a refresh found to differ from the state.
    pub fn drift(&self) -> &[Change] {
        &self.drift
    }

    /// Whether applying it would change nothing, not even the state.
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none() && self.drift.is_empty()
    }
}

impl Change {
    fn from_resource(json: &Value) -> Self {
        let address = json
            .get("address")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Self::new(address, json.get("change").unwrap_or(&Value::Null))
    }

    fn new(address: &str, change: &Value) -> Self {
        let value = |key: &str| change.get(key).cloned().unwrap_or_default();
        let (before, after, after_unknown) =
            (value("before"), value("after"), value("after_unknown"));
        let mut changed = BTreeMap::new();
        compare(&before, &after, &after_unknown, "", &mut changed);
        let replace_paths = value("replace_paths");
        let replace_paths = replace_paths.as_array().into_iter().flatten().map(path_of);
        Self {
            address: address.to_owned(),
            action: action_of(&value("actions")),
            changed,
            replace_paths: replace_paths.collect(),
            importing: change.get("importing").is_some(),
            before,
            after,
            after_unknown,
        }
    }
}

fn action_of(actions: &Value) -> Action {
    let actions: Vec<_> = actions
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match actions[..] {
        ["create"] => Action::Create,
        ["update"] => Action::Update,
        ["delete"] => Action::Delete,
        ["delete", "create"] | ["create", "delete"] => Action::Replace,
        _ => Action::Nothing,
    }
}

fn path_of(path: &Value) -> String {
    let steps = path.as_array().into_iter().flatten();
    let steps = steps.map(|step| {
        step.as_str()
            .map_or_else(|| step.to_string(), str::to_owned)
    });
    steps.collect::<Vec<_>>().join(".")
}

/// Collects the leaves that differ. Lists of different length differ as a whole: the command line does not say which
/// element went.
fn compare(
    before: &Value,
    after: &Value,
    unknown: &Value,
    path: &str,
    changed: &mut BTreeMap<String, String>,
) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match (before, after) {
        _ if unknown == &Value::Bool(true) => {
            changed.insert(path.to_owned(), format!("{before} -> (unknown)"));
        }
        (Value::Object(one), Value::Object(other)) => {
            for key in keys(one, other, unknown) {
                let value = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                let unknown = unknown.get(key).unwrap_or(&Value::Null);
                compare(&value(one), &value(other), unknown, &below(key), changed);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (before, after)) in one.iter().zip(other).enumerate() {
                let unknown = unknown.get(index).unwrap_or(&Value::Null);
                compare(before, after, unknown, &below(&index.to_string()), changed);
            }
        }
        _ if before != after => {
            changed.insert(path.to_owned(), format!("{before} -> {after}"));
        }
        _ => {}
    }
}

/// Unknown attributes are missing from `after` and `before`, so all three are asked.
fn keys<'a>(
    before: &'a Map<String, Value>,
    after: &'a Map<String, Value>,
    unknown: &'a Value,
) -> BTreeSet<&'a str> {
    let unknown = unknown.as_object().into_iter().flat_map(Map::keys);
    before
        .keys()
        .chain(after.keys())
        .chain(unknown)
        .map(String::as_str)
        .collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in self.changes() {
            writeln!(f, "{change}")?;
        }
        for change in &self.drift {
            writeln!(f, "found changed outside Terraform: {change}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.address, self.action)?;
        for (path, values) in &self.changed {
            let forces = if self.replace_paths.contains(path) {
                "  # forces replacement"
            } else {
                ""
            };
            write!(f, "\n  {path}: {values}{forces}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(actions: &[&str]) -> Plan {
        Plan::new(&json!({
            "resource_changes": [{
                "address": "eks_node_group.this",
                "change": {
                    "actions": actions,
                    "before": { "name": "a", "scaling": [{ "min": 1, "max": 3 }], "status": "ACTIVE" },
                    "after": { "name": "b", "scaling": [{ "min": 2, "max": 3 }] },
                    "after_unknown": { "status": true },
                    "replace_paths": [["name"]],
                },
            }],
            "output_changes": { "endpoint": { "actions": ["no-op"], "before": "x", "after": "x" } },
        }))
    }

    #[test]
    fn tells_every_path_that_changes() {
        let plan = plan(&["delete", "create"]);
        let expected = "\
eks_node_group.this Replace
  name: \"a\" -> \"b\"  # forces replacement
  scaling.0.min: 1 -> 2
  status: \"ACTIVE\" -> (unknown)
";
        assert_eq!(plan.to_string(), expected);
        assert_eq!(plan.action("eks_node_group.this"), Action::Replace);
        assert!(!plan.is_empty());
    }

    #[test]
    fn reading_and_keeping_are_nothing() {
        for actions in [&["no-op"], &["read"]] {
            let plan = plan(actions);
            assert!(plan.is_empty());
            assert_eq!(plan.action("eks_node_group.this"), Action::Nothing);
        }
    }

    #[test]
    fn drift_is_not_empty() {
        let change = json!({ "actions": ["update"], "before": { "tags": {} }, "after": { "tags": { "a": "b" } } });
        let plan = Plan::new(&json!({
            "resource_drift": [{ "address": "eks_cluster.this", "change": change }],
        }));
        assert!(!plan.is_empty());
        let expected =
            "found changed outside Terraform: eks_cluster.this Update\n  tags.a: null -> \"b\"\n";
        assert_eq!(plan.to_string(), expected);
    }

    #[test]
    fn an_output_that_changes_is_a_change() {
        let change = json!({ "actions": ["update"], "before": 1, "after": 2 });
        let plan = Plan::new(&json!({ "output_changes": { "n": change } }));
        assert!(!plan.is_empty());
    }

    #[test]
    fn lists_of_different_length_change_as_a_whole() {
        let mut changed = BTreeMap::new();
        compare(
            &json!({ "a": [1] }),
            &json!({ "a": [1, 2] }),
            &Value::Null,
            "",
            &mut changed,
        );
        assert_eq!(changed.into_keys().collect::<Vec<_>>(), ["a"]);
    }
}
