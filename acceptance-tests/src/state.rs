//! The state as `show -json` gives it.

use serde_json::Value;
use similar::TextDiff;

/// A state, as a reader of its JSON sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    json: Value,
}

impl State {
    pub(crate) fn new(json: Value) -> Self {
        Self { json }
    }

    /// Addresses of all resources and data sources in the root module, in order.
    pub fn addresses(&self) -> Vec<&str> {
        self.resources().filter_map(address_of).collect()
    }

    /// All attributes of a resource, or None when it is not in the state.
    pub fn attributes(&self, address: &str) -> Option<&Value> {
        self.resources()
            .find(|resource| address_of(resource) == Some(address))
            .and_then(|resource| resource.get("values"))
    }

    /// The identity of a resource, which command lines keep beside its attributes from 1.12 on.
    pub fn identity(&self, address: &str) -> Option<&Value> {
        self.resources()
            .find(|resource| address_of(resource) == Some(address))
            .and_then(|resource| resource.get("identity"))
    }

    /// One attribute, by JSON pointer: `state.attribute("eks_cluster.this", "/vpc_config/0/vpc_id")`.
    pub fn attribute(&self, address: &str, pointer: &str) -> Option<&Value> {
        self.attributes(address)
            .and_then(|attributes| attributes.pointer(pointer))
    }

    /// Whether Terraform will replace the resource because its creation failed half way.
    pub fn is_tainted(&self, address: &str) -> bool {
        self.resources()
            .find(|resource| address_of(resource) == Some(address))
            .is_some_and(|resource| resource.get("tainted") == Some(&Value::Bool(true)))
    }

    /// An output of the root module.
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.json.pointer(&format!("/values/outputs/{name}/value"))
    }

    /// What differs in a resource, for a reader; None when nothing does.
    pub(crate) fn difference(
        &self,
        other: &Self,
        address: &str,
        ignore: &[&str],
    ) -> Option<String> {
        let text = |state: &Self| {
            let mut attributes = state.attributes(address).cloned().unwrap_or_default();
            if let Some(object) = attributes.as_object_mut() {
                object.retain(|name, _| !ignore.contains(&name.as_str()));
            }
            format!("{attributes:#}\n")
        };
        difference(&text(self), &text(other))
    }

    fn resources(&self) -> impl Iterator<Item = &Value> {
        let list = self
            .json
            .pointer("/values/root_module/resources")
            .and_then(Value::as_array);
        list.into_iter().flatten()
    }
}

fn address_of(resource: &Value) -> Option<&str> {
    resource.get("address").and_then(Value::as_str)
}

/// A unified diff, or None when the texts are the same.
fn difference(one: &str, other: &str) -> Option<String> {
    if one == other {
        return None;
    }
    Some(
        TextDiff::from_lines(one, other)
            .unified_diff()
            .context_radius(2)
            .to_string(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn state(name: &str) -> State {
        State::new(json!({ "values": {
            "outputs": { "endpoint": { "value": "https://x" } },
            "root_module": { "resources": [{
                "address": "eks_cluster.this",
                "tainted": true,
                "values": { "id": name, "name": name, "vpc_config": [{ "vpc_id": "vpc-1" }] },
            }]},
        }}))
    }

    #[test]
    fn finds_attributes_and_outputs() {
        let state = state("a");
        let vpc = state.attribute("eks_cluster.this", "/vpc_config/0/vpc_id");
        assert_eq!(vpc, Some(&json!("vpc-1")));
        assert_eq!(state.attribute("eks_cluster.that", "/name"), None);
        assert_eq!(state.output("endpoint"), Some(&json!("https://x")));
        assert_eq!(state.addresses(), ["eks_cluster.this"]);
        assert!(state.is_tainted("eks_cluster.this"));
        assert!(!state.is_tainted("eks_cluster.that"));
    }

    #[test]
    fn an_empty_state_has_nothing() {
        let state = State::new(json!({ "format_version": "1.0" }));
        assert_eq!(state.addresses(), [""; 0]);
    }

    #[test]
    fn shows_only_what_differs() {
        let text = state("a")
            .difference(&state("b"), "eks_cluster.this", &["id"])
            .unwrap();
        assert!(
            text.contains("-  \"name\": \"a\"") && text.contains("+  \"name\": \"b\""),
            "{text}"
        );
        assert!(!text.contains("\"id\""), "{text}");
        assert_eq!(
            state("a").difference(&state("a"), "eks_cluster.this", &[]),
            None
        );
        assert_eq!(
            state("a").difference(&state("b"), "eks_cluster.this", &["id", "name"]),
            None
        );
    }
}
