//! Insights: what EKS has found out about the readiness of a cluster for an upgrade.
//!
//! Nothing is looked at here. Every cluster passes the checks below until a test says otherwise with
//! `modify`, which also makes insights that a cluster does not have.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Call, Route, get, page_of_values, post};
use crate::clock::timestamp;
use crate::cluster::{Cluster, Phase as ClusterPhase, same};
use crate::error::ApiError;
use crate::fault::Failure;
use crate::kind::{Key, Kind, Traits};
use crate::object::{self, Object, Phase};
use crate::shape::Shape::{List, Number, Object as Structure, OneOf};
use crate::shape::{Member, TEXT, TEXTS, check, optional};
use crate::version::minor;

pub(crate) const ROUTES: &[Route] = &[
    post("ListInsights", "/clusters/{name}/insights", list),
    get(
        "DescribeInsight",
        "/clusters/{name}/insights/{id}",
        describe,
    ),
    post(
        "StartInsightsRefresh",
        "/clusters/{name}/insights-refresh",
        start_refresh,
    ),
    get(
        "DescribeInsightsRefresh",
        "/clusters/{name}/insights-refresh",
        describe_refresh,
    ),
];

pub(crate) const TRAITS: Traits = Traits {
    singular: "insight",
    plural: "insights",
    named_by: &["id"],
    // They have none.
    arn: "arn",
    // The words are a guess.
    missing: |_, id| ApiError::not_found(format!("No insight found for ID: {id}")),
    describe: describe_insight,
};

/// Deprecated APIs removed in the next Kubernetes version.
pub const DEPRECATED_APIS: &str = "0c1a0000-0000-4000-8000-000000000001";
/// Kubelet version skew.
pub const KUBELET_SKEW: &str = "0c1a0000-0000-4000-8000-000000000002";
/// Cluster health issues.
pub const CLUSTER_HEALTH: &str = "0c1a0000-0000-4000-8000-000000000003";
/// EKS add-on version compatibility.
pub const ADDON_COMPATIBILITY: &str = "0c1a0000-0000-4000-8000-000000000004";
/// kube-proxy version skew.
pub const KUBE_PROXY_SKEW: &str = "0c1a0000-0000-4000-8000-000000000005";

/// An insight that every cluster has. `{next}` stands for the version after the cluster's.
struct Check {
    /// On AWS every cluster has ids of its own.
    id: &'static str,
    name: &'static str,
    description: &'static str,
    reason: &'static str,
    recommendation: &'static str,
}

/// Names, descriptions and reasons are those of the user guide's example of ListInsights; of the
/// recommendations, the first two.
const CHECKS: &[Check] = &[
    Check {
        id: DEPRECATED_APIS,
        name: "Deprecated APIs removed in Kubernetes v{next}",
        description: "Checks for usage of deprecated APIs that are scheduled for removal in \
                      Kubernetes v{next}. Upgrading your cluster before migrating to the updated \
                      APIs supported by v{next} could cause application impact.",
        reason: "No deprecated API usage detected within the last 30 days.",
        recommendation: "Update manifests and API clients to use newer Kubernetes APIs if \
                         applicable before upgrading to Kubernetes v{next}.",
    },
    Check {
        id: KUBELET_SKEW,
        name: "Kubelet version skew",
        description: "Checks for kubelet versions of worker nodes in the cluster to see if upgrade \
                      would cause non compliance with supported Kubernetes kubelet version skew \
                      policy.",
        reason: "Node kubelet versions match the cluster control plane version.",
        recommendation: "Upgrade your worker nodes to match the Kubernetes version of your cluster \
                         control plane.",
    },
    Check {
        id: CLUSTER_HEALTH,
        name: "Cluster health issues",
        description: "Checks for any cluster health issues that prevent successful upgrade to the \
                      next Kubernetes version on EKS.",
        reason: "No cluster health issues detected.",
        recommendation: "Resolve the health issues of the cluster before you upgrade it.",
    },
    Check {
        id: ADDON_COMPATIBILITY,
        name: "EKS add-on version compatibility",
        description: "Checks version of installed EKS add-ons to ensure they are compatible with \
                      the next version of Kubernetes. ",
        reason: "All installed EKS add-on versions are compatible with next Kubernetes version.",
        recommendation: "Upgrade the add-ons to versions that are compatible with Kubernetes \
                         v{next}.",
    },
    Check {
        id: KUBE_PROXY_SKEW,
        name: "kube-proxy version skew",
        description: "Checks version of kube-proxy in cluster to see if upgrade would cause non \
                      compliance with supported Kubernetes kube-proxy version skew policy.",
        reason: "kube-proxy versions match the cluster control plane version.",
        recommendation: "Upgrade kube-proxy to match the version of your cluster control plane.",
    },
];

const LIST: &[Member] = &[
    optional(
        "filter",
        Structure(&[
            optional(
                "categories",
                List {
                    of: &OneOf(&[
                        "UPGRADE_READINESS",
                        "MISCONFIGURATION",
                        "ROLLBACK_READINESS",
                    ]),
                    max: usize::MAX,
                },
            ),
            optional("kubernetesVersions", TEXTS),
            optional(
                "statuses",
                List {
                    of: &OneOf(&["PASSING", "WARNING", "ERROR", "UNKNOWN"]),
                    max: usize::MAX,
                },
            ),
        ]),
    ),
    optional("maxResults", Number { min: 1, max: 100 }),
    optional("nextToken", TEXT),
];

