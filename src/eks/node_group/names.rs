//! The data source `eks_node_groups`: which node groups a cluster has.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Answer, Call};
use crate::eks::checks::cluster_name;

model! {
    /// Lists the managed node groups of a cluster.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Name of the cluster.
        pub id: Option<String> => computed,
        /// Names of the node groups.
        pub names: BTreeSet<String> => computed,
    }
}

/// The data source.
pub struct NodeGroups;

impl DataSource for NodeGroups {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "node_groups";
    const TITLE: &'static str = "EKS node groups";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let Model {
            cluster_name,
            region,
            ..
        } = config;
        let client = cx.eks(region.as_deref()).await?;
        let request = client.list_nodegroups().cluster_name(&cluster_name);
        let mut pages = request.into_paginator().send();
        let mut names = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = page.to("ListNodegroups", &cluster_name)?;
            names.extend(page.nodegroups.into_iter().flatten());
        }
        Ok(Model {
            id: Some(cluster_name.clone()),
            region: region.resolved(cx),
            cluster_name,
            names,
        })
    }
}
