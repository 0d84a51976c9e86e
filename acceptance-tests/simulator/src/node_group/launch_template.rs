//! Launch templates as node groups name them. EC2 is not simulated: unless a test has said which
//! templates exist, any does, with one version.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::state::LaunchTemplate;

/// A launch template, and the version of it that a request means.
pub(super) struct Chosen {
    pub(super) template: LaunchTemplate,
    version: String,
}

impl Chosen {
    /// Known: id, name and a number are answered, however the request named them.
    pub(super) fn document(&self) -> Value {
        json!({"id": self.template.id, "name": self.template.name, "version": self.version})
    }
}

/// Finds what a `launchTemplate` member names. The first refusal is a known text, the second a
/// guess.
pub(super) fn choose(known: &[LaunchTemplate], given: &Value) -> Result<Chosen, ApiError> {
    let (id, name) = (given["id"].as_str(), given["name"].as_str());
    if id.is_some() == name.is_some() {
        let message = "Either provide launch template ID or launch template name in the request.";
        return Err(ApiError::invalid_parameter(message));
    }
    let named = |template: &&LaunchTemplate| {
        Some(template.id.as_str()) == id || Some(template.name.as_str()) == name
    };
    let template = known
        .iter()
        .find(named)
        .cloned()
        .unwrap_or_else(|| derived(id, name));
    let version = match given["version"].as_str() {
        None | Some("" | "$Default") => template.default_version.to_string(),
        Some("$Latest") => template.latest_version.to_string(),
        Some(version) => version.to_owned(),
    };
    if version.parse::<u64>().is_err() {
        let message = format!("{version} is not a valid launch template version");
        return Err(ApiError::invalid_parameter(message));
    }
    Ok(Chosen { template, version })
}

/// A template nobody has told of: name and id are made of each other, so that either finds the same
/// one.
fn derived(id: Option<&str>, name: Option<&str>) -> LaunchTemplate {
    let id_of = |name: &str| {
        let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("lt-0{hex:0<16.16}")
    };
    LaunchTemplate {
        id: id.map_or_else(|| id_of(name.unwrap_or_default()), str::to_owned),
        name: name.map_or_else(
            || format!("template-{}", id.unwrap_or_default()),
            str::to_owned,
        ),
        default_version: 1,
        latest_version: 1,
        image_id: None,
        instance_type: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_become_numbers() {
        let known = [LaunchTemplate {
            default_version: 2,
            latest_version: 5,
            ..derived(Some("lt-1"), Some("web"))
        }];
        let version = |version: &str| {
            let given = json!({"name": "web", "version": version});
            choose(&known, &given).expect("a template").document()
        };
        assert_eq!(
            version("$Latest"),
            json!({"id": "lt-1", "name": "web", "version": "5"})
        );
        assert_eq!(version("$Default")["version"], "2");
        assert_eq!(version("3")["version"], "3");
    }

    #[test]
    fn exactly_one_of_id_and_name_is_given() {
        assert!(choose(&[], &json!({"id": "lt-1", "name": "web"})).is_err());
        assert!(choose(&[], &json!({"version": "1"})).is_err());
        assert!(choose(&[], &json!({"id": "lt-1"})).is_ok());
    }
}
