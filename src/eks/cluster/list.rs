//! The data source `eks_clusters`: which clusters there are.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Call};
use crate::eks::shared::Answer;

model! {
    /// Lists the EKS clusters of the account in a region.
    pub struct Model {
        /// Region to look in. Default is the region of the provider.
        pub region: aws::Region,
        /// The region.
        pub id: Option<String> => computed,
        /// Names of the clusters. Clusters elsewhere that are registered with the EKS Connector are not among them.
        pub names: BTreeSet<String> => computed,
    }
}

pub struct Clusters;

impl DataSource for Clusters {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "clusters";
    const TITLE: &'static str = "EKS clusters";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let mut pages = client.list_clusters().into_paginator().send();
        let mut names = BTreeSet::new();
        while let Some(page) = pages.next().await {
            names.extend(page.to("ListClusters", "")?.clusters.into_iter().flatten());
        }
        let region = config.region.resolved(cx);
        Ok(Model {
            id: region.as_deref().map(ToOwned::to_owned),
            region,
            names,
        })
    }
}
