//! Configuration values of an add-on, held against the schema that AWS publishes for them. AWS is asked while planning,
//! once, and only when there are values for a version that they have not been checked for.
//!
//! Nobody needs this to plan: without an answer, or with a schema that is none, the plan goes on and EKS judges at apply.

use std::error::Error as StdError;

use boon::{Compiler, ErrorKind, InstanceLocation, InstanceToken, Schemas, ValidationError};
use serde_json::Value as Json;
use tfplugin_rs::tf::Plan;

use crate::api::in_time;
use crate::aws::Call;
use crate::eks::shared::Answer;

const VALUES: &str = "configuration_values";

/// Refuses planned values that do not fit the planned version.
pub(super) async fn check(cx: &Call, plan: &mut Plan) {
    if plan.config.get(VALUES).is_null() || !(plan.changes(VALUES) || plan.changes("addon_version"))
    {
        return;
    }
    let text = |name: &str| plan.planned.get(name).as_str().map(ToOwned::to_owned);
    let (Some(addon), Some(version), Some(values)) =
        (text("addon_name"), text("addon_version"), text(VALUES))
    else {
        return;
    };
    let region = text("region");
    let asked = schema(cx, region.as_deref(), (&addon, &version));
    let schema = in_time(asked).await;
    match schema.and_then(|schema| errors(&schema, &values)) {
        Ok(errors) if errors.is_empty() => {}
        Ok(errors) => {
            let detail = format!(
                "The values do not fit {addon} {version}:\n\n{}\n\nWhat it takes: aws eks describe-addon-configuration \
                 --addon-name {addon} --addon-version {version} --query configurationSchema --output text",
                errors.join("\n")
            );
            plan.diagnostics
                .error(VALUES, "Invalid configuration_values", detail);
        }
        Err(reason) => tracing::info!(%reason, "configuration values not checked"),
    }
}

async fn schema(
    cx: &Call,
    region: Option<&str>,
    (addon, version): (&str, &str),
) -> Result<String, String> {
    let client = cx.eks(region).await.map_err(|error| error.detail)?;
    let request = client.describe_addon_configuration();
    let answer = request
        .addon_name(addon)
        .addon_version(version)
        .send()
        .await;
    let answer = answer.to("DescribeAddonConfiguration", addon);
    let answer = answer.map_err(|error| error.to_string())?;
    answer
        .configuration_schema
        .ok_or_else(|| "there is no schema".to_owned())
}

/// What is wrong with values, each as `path: what`.
fn errors(schema: &str, values: &str) -> Result<Vec<String>, String> {
    // That they are JSON is checked already.
    let (Ok(schema), Ok(values)) = (serde_json::from_str(schema), serde_json::from_str(values))
    else {
        return Err("there is no schema".to_owned());
    };
    let reason = |error: &dyn StdError| format!("the schema cannot be read: {error}");
    let mut compiler = Compiler::new();
    compiler.use_loader(Box::new(NoOthers));
    let text: Json = schema;
    compiler
        .add_resource(SCHEMA, text.clone())
        .map_err(|error| reason(&error))?;
    let mut schemas = Schemas::new();
    let index = compiler
        .compile(SCHEMA, &mut schemas)
        .map_err(|error| reason(&error))?;
    let values: Json = values;
    let mut errors = Vec::new();
    if let Err(error) = schemas.validate(&values, index) {
        collect(&text, &error, &mut errors);
    }
    errors.sort();
    errors.dedup();
    Ok(errors)
}

/// What a schema is called that has no address.
const SCHEMA: &str = "aws:configuration-schema";

/// Loads nothing: neither files nor addresses that a schema may name.
struct NoOthers;

impl boon::UrlLoader for NoOthers {
    fn load(&self, url: &str) -> Result<Json, Box<dyn StdError>> {
        Err(format!("{url} is not part of it").into())
    }
}

/// The errors at the ends of the tree: the others say that there are some.
fn collect(schema: &Json, error: &ValidationError<'_, '_>, errors: &mut Vec<String>) {
    if let ErrorKind::AdditionalProperties { got } = &error.kind {
        let instead = match settings(schema, error.schema_url).as_slice() {
            [] => String::new(),
            names => format!("; there are {}", names.join(", ")),
        };
        let unknown = |name| {
            format!(
                "{}: there is no such setting{instead}",
                path(&error.instance_location, Some(name))
            )
        };
        errors.extend(got.iter().map(|name| unknown(name.as_ref())));
    } else if error.causes.is_empty() {
        errors.push(format!(
            "{}: {}",
            path(&error.instance_location, None),
            error.kind
        ));
    }
    for cause in &error.causes {
        collect(schema, cause, errors);
    }
}

