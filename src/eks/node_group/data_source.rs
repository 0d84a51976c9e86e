//! The data sources `eks_node_group`, a node group that is managed elsewhere, and `eks_node_groups`.

use std::collections::BTreeSet;

use aws_sdk_eks::Client;
use tfplugin_rs::tf::HasDataSource;

use super::NodeGroup;
use crate::api;
use crate::eks::shared::Answer;
use crate::eks::shared::list::Listed;
use crate::kind::Managed;

impl HasDataSource for Managed<NodeGroup> {
    const ABOUT: &'static str = "Reads a managed node group.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    const LEFT_OUT: &'static [&'static str] = &["node_group_name_prefix"];
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("tags_all", "tags"), ("taint", "taints")];
}

impl Listed for NodeGroup {
    const NAMES: &'static str = "node_groups";
    const TITLES: &'static str = "EKS node groups";
    const ABOUT: &'static str = "Lists the managed node groups of a cluster.";
    const NAMED: &'static str = "Names of the node groups.";

    async fn list(client: &Client, cluster: &str) -> api::Result<BTreeSet<String>> {
        let request = client.list_nodegroups().cluster_name(cluster);
        let names = request.into_paginator().items().send().try_collect().await;
        names.to("ListNodegroups", cluster).map(BTreeSet::from_iter)
    }
}
