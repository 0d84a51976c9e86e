//! Checks configuration values against the JSON schema of an add-on.
//!
//! Only the keywords that the schemas here use are known. The sentences are those of the validator
//! that AWS's messages are written by, networknt's; known from users' reports are
//! "$: null found, object expected" and "$.a: is not defined in the schema and the schema does not
//! allow additional properties".

use serde_json::Value;

/// Everything that is wrong with a value, in the order of the value.
pub(super) fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, schema, "$", value, &mut errors);
    errors
}

fn check(root: &Value, schema: &Value, at: &str, value: &Value, errors: &mut Vec<String>) {
    if let Some(pointer) = schema["$ref"].as_str() {
        let found = root.pointer(pointer.trim_start_matches('#'));
        return check(root, found.unwrap_or(&Value::Null), at, value, errors);
    }
    if !check_type(schema, at, value, errors) {
        return;
    }
    check_limits(schema, at, value, errors);
    if let Some(allowed) = schema["enum"].as_array().filter(|all| !all.contains(value)) {
        let allowed: Vec<String> = allowed.iter().map(plain).collect();
        let allowed = allowed.join(", ");
        errors.push(format!(
            "{at}: does not have a value in the enumeration [{allowed}]"
        ));
    }
    if schema["items"].is_object() {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            check(
                root,
                &schema["items"],
                &format!("{at}[{index}]"),
                item,
                errors,
            );
        }
    }
    check_members(root, schema, at, value, errors);
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Says whether the value is of a type that the schema allows.
fn check_type(schema: &Value, at: &str, value: &Value, errors: &mut Vec<String>) -> bool {
    let allowed: Vec<&str> = match &schema["type"] {
        Value::String(allowed) => vec![allowed],
        Value::Array(allowed) => allowed.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    let found = type_of(value);
    let fits = |allowed: &&str| *allowed == found || (*allowed == "number" && found == "integer");
    if allowed.iter().any(fits) {
        return true;
    }
    let expected = match allowed.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("[{}]", several.join(", ")),
    };
    errors.push(format!("{at}: {found} found, {expected} expected"));
    false
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn check_limits(schema: &Value, at: &str, value: &Value, errors: &mut Vec<String>) {
    let Some(number) = value.as_f64() else {
        return;
    };
    if schema["minimum"]
        .as_f64()
        .is_some_and(|least| number < least)
    {
        let least = &schema["minimum"];
        errors.push(format!("{at}: must have a minimum value of {least}"));
    }
    if schema["maximum"].as_f64().is_some_and(|most| number > most) {
        let most = &schema["maximum"];
        errors.push(format!("{at}: must have a maximum value of {most}"));
    }
}

fn check_members(root: &Value, schema: &Value, at: &str, value: &Value, errors: &mut Vec<String>) {
    let Some(members) = value.as_object() else {
        return;
    };
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !members.contains_key(name) {
            errors.push(format!("{at}.{name}: is missing but it is required"));
        }
    }
    for (name, value) in members {
        let at = format!("{at}.{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => errors.push(format!(
                "{at}: is not defined in the schema and the schema does not allow additional \
                 properties"
            )),
            (Value::Null, others) => check(root, others, &at, value, errors),
            (known, _) => check(root, known, &at, value, errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn coredns(value: Value) -> Vec<String> {
        let schema = include_str!("schemas/coredns.json");
        errors(&serde_json::from_str(schema).expect("JSON"), &value)
    }

    #[test]
    fn accepts_what_the_schema_allows() {
        let value = json!({
            "replicaCount": 3, "autoScaling": {"enabled": true, "minReplicas": 2},
            "resources": {"limits": {"cpu": "100m", "memory": 5.5}}, "affinity": {"any": []},
            "tolerations": [{"key": "a", "tolerationSeconds": 3}],
            "podDisruptionBudget": {"maxUnavailable": "50%"},
        });
        assert_eq!(coredns(value), Vec::<String>::new());
    }

    #[test]
    fn words_each_violation_as_the_service_does() {
        let cases = [
            (json!(null), "$: null found, object expected"),
            (
                json!({"replicaCount": "3"}),
                "$.replicaCount: string found, integer expected",
            ),
            (
                json!({"replicaCount": 0}),
                "$.replicaCount: must have a minimum value of 1",
            ),
            (
                json!({"autoScaling": {"maxReplicas": 1001}}),
                "$.autoScaling.maxReplicas: must have a maximum value of 1000",
            ),
            (
                json!({"replicas": 2}),
                "$.replicas: is not defined in the schema and the schema does not allow \
                 additional properties",
            ),
            (
                json!({"tolerations": [{}, {"key": true}]}),
                "$.tolerations[1].key: boolean found, string expected",
            ),
            (
                json!({"resources": {"limits": {"cpu": []}}}),
                "$.resources.limits.cpu: array found, [string, number] expected",
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(coredns(value.clone()), [expected], "{value}");
        }
    }

    #[test]
    fn reports_all_violations() {
        let schema = json!({
            "required": ["id"], "properties": {"mode": {"enum": ["iptables", "ipvs"]}},
        });
        assert_eq!(
            errors(&schema, &json!({"mode": "x"})),
            [
                "$.id: is missing but it is required",
                "$.mode: does not have a value in the enumeration [iptables, ipvs]",
            ]
        );
    }
}
