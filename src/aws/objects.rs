//! What many AWS objects have in common, planned the same way for all: a region and tags.

use tfplugin_rs::tf::{self, Attribute, Plan};

use super::{Call, region, tags};

/// Plans those of the common attributes that an object has.
pub(crate) fn plan(cx: &Call, attributes: &[Attribute], plan: &mut Plan) -> tf::Result<()> {
    let has = |name: &str| attributes.iter().any(|attribute| attribute.name == name);
    if has("region") {
        region::plan(cx.provider_region(), plan);
    }
    if has("tags_all") {
        tags::plan(cx.default_tags(), cx.ignored_tags(), plan);
        tags::check_merged(cx.ignored_tags(), plan)?;
    }
    Ok(())
}
