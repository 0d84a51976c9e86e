//! What many AWS objects have in common, planned the same way for all: a region, tags, and what is wrong with an object
//! of which nothing came.

use tfplugin_rs::tf::{self, Attribute, Plan, Value};

use super::{Call, Issue, region, tags};

/// Plans those of the common attributes that an object has.
pub(crate) fn plan(cx: &Call, attributes: &[Attribute], plan: &mut Plan) -> tf::Result<()> {
    let has = |name: &str| attributes.iter().any(|attribute| attribute.name == name);
    explain_failure(plan);
    if has("region") {
        region::plan(cx.provider_region(), plan);
    }
    if has("tags_all") {
        tags::plan(cx.default_tags(), cx.ignored_tags(), plan);
        tags::check_merged(cx.ignored_tags(), plan)?;
    }
    Ok(())
}

/// Says why an object is replaced that nobody changed: its creation failed when no apply was waiting for it any more.
fn explain_failure(plan: &mut Plan) {
    let Some(status) = plan.failed() else {
        return;
    };
    let issues = plan.prior.get("health").elements().map(issue);
    let issues: String = issues.map(|issue| format!("\n  - {issue}")).collect();
    let detail = format!(
        "Its status is {status}, which it never leaves. It is deleted and made anew; see to the cause before you apply, \
         or it fails again.{issues}"
    );
    plan.diagnostics
        .warning("status", "Creation has failed", detail);
}

fn issue(value: &Value) -> Issue {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Issue {
        code: text(value.get("code")),
        message: text(value.get("message")),
        resource_ids: value.get("resource_ids").elements().map(text).collect(),
    }
}
