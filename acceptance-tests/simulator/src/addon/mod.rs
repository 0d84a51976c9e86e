//! Add-ons: what one is, how it comes and goes, and the operations on it.
//!
//! Nothing runs in a simulated cluster, so there are no conflicts with what runs there already:
//! tests plan them as endings, and a request that resolves conflicts makes them go. Creation is in
//! `create`, updates in `change`, what there is to install in `catalogue`.

mod catalogue;
mod change;
mod create;
mod identity;
mod schema;
mod versions;

use serde_json::{Value, json};

use crate::call::{Call, Route, delete, get, post};
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::{Kind, Traits};
use crate::object::{self, Object, Phase};

pub(crate) const ROUTES: &[Route] = &[
    get(
        "DescribeAddonVersions",
        "/addons/supported-versions",
        versions::describe_versions,
    ),
    get(
        "DescribeAddonConfiguration",
        "/addons/configuration-schemas",
        versions::describe_configuration,
    ),
    post("CreateAddon", "/clusters/{name}/addons", create::create),
    get("ListAddons", "/clusters/{name}/addons", list),
    get(
        "DescribeAddon",
        "/clusters/{name}/addons/{addonName}",
        describe,
    ),
    post(
        "UpdateAddon",
        "/clusters/{name}/addons/{addonName}/update",
        change::update,
    ),
    delete(
        "DeleteAddon",
        "/clusters/{name}/addons/{addonName}",
        delete_addon,
    ),
];

pub(crate) const TRAITS: Traits = Traits {
    singular: "addon",
    plural: "addons",
    named_by: &["addonName"],
    arn: "addonArn",
    // From memory of the CLI, not from a captured answer.
    missing: |cluster, name| {
        ApiError::not_found(format!("No addon: {name} found in cluster: {cluster}"))
    },
    describe: describe_addon,
};

/// Known text.
fn unsupported_addon() -> ApiError {
    ApiError::invalid_parameter("Addon specified is not supported")
}

/// Known text.
fn unsupported_version() -> ApiError {
    ApiError::invalid_parameter("Addon version specified is not supported")
}

/// The add-on as DescribeAddon answers it. That publisher and owner are null is captured.
fn describe_addon(object: &Object, cluster: &Cluster) -> Value {
    let mut addon = object.over(json!({
        "serviceAccountRoleArn": null, "publisher": null, "owner": null,
        "marketplaceInformation": null, "configurationValues": null, "namespaceConfig": null,
    }));
    let mut issues = json!(object.issues);
    let mut status = object.status(cluster);
    if status == "ACTIVE" && lacks_nodes(object, cluster) {
        status = "DEGRADED";
        issues = json!([too_few_replicas()]);
    }
    addon["addonName"] = object.key.name.clone().into();
    addon["clusterName"] = cluster.name.clone().into();
    addon["status"] = status.into();
    addon["tags"] = json!(object.tags);
    addon["health"] = json!({"issues": issues});
    addon["podIdentityAssociations"] = identity::arns(cluster, object.arn()).into();
    addon
}

/// A captured issue.
fn too_few_replicas() -> Value {
    json!({
        "code": "InsufficientNumberOfReplicas",
        "message":
            "The add-on is unhealthy because it doesn't have the desired number of replicas.",
        "resourceIds": null,
    })
}

/// Whether the add-on waits for nodes. Those that no node group, Fargate profile or Auto Mode
/// brings are unknown to EKS, and so to the simulator.
fn lacks_nodes(object: &Object, cluster: &Cluster) -> bool {
    let needs_nodes = catalogue::find(&object.key.name).is_some_and(|addon| addon.needs_nodes);
    let brings_nodes = |object: &Object| {
        matches!(object.phase, Phase::Active | Phase::Degraded)
            && object.document["scalingConfig"]["desiredSize"] != 0
    };
    let has = |kind: Kind| cluster.objects_of(kind).any(brings_nodes);
    needs_nodes
        && !has(Kind::NodeGroup)
        && !has(Kind::FargateProfile)
        && cluster.document["computeConfig"]["enabled"] != true
}

fn describe(call: &mut Call) -> Result<Value, ApiError> {
    object::describe(call, Kind::Addon)
}

fn list(call: &mut Call) -> Result<Value, ApiError> {
    object::list(call, Kind::Addon, "addons")
}

/// The request is taken in any state, which is a guess.
fn delete_addon(call: &mut Call) -> Result<Value, ApiError> {
    let (cluster, key) = (call.path("name"), call.key(Kind::Addon));
    let preserve = call.query("preserve").as_deref() == Some("true");
    let found = call.region().cluster(&cluster)?;
    let arn = found.object(&key)?.arn().to_owned();
    if preserve {
        identity::release(found, &arn);
    }
    let millis = call.world.timings.object_delete;
    object::delete(call, Kind::Addon, millis)
}