/// The settings that a part of the schema has; `url` ends in a JSON pointer to the part.
fn settings<'s>(schema: &'s Json, url: &str) -> Vec<&'s str> {
    let (_, pointer) = url.split_once('#').unwrap_or_default();
    let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
    let part = schema.pointer(&pointer);
    let properties = part.and_then(|part| part.get("properties")?.as_object());
    let mut names: Vec<_> = properties.into_iter().flat_map(|it| it.keys()).collect();
    names.sort();
    names.into_iter().map(String::as_str).collect()
}

/// A place in the values, such as `tolerations[0].key`.
fn path(location: &InstanceLocation<'_>, member: Option<&str>) -> String {
    let step = |token: &InstanceToken<'_>| match token {
        InstanceToken::Prop(name) => format!(".{name}"),
        InstanceToken::Item(index) => format!("[{index}]"),
    };
    let mut path: String = location.tokens.iter().map(step).collect();
    path.extend(member.map(|member| format!(".{member}")));
    match path.trim_start_matches('.') {
        "" => "the values".to_owned(),
        path => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT_6: &str = r##"{
        "$ref": "#/definitions/Coredns",
        "$schema": "http://json-schema.org/draft-06/schema#",
        "definitions": {
            "Coredns": {
                "additionalProperties": false,
                "properties": {
                    "replicaCount": {"type": "integer", "minimum": 1},
                    "tolerations": {"items": {"$ref": "#/definitions/Toleration"}, "type": "array"},
                    "level": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "enableNetworkPolicy": {"format": "boolean", "type": "string"}
                },
                "type": "object"
            },
            "Toleration": {
                "properties": {"key": {"type": "string"}, "effect": {"enum": ["NoSchedule", "NoExecute"]}},
                "required": ["key"],
                "type": "object"
            }
        }
    }"##;

    fn said(values: &str) -> Vec<String> {
        errors(DRAFT_6, values).unwrap()
    }

    #[test]
    fn errors_name_the_place_in_the_values() {
        assert_eq!(
            said(
                r#"{"replicaCount": "two", "replicas": 1, "tolerations": [{"key": 1}, {"key": "a", "effect": "No"}]}"#
            ),
            [
                "replicaCount: want integer, but got string",
                "replicas: there is no such setting; there are enableNetworkPolicy, level, replicaCount, tolerations",
                "tolerations[0].key: want string, but got number",
                "tolerations[1].effect: value must be one of 'NoSchedule', 'NoExecute'",
            ]
        );
        assert_eq!(said("[]"), ["the values: want object, but got array"]);
        assert_eq!(
            said(r#"{"replicaCount": 0}"#),
            ["replicaCount: must be >=1, but got 0"]
        );
        assert_eq!(
            said(r#"{"tolerations": [{}]}"#),
            ["tolerations[0]: missing properties 'key'"]
        );
        let neither = [
            "level: want null, but got number",
            "level: want string, but got number",
        ];
        assert_eq!(said(r#"{"level": 3}"#), neither);
    }

    #[test]
    fn what_there_is_instead_is_told_where_it_is_missing() {
        let schema = r#"{"properties": {"a": {"properties": {"b": {}, "c": {}}, "additionalProperties": false},
            "none": {"additionalProperties": false}}}"#;
        let said = errors(schema, r#"{"a": {"x": 1}, "none": {"x": 1}}"#).unwrap();
        let expected = [
            "a.x: there is no such setting; there are b, c",
            "none.x: there is no such setting",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn values_that_fit_are_fine() {
        for values in [
            "{}",
            r#"{"replicaCount": 2.0, "level": null}"#,
            r#"{"tolerations": [{"key": "a", "effect": "NoExecute"}], "enableNetworkPolicy": "true"}"#,
        ] {
            assert_eq!(said(values), [] as [&str; 0], "{values}");
        }
    }

    #[test]
    fn a_schema_that_cannot_be_used_judges_nothing() {
        for schema in [
            "",
            "no",
            r#"{"$ref": "file:///etc/hostname"}"#,
            r#"{"type": 7}"#,
        ] {
            assert!(errors(schema, "{}").is_err(), "{schema}");
        }
    }
}
