//! The data source `eks_capabilities`: which capabilities a cluster has.

use std::collections::BTreeSet;

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use crate::aws::{self, Call};
use crate::eks::shared::Answer;
use crate::eks::shared::checks::cluster_name;
use crate::eks::shared::spelling::{time, word};

model! {
    /// Lists the capabilities of a cluster.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// Names of the capabilities.
        pub names: BTreeSet<String> => computed,
        /// The capabilities, by name.
        pub capabilities: Vec<Summary> => computed,
    }
}

model! {
    /// A capability.
    pub struct Summary {
        /// Its name.
        pub capability_name: Option<String> => computed,
        /// What it is: `ACK`, `ARGOCD` or `KRO`.
        pub r#type: Option<String> => computed,
        /// Its ARN.
        pub arn: Option<String> => computed,
        /// Where it stands, such as `ACTIVE` or `DEGRADED`.
        pub status: Option<String> => computed,
        /// Version of the software.
        pub version: Option<String> => computed,
        /// When it was made, in RFC 3339 format.
        pub created_at: Option<String> => computed,
        /// When it was last changed, in RFC 3339 format.
        pub modified_at: Option<String> => computed,
    }
}

pub struct Capabilities;

impl DataSource for Capabilities {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "capabilities";
    const TITLE: &'static str = "EKS capabilities";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let request = client.list_capabilities();
        let request = request.cluster_name(&config.cluster_name);
        let mut pages = request.into_paginator().send();
        let mut capabilities = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.to("ListCapabilities", &config.cluster_name)?;
            let found = page.capabilities.into_iter().flatten();
            capabilities.extend(found.map(Summary::from));
        }
        capabilities.sort();
        let names = capabilities
            .iter()
            .filter_map(|it| it.capability_name.clone());
        Ok(Model {
            region: config.region.resolved(cx),
            names: names.collect(),
            capabilities,
            ..config
        })
    }
}

impl From<sdk::CapabilitySummary> for Summary {
    fn from(capability: sdk::CapabilitySummary) -> Self {
        Self {
            capability_name: capability.capability_name,
            r#type: word(capability.r#type),
            arn: capability.arn,
            status: word(capability.status),
            version: capability.version,
            created_at: time(capability.created_at),
            modified_at: time(capability.modified_at),
        }
    }
}
