//! The data source `eks_node_group`: a node group that is managed elsewhere.

use tfplugin_rs::tf::Readable;

use super::NodeGroup;
use crate::eks::member::Managed;

impl Readable for Managed<NodeGroup> {
    const ABOUT: &'static str = "Reads a managed node group.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    const LEFT_OUT: &'static [&'static str] = &["node_group_name_prefix"];
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("tags_all", "tags"), ("taint", "taints")];
}
