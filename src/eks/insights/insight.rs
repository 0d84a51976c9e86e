//! One insight: the model, and how it is made of the SDK's type.

use std::collections::BTreeMap;

use aws_sdk_eks::types as sdk;
use tfplugin_rs::model;

use crate::eks::shared::spelling::{time, word};

model! {
    /// An insight.
    pub struct Insight {
        /// Its name, such as `Deprecated APIs removed in Kubernetes v1.34`.
        pub name: Option<String> => computed,
        /// Its id.
        pub id: Option<String> => computed,
        /// What it is about, such as `UPGRADE_READINESS`.
        pub category: Option<String> => computed,
        /// Kubernetes minor version that it is about.
        pub kubernetes_version: Option<String> => computed,
        /// How the cluster stands: `PASSING`, `WARNING`, `ERROR` or `UNKNOWN`.
        pub status: Option<String> => computed,
        /// Why it stands so.
        pub reason: Option<String> => computed,
        /// What is looked for.
        pub description: Option<String> => computed,
        /// What to do.
        pub recommendation: Option<String> => computed,
        /// Where to read more: titles and URLs.
        pub additional_info: BTreeMap<String, String> => computed,
        /// When EKS last looked, in RFC 3339 format.
        pub last_refresh_time: Option<String> => computed,
        /// When the status last changed, in RFC 3339 format.
        pub last_transition_time: Option<String> => computed,
        /// What it is about, one by one.
        pub resources: Vec<Concerned> => computed,
        /// Kubernetes APIs in use that are going to be removed.
        pub deprecations: Vec<Deprecation> => computed,
        /// Add-ons that have to be changed first.
        pub addons: Vec<Addon> => computed,
    }
}

model! {
    /// Something that an insight is about.
    pub struct Concerned {
        /// Its ARN, if it is AWS's.
        pub arn: Option<String> => computed,
        /// Its URI, if it is Kubernetes's.
        pub kubernetes_resource_uri: Option<String> => computed,
        /// How it stands.
        pub status: Option<String> => computed,
        /// Why it stands so.
        pub reason: Option<String> => computed,
    }
}

model! {
    /// A Kubernetes API that is going to be removed.
    pub struct Deprecation {
        /// The API in use.
        pub usage: Option<String> => computed,
        /// The API to use instead.
        pub replaced_with: Option<String> => computed,
        /// Kubernetes version that is without it.
        pub stop_serving_version: Option<String> => computed,
        /// Kubernetes version that first had the other one.
        pub start_serving_replacement_version: Option<String> => computed,
        /// Who uses it.
        pub clients: Vec<ApiClient> => computed,
    }
}

model! {
    /// A client of a Kubernetes API.
    pub struct ApiClient {
        /// What it calls itself.
        pub user_agent: Option<String> => computed,
        /// Its requests in the last 30 days.
        pub number_of_requests_last_30_days: Option<i64> => computed,
        /// When the last one was, in RFC 3339 format.
        pub last_request_time: Option<String> => computed,
    }
}

model! {
    /// An add-on that has to be changed first.
    pub struct Addon {
        /// Its name.
        pub name: Option<String> => computed,
        /// The versions that go with the new version of Kubernetes.
        pub compatible_versions: Vec<String> => computed,
    }
}

impl From<sdk::Insight> for Insight {
    fn from(insight: sdk::Insight) -> Self {
        let (status, reason) = standing(insight.insight_status);
        let details = insight.category_specific_summary;
        let (deprecations, addons) = details.map_or((None, None), |details| {
            (
                details.deprecation_details,
                details.addon_compatibility_details,
            )
        });
        let resources = insight.resources.into_iter().flatten();
        Self {
            name: insight.name,
            id: insight.id,
            category: word(insight.category),
            kubernetes_version: insight.kubernetes_version,
            status,
            reason,
            description: insight.description,
            recommendation: insight.recommendation,
            additional_info: insight.additional_info.into_iter().flatten().collect(),
            last_refresh_time: time(insight.last_refresh_time),
            last_transition_time: time(insight.last_transition_time),
            resources: resources.map(into_concerned).collect(),
            deprecations: deprecations
                .into_iter()
                .flatten()
                .map(into_deprecation)
                .collect(),
            addons: addons.into_iter().flatten().map(into_addon).collect(),
        }
    }
}

fn standing(status: Option<sdk::InsightStatus>) -> (Option<String>, Option<String>) {
    status.map_or((None, None), |it| (word(it.status), it.reason))
}

fn into_concerned(resource: sdk::InsightResourceDetail) -> Concerned {
    let (status, reason) = standing(resource.insight_status);
    Concerned {
        arn: resource.arn,
        kubernetes_resource_uri: resource.kubernetes_resource_uri,
        status,
        reason,
    }
}

fn into_deprecation(detail: sdk::DeprecationDetail) -> Deprecation {
    let client = |client: sdk::ClientStat| ApiClient {
        user_agent: client.user_agent,
        number_of_requests_last_30_days: Some(client.number_of_requests_last30_days.into()),
        last_request_time: time(client.last_request_time),
    };
    Deprecation {
        usage: detail.usage,
        replaced_with: detail.replaced_with,
        stop_serving_version: detail.stop_serving_version,
        start_serving_replacement_version: detail.start_serving_replacement_version,
        clients: detail
            .client_stats
            .into_iter()
            .flatten()
            .map(client)
            .collect(),
    }
}

fn into_addon(detail: sdk::AddonCompatibilityDetail) -> Addon {
    Addon {
        name: detail.name,
        compatible_versions: detail.compatible_versions.unwrap_or_default(),
    }
}
