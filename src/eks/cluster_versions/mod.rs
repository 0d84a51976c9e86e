//! The data source `eks_cluster_versions`: which versions of Kubernetes EKS offers, until when, and what can be set in
//! each.
//!
//! What can be set is in `settings`, the translation from the SDK in `convert`.

mod convert;
mod settings;
#[cfg(test)]
mod tests;

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;
use tfplugin_rs::tf::{self, DataSource};

use self::settings::Components;
use super::shared::checks::one_of;
use super::shared::version::{describe, is_version};
use crate::aws::{self, Call};

model! {
    /// Lists the versions of Kubernetes that EKS offers. Without arguments those under standard or extended support.
    pub struct Model {
        /// Kind of cluster, such as `eks`.
        pub cluster_type: Option<String>,
        /// Only these versions, such as `1.33`.
        pub cluster_versions_only: Option<Vec<String>> => each(is_version),
        /// Whether to list only the version that new clusters get.
        pub default_only: Option<bool>,
        /// Whether to list also versions that are no longer supported.
        pub include_all: Option<bool>,
        /// Only versions of this status: `STANDARD_SUPPORT`, `EXTENDED_SUPPORT` or `UNSUPPORTED`.
        pub version_status: Option<String> => check(one_of(sdk::VersionStatus::values())),
        /// Region to look in. Default is the region of the provider.
        pub region: aws::Region,
        /// The versions.
        pub cluster_versions: Vec<ClusterVersion> => computed,
    }
}

model! {
    /// A version.
    pub struct ClusterVersion {
        /// The version, such as `1.33`.
        pub cluster_version: Option<String> => computed,
        /// Kind of cluster that it is for.
        pub cluster_type: Option<String> => computed,
        /// Whether new clusters get it.
        pub default_version: Option<bool> => computed,
        /// Where it stands, such as `STANDARD_SUPPORT`.
        pub version_status: Option<String> => computed,
        /// When EKS released it, in RFC 3339 format.
        pub release_date: Option<String> => computed,
        /// When standard support ends, in RFC 3339 format.
        pub end_of_standard_support_date: Option<String> => computed,
        /// When extended support ends, in RFC 3339 format.
        pub end_of_extended_support_date: Option<String> => computed,
        /// Patch version of Kubernetes that new clusters get.
        pub kubernetes_patch_version: Option<String> => computed,
        /// EKS's own version of the control plane that new clusters get.
        pub default_platform_version: Option<String> => computed,
        /// Tiers of the control plane's capacity.
        pub control_plane_scaling_tiers: Vec<ScalingTier> => computed,
        /// What can be set in the control plane.
        pub control_plane_component_config: Option<Components> => block computed,
    }
}

model! {
    /// A tier of the control plane's capacity.
    pub struct ScalingTier {
        /// Its name, for `control_plane_scaling_config`.
        pub tier_name: Option<String> => computed,
        /// Requests that the API server works on at once.
        pub api_request_concurrency: Option<i64> => computed,
        /// Pods that are scheduled in a second.
        pub pod_scheduling_rate_per_second: Option<i64> => computed,
        /// Size of the cluster's database in GB.
        pub cluster_database_size_gb: Option<i64> => computed,
        /// What differs in this tier of what can be set.
        pub control_plane_component_config_overrides: Option<Components> => block computed,
    }
}

pub struct ClusterVersions;

impl DataSource for ClusterVersions {
    type Context = aws::Context;
    type Model = Model;

    const NAME: &'static str = "cluster_versions";
    const TITLE: &'static str = "EKS cluster versions";

    async fn read(cx: &Call, config: Model) -> tf::Result<Model> {
        let client = cx.eks(config.region.as_deref()).await?;
        let status = config.version_status.as_deref();
        let request = client
            .describe_cluster_versions()
            .set_cluster_type(config.cluster_type.clone())
            .set_cluster_versions(config.cluster_versions_only.clone())
            .set_default_only(config.default_only)
            .set_include_all(config.include_all)
            .set_version_status(status.map(Into::into));
        let found = describe(request).await?;
        Ok(Model {
            region: config.region.resolved(cx),
            cluster_versions: found.into_iter().map(convert::into_version).collect(),
            ..config
        })
    }
}
