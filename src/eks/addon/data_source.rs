//! The data source `eks_addon`: an add-on that is managed elsewhere.

use std::collections::BTreeSet;

use aws_sdk_eks::Client;
use tfplugin_rs::tf::HasDataSource;

use super::Addon;
use crate::api;
use crate::eks::shared::Answer;
use crate::eks::shared::list::Listed;
use crate::kind::Managed;

impl HasDataSource for Managed<Addon> {
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

impl Listed for Addon {
    const NAMES: &'static str = "addons";
    const TITLES: &'static str = "EKS add-ons";
    const ABOUT: &'static str = "Lists the add-ons of a cluster. Software that was not installed as an add-on is not among them.";
    const NAMED: &'static str = "Names of the add-ons.";

    async fn list(client: &Client, cluster: &str) -> api::Result<BTreeSet<String>> {
        let request = client.list_addons().cluster_name(cluster);
        let names = request.into_paginator().items().send().try_collect().await;
        names.to("ListAddons", cluster).map(BTreeSet::from_iter)
    }
}
