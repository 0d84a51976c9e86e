//! The data sources `eks_fargate_profile`, a profile that is managed elsewhere, and `eks_fargate_profiles`.

use std::collections::BTreeSet;

use aws_sdk_eks::Client;
use tfplugin_rs::tf::HasDataSource;

use super::FargateProfile;
use crate::api;
use crate::eks::shared::Answer;
use crate::eks::shared::list::Listed;
use crate::kind::Managed;

impl HasDataSource for Managed<FargateProfile> {
    const ABOUT: &'static str = "Reads a Fargate profile.";
    const MAY_BE_GIVEN: &'static [&'static str] = &["region"];
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("tags_all", "tags"), ("selector", "selectors")];
}

impl Listed for FargateProfile {
    const NAMES: &'static str = "fargate_profiles";
    const TITLES: &'static str = "EKS Fargate profiles";
    const ABOUT: &'static str = "Lists the Fargate profiles of a cluster.";
    const NAMED: &'static str = "Names of the profiles.";

    async fn list(client: &Client, cluster: &str) -> api::Result<BTreeSet<String>> {
        let request = client.list_fargate_profiles().cluster_name(cluster);
        let names = request.into_paginator().items().send().try_collect().await;
        names
            .to("ListFargateProfiles", cluster)
            .map(BTreeSet::from_iter)
    }
}
