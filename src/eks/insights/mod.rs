//! The data source `eks_insights`: what EKS has found out about a cluster, above all about its next upgrade.
//!
//! What an insight is stands in `insight`.

mod insight;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aws_sdk_eks::{Client, types as sdk};
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use self::insight::Insight;
use super::shared::checks::{cluster_name, one_of};
use super::shared::version::is_version;
use crate::api;
use crate::aws::{self, Call};
use crate::eks::shared::Answer;

model! {
    /// Reads the insights of a cluster: what EKS has found that would break in an upgrade, or is badly configured.
    ///
    /// EKS looks for itself once a day, so that what was mended may still be told for a while. Takes a request for each
    /// insight.
    pub struct Model {
        /// Name of the cluster.
        pub cluster_name: String => check(cluster_name),
        /// Only these categories, such as `UPGRADE_READINESS`, `MISCONFIGURATION` or `ROLLBACK_READINESS`.
        pub categories: Option<BTreeSet<String>> => each(one_of(sdk::Category::values())),
        /// Only what is about these Kubernetes minor versions, such as `1.34`.
        pub kubernetes_versions: Option<BTreeSet<String>> => each(is_version),
        /// Only what stands like this: `PASSING`, `WARNING`, `ERROR` or `UNKNOWN`.
        pub statuses: Option<BTreeSet<String>> => one_of(["PASSING", "WARNING", "ERROR", "UNKNOWN"]),
        /// Region of the cluster. Default is the region of the provider.
        pub region: aws::Region,
        /// The insights, in the order of their names.
        pub insights: Vec<Insight> => computed,
    }
}

pub struct Insights;

impl DataSource for Insights {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "insights";
    const TITLE: &'static str = "insights of EKS cluster";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let ids = list(&client, &config).await?;
        let found = api::ask_each(ids, |id| find(&client, &config.cluster_name, id)).await?;
        let mut insights: Vec<_> = found.into_iter().map(Insight::from).collect();
        insights.sort();
        Ok(Model {
            region: config.region.resolved(cx),
            insights,
            ..config
        })
    }
}

/// The ids of the insights that are asked for.
async fn list(client: &Client, config: &Model) -> Result<Vec<String>, api::Error> {
    let texts = |set: &Option<BTreeSet<String>>| set.clone().map(|set| set.into_iter().collect());
    let categories = config.categories.iter().flatten();
    let statuses = config.statuses.iter().flatten();
    let filter = sdk::InsightsFilter::builder()
        .set_categories(some(categories.map(|it| it.as_str().into()).collect()))
        .set_statuses(some(statuses.map(|it| it.as_str().into()).collect()))
        .set_kubernetes_versions(texts(&config.kubernetes_versions))
        .build();
    let request = client.list_insights().cluster_name(&config.cluster_name);
    let mut pages = request.filter(filter).into_paginator().send();
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.to("ListInsights", &config.cluster_name)?;
        let insights = page.insights.into_iter().flatten();
        ids.extend(insights.filter_map(|insight| insight.id));
    }
    Ok(ids)
}

async fn find(client: &Client, cluster: &str, id: String) -> api::Result<Option<sdk::Insight>> {
    let request = client.describe_insight().cluster_name(cluster).id(&id);
    let answer = request.send().await;
    let found = answer.found("DescribeInsight", format!("{cluster}/{id}"), |it| {
        it.insight
    })?;
    Ok(found.map(|found| found.object))
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}