/// The insights of a new cluster.
pub(crate) fn of_new_cluster() -> impl Iterator<Item = Object> {
    CHECKS.iter().map(|check| {
        new_insight(
            check.id,
            &json!({
                "name": check.name,
                "description": check.description,
                "insightStatus": {"status": "PASSING", "reason": check.reason},
                "recommendation": check.recommendation,
            }),
        )
    })
}

/// An insight with these members, for tests that want one no cluster has by itself.
pub(crate) fn new_insight(id: &str, members: &Value) -> Object {
    let now = timestamp();
    let document = json!({
        "id": id,
        "name": "Made by a test",
        "category": "UPGRADE_READINESS",
        "lastRefreshTime": now,
        "lastTransitionTime": now,
        "description": "",
        "insightStatus": {"status": "PASSING", "reason": ""},
        "recommendation": "",
        "additionalInfo": {},
        "resources": [],
        "categorySpecificSummary": {"deprecationDetails": [], "addonCompatibilityDetails": []},
    });
    let mut insight = Object {
        phase: Phase::Active,
        ..Object::new(Kind::Insight, id, Uuid::new_v4(), document)
    };
    insight.modify(members);
    insight
}

/// The insight as DescribeInsight answers it: about the next version, unless it says another.
fn describe_insight(insight: &Object, cluster: &Cluster) -> Value {
    let next = minor(cluster.version()).map_or(0, |minor| minor + 1);
    let next = format!("1.{next}");
    let mut described = insight.over(json!({"kubernetesVersion": next}));
    for member in ["name", "description", "recommendation"] {
        if let Some(text) = described[member].as_str() {
            described[member] = text.replace("{next}", &next).into();
        }
    }
    described
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    object::describe(call, Kind::Insight)
}

/// By id; the order AWS uses is not documented. That a cluster has none while it is being created is
/// a guess.
fn list(call: &mut Call) -> Result<Value, ApiError> {
    check(LIST, &call.body)?;
    let (name, filter) = (call.path("name"), call.body["filter"].clone());
    let cluster = &*call.region().cluster(&name)?;
    let made = cluster.phase != ClusterPhase::Creating;
    let insights = cluster.objects_of(Kind::Insight).filter(|_| made);
    let described = insights.map(|insight| insight.describe(cluster));
    let wanted = described.filter(|insight| is_wanted(&filter, insight));
    let summaries = wanted.map(|insight| summary(&insight)).collect();
    // Unlike in other lists the page is in the body.
    for member in ["maxResults", "nextToken"] {
        match &call.body[member] {
            Value::Null => {}
            Value::String(text) => call.query.push((member.to_owned(), text.clone())),
            number => call.query.push((member.to_owned(), number.to_string())),
        }
    }
    page_of_values(call, "insights", summaries)
}

fn is_wanted(filter: &Value, insight: &Value) -> bool {
    let members = [
        ("categories", &insight["category"]),
        ("kubernetesVersions", &insight["kubernetesVersion"]),
        ("statuses", &insight["insightStatus"]["status"]),
    ];
    members.iter().all(|(member, value)| {
        let wanted = filter[*member].as_array();
        wanted.is_none_or(|wanted| wanted.is_empty() || wanted.contains(value))
    })
}

fn summary(insight: &Value) -> Value {
    const MEMBERS: [&str; 8] = [
        "id",
        "name",
        "category",
        "kubernetesVersion",
        "lastRefreshTime",
        "lastTransitionTime",
        "description",
        "insightStatus",
    ];
    let member = |name: &str| (name.to_owned(), insight[name].clone());
    Value::Object(MEMBERS.into_iter().map(member).collect())
}

/// The target of a refresh, for planned endings: all insights of the cluster.
fn all_insights() -> Key {
    Key::new(Kind::Insight, "")
}

/// Takes as long as other updates of objects do. The messages are guesses, and that a request during
/// a refresh is answered with that one.
fn start_refresh(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    let cluster = call.region().cluster(&name)?;
    let uid = cluster.uid;
    if cluster.refresh["status"] != "IN_PROGRESS" {
        cluster.refresh = json!({
            "message": "Insights refresh is in progress",
            "status": "IN_PROGRESS",
            "startedAt": timestamp(),
        });
        let target = call.target(&name, Some(&all_insights()));
        let failure = call.world.faults.update(&target);
        let (millis, name) = (call.world.timings.object_update, name.clone());
        call.after(millis, move |region| {
            if let Some(cluster) = same(region, &name, uid) {
                end_refresh(cluster, failure);
            }
        });
    }
    let refresh = &call.region().cluster(&name)?.refresh;
    Ok(json!({"message": refresh["message"], "status": refresh["status"]}))
}

fn end_refresh(cluster: &mut Cluster, failure: Option<Failure>) {
    let now = timestamp();
    let (status, message) = match failure.map(|failure| failure.errors) {
        None => ("COMPLETED", "Insights refresh is complete".to_owned()),
        Some(errors) => {
            let message = errors.into_iter().next().map(|error| error.error_message);
            ("FAILED", message.unwrap_or_default())
        }
    };
    cluster.refresh["status"] = status.into();
    cluster.refresh["message"] = message.into();
    cluster.refresh["endedAt"] = now.clone();
    if status == "FAILED" {
        return;
    }
    let objects = cluster.objects.values_mut();
    for insight in objects.filter(|object| object.key.kind == Kind::Insight) {
        insight.document["lastRefreshTime"] = now.clone();
    }
}

/// What AWS answers when there has been no refresh is a guess.
fn describe_refresh(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    match &call.region().cluster(&name)?.refresh {
        Value::Null => Err(ApiError::not_found(format!(
            "No insights refresh found for cluster: {name}"
        ))),
        refresh => Ok(refresh.clone()),
    }
}
