//! The data source `eks_updates`: what has been changed about a cluster or something in it, and how that went.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource, Diagnostics, Value};

use super::shared::checks::cluster_name;
use super::shared::health::HealthIssue;
use super::shared::spelling::{time, word};
use crate::api;
use crate::aws::{self, Call};
use crate::eks::shared::Answer;

model! {
    /// Reads the updates of a cluster, or of a node group, an add-on or a capability in it.
    ///
    /// Takes a request for each update, since EKS lists no more than their ids, in no order.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Node group whose updates to read, instead of those of the cluster itself.
        pub node_group_name: Option<String>,
        /// Add-on whose updates to read, instead of those of the cluster itself.
        pub addon_name: Option<String>,
        /// Capability whose updates to read, instead of those of the cluster itself.
        pub capability_name: Option<String>,
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// The updates, the latest first.
        pub updates: Vec<Update> => computed,
    }
}

model! {
    /// An update.
    pub struct Update {
        /// When it began, in RFC 3339 format.
        pub created_at: Option<String> => computed,
        /// Its id.
        pub id: Option<String> => computed,
        /// What it changes, such as `VersionUpdate`.
        pub r#type: Option<String> => computed,
        /// How it stands: `InProgress`, `Successful`, `Failed` or `Cancelled`.
        pub status: Option<String> => computed,
        /// What was asked for, such as `Version`, each in the form in which EKS tells it.
        pub params: BTreeMap<String, String> => computed,
        /// Why it failed.
        pub errors: Vec<HealthIssue> => computed,
        /// How the latest attempt to cancel it stands: `InProgress`, `Successful` or `Failed`. Null where nobody tried.
        pub cancellation_status: Option<String> => computed,
        /// Why it was cancelled, or why it could not be.
        pub cancellation_reason: Option<String> => computed,
    }
}

pub struct Updates;

/// Arguments that say what in the cluster is meant, of which there can be one.
const SUBJECTS: [&str; 3] = ["node_group_name", "addon_name", "capability_name"];

impl DataSource for Updates {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "updates";
    const TITLE: &'static str = "updates of EKS cluster";

    fn check(config: &Value, found: &mut Diagnostics) {
        let given = SUBJECTS
            .into_iter()
            .filter(|name| !config.get(name).is_null());
        let given: Vec<_> = given.collect();
        if let [first, second, ..] = given.as_slice() {
            let detail = format!("{first} says already what to read the updates of.");
            found.error(*second, "Conflicting arguments", detail);
        }
    }

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let ids = list(&client, &config).await?.into_iter().collect();
        let mut updates = api::ask_each(ids, |id| find(&client, &config, id)).await?;
        updates.sort_by_key(|update| Reverse(update.created_at));
        Ok(Model {
            region: config.region.resolved(cx),
            updates: updates.into_iter().map(Update::from).collect(),
            ..config
        })
    }
}

async fn list(client: &Client, config: &Model) -> Result<BTreeSet<String>, api::Error> {
    let request = client
        .list_updates()
        .name(&config.cluster_name)
        .set_nodegroup_name(config.node_group_name.clone())
        .set_addon_name(config.addon_name.clone())
        .set_capability_name(config.capability_name.clone());
    let mut pages = request.into_paginator().send();
    let mut ids = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.to("ListUpdates", &config.cluster_name)?;
        ids.extend(page.update_ids.into_iter().flatten());
    }
    Ok(ids)
}

async fn find(client: &Client, config: &Model, id: String) -> api::Result<Option<sdk::Update>> {
    let request = client
        .describe_update()
        .name(&config.cluster_name)
        .update_id(&id)
        .set_nodegroup_name(config.node_group_name.clone())
        .set_addon_name(config.addon_name.clone())
        .set_capability_name(config.capability_name.clone());
    let target = format!("{}/{id}", config.cluster_name);
    let answer = request.send().await;
    let found = answer.found("DescribeUpdate", target, |answer| answer.update)?;
    Ok(found.map(|found| found.object))
}

impl From<sdk::Update> for Update {
    fn from(update: sdk::Update) -> Self {
        let param = |param: sdk::UpdateParam| {
            let name = param.r#type?.as_str().to_owned();
            Some((name, param.value.unwrap_or_default()))
        };
        let error = |error: sdk::ErrorDetail| HealthIssue {
            code: word(error.error_code),
            message: error.error_message,
            resource_ids: error.resource_ids.unwrap_or_default(),
        };
        let (cancellation_status, cancellation_reason) = match update.cancellation {
            Some(cancellation) => (word(cancellation.status), cancellation.reason),
            None => (None, None),
        };
        Self {
            created_at: time(update.created_at),
            id: update.id,
            r#type: word(update.r#type),
            status: word(update.status),
            params: update
                .params
                .into_iter()
                .flatten()
                .filter_map(param)
                .collect(),
            errors: update.errors.into_iter().flatten().map(error).collect(),
            cancellation_status,
            cancellation_reason,
        }
    }
}
