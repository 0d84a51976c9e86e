//! CreateNodegroup: checks, defaults, and the three ways it ends.

use serde_json::{Value, json};
use uuid::Uuid;

use super::launch_template::{self, Chosen};
use super::shapes;
use crate::call::Call;
use crate::clock::timestamp;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::{Key, Kind};
use crate::object::{Id, Object, end_creation};
use crate::shape::check;
use crate::state::Scope;
use crate::{tag, version};

pub(super) fn create(call: &mut Call) -> Result<Value, ApiError> {
    check(shapes::CREATE, &call.body)?;
    let (cluster, body, scope) = (call.path("name"), call.body.clone(), call.scope.clone());
    let name = body["nodegroupName"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let templates = call.world.launch_templates.clone();
    let found = call.region().cluster(&cluster)?;
    let key = Key::new(Kind::NodeGroup, &name);
    let exists = format!("NodeGroup already exists with name {name} and cluster name {cluster}");
    if let Some(answer) = found.made_before(&key, "CreateNodegroup", &body, exists)? {
        return Ok(answer);
    }
    found.require_active()?;
    check_rules(&body)?;
    let template = match &body["launchTemplate"] {
        Value::Null => None,
        given => Some(launch_template::choose(&templates, given)?),
    };
    check_instance_types(&body, template.as_ref())?;
    let node_group = new_node_group(&scope, found, &name, &body, template)?;
    let id = Id::new(found, &node_group);
    let answer = found.insert(node_group, "CreateNodegroup", &body)?;
    let millis = call.world.timings.node_group_create;
    end_creation(call, id, millis);
    Ok(answer)
}

fn check_rules(body: &Value) -> Result<(), ApiError> {
    check_scaling(&scaling_document(&body["scalingConfig"]))?;
    check_update_config(&body["updateConfig"])?;
    if body["subnets"].as_array().is_none_or(Vec::is_empty) {
        return Err(ApiError::invalid_parameter("subnets must not be empty"));
    }
    if body["launchTemplate"].is_object() {
        // Both texts are known from users' reports.
        if !body["diskSize"].is_null() {
            let message = "Disk size must be specified within the launch template.";
            return Err(ApiError::invalid_parameter(message));
        }
        if !body["remoteAccess"].is_null() {
            let message = "Remote access configuration cannot be specified with a launch template.";
            return Err(ApiError::invalid_parameter(message));
        }
    }
    if body["instanceTypes"]
        .as_array()
        .is_some_and(|types| types.len() > 20)
    {
        return Err(ApiError::invalid_parameter(
            "At most 20 instance types can be specified",
        ));
    }
    tag::check_tags(&body["tags"]).map_err(ApiError::invalid_parameter)
}

/// That the type may be named in one place only is documented, the words are a guess.
fn check_instance_types(body: &Value, template: Option<&Chosen>) -> Result<(), ApiError> {
    let in_template = template.is_some_and(|chosen| chosen.template.instance_type.is_some());
    match in_template
        && body["instanceTypes"]
            .as_array()
            .is_some_and(|types| !types.is_empty())
    {
        true => Err(ApiError::invalid_parameter(
            "Instance types cannot be specified both in the launch template and in the request",
        )),
        false => Ok(()),
    }
}

/// Known texts. Users report another sentence for updates: see `change`.
fn check_scaling(scaling: &Value) -> Result<(), ApiError> {
    let size = |member: &str| scaling[member].as_i64();
    if size("minSize").is_some() && size("minSize") > size("desiredSize") {
        let message = "minSize can't be greater than desiredSize";
        return Err(ApiError::invalid_parameter(message));
    }
    check_desired_size(scaling)
}

/// Known text.
pub(super) fn check_desired_size(scaling: &Value) -> Result<(), ApiError> {
    let size = |member: &str| scaling[member].as_i64();
    match size("maxSize").is_some() && size("desiredSize") > size("maxSize") {
        true => Err(ApiError::invalid_parameter(
            "desiredSize can't be greater than maxSize",
        )),
        false => Ok(()),
    }
}

/// That they exclude each other is documented, the words are a guess.
pub(super) fn check_update_config(config: &Value) -> Result<(), ApiError> {
    match config["maxUnavailable"].is_number() && config["maxUnavailablePercentage"].is_number() {
        true => Err(ApiError::invalid_parameter(
            "maxUnavailable and maxUnavailablePercentage cannot both be specified",
        )),
        false => Ok(()),
    }
}

fn new_node_group(
    scope: &Scope,
    cluster: &Cluster,
    name: &str,
    body: &Value,
    template: Option<Chosen>,
) -> Result<Object, ApiError> {
    let uid = Uuid::new_v4();
    let now = timestamp();
    let mut document = json!({
        "nodegroupArn": scope.arn(&format!("nodegroup/{}/{name}/{uid}", cluster.name)),
        "createdAt": now,
        "modifiedAt": now,
        "nodeRole": body["nodeRole"],
        "subnets": body["subnets"],
        "capacityType": body["capacityType"].as_str().unwrap_or("ON_DEMAND"),
        "scalingConfig": scaling_document(&body["scalingConfig"]),
        "labels": or_empty(&body["labels"]),
        "taints": body["taints"],
        "updateConfig": match &body["updateConfig"] {
            Value::Null => json!({"maxUnavailable": 1}),
            given => given.clone(),
        },
        "remoteAccess": body["remoteAccess"],
        "nodeRepairConfig": body["nodeRepairConfig"],
        "warmPoolConfig": warm_pool_document(&body["warmPoolConfig"]),
    });
    crate::state::merge(&mut document, &image(cluster, body, template.as_ref())?);
    crate::state::merge(&mut document, &machine(body, template.as_ref()));
    Ok(Object {
        tags: tag::from_body(body),
        ..Object::new(Kind::NodeGroup, name, uid, document)
    })
}

fn or_empty(map: &Value) -> Value {
    if map.is_object() {
        map.clone()
    } else {
        json!({})
    }
}

/// Sizes that are not given: 1, 2 and 2, as the console and eksctl propose. A guess.
fn scaling_document(given: &Value) -> Value {
    let mut document = json!({"minSize": 1, "maxSize": 2, "desiredSize": 2});
    crate::state::merge(&mut document, &or_empty(given));
    document
}

/// The defaults are the API reference's. A pool that is not enabled is not answered: a guess.
pub(super) fn warm_pool_document(given: &Value) -> Value {
    if !given.is_object() || given["enabled"] == false {
        return Value::Null;
    }
    let mut document =
        json!({"enabled": true, "minSize": 0, "poolState": "STOPPED", "reuseOnScaleIn": false});
    crate::state::merge(&mut document, given);
    document
}

/// AMI type, Kubernetes version and AMI release.
fn image(cluster: &Cluster, body: &Value, template: Option<&Chosen>) -> Result<Value, ApiError> {
    let version = cluster.version();
    if let Some(image) = template.and_then(|chosen| chosen.template.image_id.as_deref()) {
        if !body["version"].is_null() || !body["releaseVersion"].is_null() {
            // Known text.
            return Err(ApiError::invalid_parameter(
                "You cannot specify the field kubernetesVersion when using custom AMIs.",
            ));
        }
        return Ok(json!({"amiType": "CUSTOM", "version": version, "releaseVersion": image}));
    }
    if let Some(wanted) = body["version"].as_str().filter(|wanted| *wanted != version) {
        // That it must be the cluster's is documented, the words are a guess.
        return Err(ApiError::invalid_parameter(format!(
            "Nodegroup version {wanted} must match the cluster version {version}"
        )));
    }
    let ami_type = body["amiType"].as_str().unwrap_or("AL2023_x86_64_STANDARD");
    let release = release(version, ami_type, body["releaseVersion"].as_str())?;
    Ok(json!({"amiType": ami_type, "version": version, "releaseVersion": release}))
}

/// The AMI release that a request means. Known text. Bottlerocket and Windows number their releases
/// otherwise, so theirs are not checked.
pub(super) fn release(
    version: &str,
    ami_type: &str,
    wanted: Option<&str>,
) -> Result<String, ApiError> {
    let Some(wanted) = wanted else {
        return Ok(version::newest_release(version));
    };
    let is_amazon_linux = ami_type.starts_with("AL2");
    match !is_amazon_linux || wanted.starts_with(&format!("{version}.")) {
        true => Ok(wanted.to_owned()),
        false => Err(ApiError::invalid_parameter(format!(
            "Requested release version {wanted} is not valid for kubernetes version {version}."
        ))),
    }
}

/// Instance types and disk; with a launch template only what the request itself names.
fn machine(body: &Value, template: Option<&Chosen>) -> Value {
    let given = body["instanceTypes"]
        .as_array()
        .filter(|types| !types.is_empty());
    let Some(chosen) = template else {
        let windows = body["amiType"]
            .as_str()
            .is_some_and(|kind| kind.starts_with("WINDOWS"));
        return json!({
            "instanceTypes": given.cloned().unwrap_or_else(|| vec!["t3.medium".into()]),
            "diskSize": body["diskSize"].as_i64().unwrap_or(if windows { 50 } else { 20 }),
        });
    };
    let mut machine = json!({"launchTemplate": chosen.document()});
    if let Some(given) = given {
        machine["instanceTypes"] = given.clone().into();
    }
    machine
}
