//! The data source `eks_access_entry`: an access entry that is managed elsewhere.

use tfplugin_rs::tf::HasDataSource;

use super::AccessEntry;
use crate::kind::Managed;

impl HasDataSource for Managed<AccessEntry> {
    const ABOUT: &'static str = "Reads the access entry of an IAM principal.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    // They take a request of their own.
    const LEFT_OUT: &'static [&'static str] = &["access_policies"];
    const RENAMED: &'static [(&'static str, &'static str)] = &[("tags_all", "tags")];
}
