//! The data source `eks_addons`: which add-ons a cluster has.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Answer, Call};
use crate::eks::checks::cluster_name;

model! {
    /// Lists the add-ons of a cluster. Software that was not installed as an add-on is not among them.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Name of the cluster.
        pub id: Option<String> => computed,
        /// Names of the add-ons.
        pub names: BTreeSet<String> => computed,
    }
}

/// The data source.
pub struct Addons;

impl DataSource for Addons {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "addons";
    const TITLE: &'static str = "EKS add-ons";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let Model {
            cluster_name,
            region,
            ..
        } = config;
        let client = cx.eks(region.as_deref()).await?;
        let request = client.list_addons().cluster_name(&cluster_name);
        let mut pages = request.into_paginator().send();
        let mut names = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = page.to("ListAddons", &cluster_name)?;
            names.extend(page.addons.into_iter().flatten());
        }
        Ok(Model {
            id: Some(cluster_name.clone()),
            region: region.resolved(cx),
            cluster_name,
            names,
        })
    }
}
