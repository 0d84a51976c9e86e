//! What many AWS objects have in common, planned and imported the same way for all: a region, tags, and what is wrong
//! with an object of which nothing came.

use tfplugin_rs::tf::{self, Attribute, Plan, Value};

use super::{Call, Context, Region, region, tags};
use crate::api::Issue;

/// Plans those of the common attributes that an object has.
pub(crate) fn plan(cx: &Call, attributes: &[Attribute], plan: &mut Plan) -> tf::Result<()> {
    explain_failure(plan);
    if has(attributes, Region::NAME) {
        region::plan(cx.provider_region(), plan)?;
    }
    if has(attributes, "tags_all") {
        tags::plan(cx.default_tags(), cx.ignored_tags(), plan);
        tags::check_merged(cx.ignored_tags(), plan)?;
    }
    Ok(())
}

/// The import id without the region that may follow it, and the region where to look: that one, or the provider's.
///
/// Objects without a region of their own have whole ids.
pub(crate) fn start_import<'i>(
    cx: &Context,
    attributes: &[Attribute],
    id: &'i str,
) -> (&'i str, Vec<(&'static str, Value)>) {
    if !has(attributes, Region::NAME) {
        return (id, Vec::new());
    }
    let (id, region) = region::split_import_id(id);
    let region = region.or_else(|| cx.provider_region().require().ok());
    let known = region.map(|region| (Region::NAME, region.into()));
    (id, known.into_iter().collect())
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.name == name)
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
        advice: None,
    }
}
