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
    if cfg!(debug_assertions) && !answer.diagnostics.has_errors() {
        let violations = assert_plan_valid(schema, &prior, &config, &answer.planned);
        report("planned something", violations, &mut answer.diagnostics);
    }
    answer
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
