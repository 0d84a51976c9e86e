//! The data source `eks_access_entries`: which IAM principals may enter a cluster.

use std::collections::BTreeSet;

use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::eks::shared::access_policy::policy_arn;
use crate::eks::shared::checks::cluster_name;

model! {
    /// Lists the IAM principals that have an access entry of a cluster.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// ARN of an access policy: only principals whose entries have it.
        pub associated_policy_arn: Option<String> => check(policy_arn),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Name of the cluster.
        pub id: Option<String> => computed,
        /// ARNs of the principals.
        pub principal_arns: BTreeSet<String> => computed,
    }
}

pub struct AccessEntries;

impl DataSource for AccessEntries {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "access_entries";
    const TITLE: &'static str = "EKS access entries";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let request = client
            .list_access_entries()
            .cluster_name(&config.cluster_name)
            .set_associated_policy_arn(config.associated_policy_arn.clone());
        let mut pages = request.into_paginator().send();
        let mut principal_arns = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = page.to("ListAccessEntries", &config.cluster_name)?;
            principal_arns.extend(page.access_entries.into_iter().flatten());
        }
        Ok(Model {
            id: Some(config.cluster_name.clone()),
            region: config.region.resolved(cx),
            principal_arns,
            ..config
        })
    }
}
