//! The data source `eks_addon`: an add-on that is managed elsewhere.

use tfplugin_rs::tf::Readable;

use super::Addon;
use crate::eks::member::Managed;

impl Readable for Managed<Addon> {
    const ABOUT: &'static str = "Reads an add-on of a cluster.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    // What AWS is not told, and so does not tell.
    const LEFT_OUT: &'static [&'static str] = &[
        "version_policy",
        "resolve_conflicts_on_create",
        "resolve_conflicts_on_update",
        "preserve",
        "wait_for",
    ];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("tags_all", "tags")];
}
