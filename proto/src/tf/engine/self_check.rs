//! In debug builds every answer is held against Terraform's own rules, so that a test sees a wrong one where it is made
//! instead of as a complaint of Terraform's. Release builds leave the checking to Terraform.

use super::{PlanAnswer, StateAnswer};
use crate::tf::core_rules::{Violation, assert_object_compatible, assert_plan_valid};
use crate::tf::{Diagnostic, Diagnostics, Schema, Value};

/// The answer to a plan, with an error for each rule that it breaks.
pub(super) fn plan(
    schema: &Schema,
    (prior, config): (Value, Value),
    mut answer: PlanAnswer,
) -> PlanAnswer {
    answer.diagnostics = paths(schema, answer.diagnostics);
    if cfg!(debug_assertions) && !answer.diagnostics.has_errors() {
        let violations = assert_plan_valid(schema, &prior, &config, &answer.planned);
        report("planned something", violations, &mut answer.diagnostics);
    }
    answer
}

/// The messages, with an error for each that points at an attribute which the schema does not have: a typo in a rule.
pub(crate) fn paths(schema: &Schema, mut messages: Diagnostics) -> Diagnostics {
    if !cfg!(debug_assertions) {
        return messages;
    }
    let paths = messages.iter().filter_map(|message| message.path.clone());
    let unknown: Vec<_> = paths.filter(|path| !schema.has(path)).collect();
    for path in unknown {
        let summary = "A rule points at an attribute that there is not";
        let detail = format!("{path} is not in the schema. This is a bug in the provider.");
        messages.push(Diagnostic::error(summary, detail));
    }
    messages
}

/// The answer to an apply, with an error for each rule that it breaks.
pub(super) fn apply(schema: &Schema, planned: &Value, mut answer: StateAnswer) -> StateAnswer {
    if cfg!(debug_assertions) && !answer.diagnostics.has_errors() {
        let mut violations = assert_object_compatible(schema, planned, &answer.state);
        if !answer.state.is_wholly_known() {
            violations.push(Violation {
                path: crate::tf::Path::root(),
                rule: "must be wholly known after an apply".to_owned(),
            });
        }
        report("made something", violations, &mut answer.diagnostics);
    }
    answer
}

fn report(what: &str, violations: Vec<Violation>, diagnostics: &mut Diagnostics) {
    for violation in violations {
        let summary = format!("The provider {what} that Terraform does not accept");
        let detail = format!("{violation}. This is a bug in the provider.");
        diagnostics.push(Diagnostic::error(summary, detail).at(violation.path));
    }
}

/// A typo in the name of an attribute must not switch off the rule that it is in.
#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;
    use crate::tf::{Attribute, Shape, Type, plan};

    fn schema() -> Schema {
        let name = Attribute::required("name", Shape::Leaf(Type::String), "A name.");
        let tags = Attribute::required("tags", Shape::Leaf(Type::map(Type::String)), "Tags.");
        Schema {
            attributes: vec![name, tags.optional()],
            ..Schema::default()
        }
    }

    fn object() -> Value {
        Value::object([("name", Value::from("a")), ("tags", Value::Null)])
    }

    #[test]
    fn messages_point_at_attributes_that_there_are() {
        let count = |path: &str| {
            let mut found = Diagnostics::new();
            found.error(path, "Invalid", "It is wrong.");
            paths(&schema(), found).iter().count()
        };
        for path in ["name", "tags", "tags.team", "tags[\"team\"]"] {
            assert_eq!(count(path), 1, "{path}");
        }
        for path in ["nmae", "tag.team", "name.first"] {
            assert_eq!(count(path), 2, "{path}");
        }
    }

    #[test]
    #[should_panic(expected = "there is no attribute \"nmae\"")]
    fn rules_read_attributes_that_there_are() {
        object().get("nmae");
    }

    #[test]
    #[should_panic(expected = "there is no attribute nmae")]
    fn plans_set_attributes_that_there_are() {
        let mut plan = plan(&schema(), object(), Value::Null, &object());
        plan.set("nmae", "b");
    }

    #[test]
    #[should_panic(expected = "there is no attribute nmae")]
    fn plans_compare_attributes_that_there_are() {
        plan(&schema(), object(), object(), &object()).changes("nmae");
    }
}
