//! Updates of node groups: how one is started, and what UpdateNodegroupConfig asks for.
//!
//! What UpdateNodegroupVersion asks for is in `upgrade`.

use serde_json::{Map, Value, json};

use super::create::{check_desired_size, check_update_config, warm_pool_document};
use super::{shapes, upgrade};
use crate::call::Call;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::Kind;
use crate::object::{Change, Object, Phase, start_update};
use crate::shape::check;
use crate::state::{LaunchTemplate, merge};

pub(super) type Params = Vec<(&'static str, String)>;

pub(super) fn update_config(call: &mut Call) -> Result<Value, ApiError> {
    check(shapes::UPDATE_CONFIG_REQUEST, &call.body)?;
    apply(call, "UpdateNodegroupConfig", |_, node_group, body, _| {
        plan_config(node_group, body)
    })
}

pub(super) fn update_version(call: &mut Call) -> Result<Value, ApiError> {
    check(shapes::UPDATE_VERSION, &call.body)?;
    apply(call, "UpdateNodegroupVersion", upgrade::plan)
}

type Plan = fn(&str, &Object, &Value, &[LaunchTemplate]) -> Result<Change, ApiError>;

/// Finds the node group, lets `plan` say what to do with it, and starts the update.
fn apply(call: &mut Call, operation: &str, plan: Plan) -> Result<Value, ApiError> {
    let (cluster, key, body) = (
        call.path("name"),
        call.key(Kind::NodeGroup),
        call.body.clone(),
    );
    let templates = call.world.launch_templates.clone();
    let found = call.region().cluster(&cluster)?;
    if let Some(answer) = found.object(&key)?.replays.find(operation, &body) {
        return Ok(answer);
    }
    check_updatable(found, &found.objects[&key])?;
    let version = found.version().to_owned();
    let change = plan(&version, found.object(&key)?, &body, &templates)?;
    let millis = call.world.timings.node_group_update;
    start_update(call, &cluster, &key, change, millis)
}

/// Known text. A degraded node group can be updated, or it could never be mended.
fn check_updatable(cluster: &Cluster, node_group: &Object) -> Result<(), ApiError> {
    match node_group.phase {
        Phase::Active | Phase::Degraded if !node_group.is_updating(cluster) => Ok(()),
        _ => Err(ApiError::in_use(
            "Nodegroup cannot be updated as it is currently not in Active State",
        )),
    }
}

fn plan_config(node_group: &Object, body: &Value) -> Result<Change, ApiError> {
    let (mut params, mut patch) = (Vec::new(), json!({}));
    plan_scaling(node_group, &body["scalingConfig"], &mut params, &mut patch)?;
    plan_labels(&body["labels"], &mut params, &mut patch);
    plan_taints(node_group, &body["taints"], &mut params, &mut patch);
    plan_update_config(&body["updateConfig"], &mut params, &mut patch)?;
    plan_repair(
        node_group,
        &body["nodeRepairConfig"],
        &mut params,
        &mut patch,
    );
    plan_warm_pool(node_group, &body["warmPoolConfig"], &mut params, &mut patch);
    if patch == json!({}) {
        // A guess: what AWS says to an empty update is not known.
        return Err(ApiError::invalid_parameter(
            "No changes were provided for the nodegroup",
        ));
    }
    Ok(Change::merging(
        "UpdateNodegroupConfig",
        "ConfigUpdate",
        params,
        patch,
    ))
}

fn plan_scaling(
    node_group: &Object,
    given: &Value,
    params: &mut Params,
    patch: &mut Value,
) -> Result<(), ApiError> {
    let mut after = node_group.document["scalingConfig"].clone();
    for (member, param) in [
        ("minSize", "MinSize"),
        ("maxSize", "MaxSize"),
        ("desiredSize", "DesiredSize"),
    ] {
        if let Some(size) = given[member].as_i64() {
            after[member] = size.into();
            params.push((param, size.to_string()));
        }
    }
    if given.is_object() {
        check_minimum(&after)?;
        check_desired_size(&after)?;
        patch["scalingConfig"] = after;
    }
    Ok(())
}

/// Known text, which CreateNodegroup words otherwise.
fn check_minimum(scaling: &Value) -> Result<(), ApiError> {
    let (min, desired) = (scaling["minSize"].as_i64(), scaling["desiredSize"].as_i64());
    match (min, desired) {
        (Some(min), Some(desired)) if min > desired => Err(ApiError::invalid_parameter(format!(
            "Minimum capacity {min} can't be greater than desired size {desired}"
        ))),
        _ => Ok(()),
    }
}

fn plan_labels(given: &Value, params: &mut Params, patch: &mut Value) {
    let mut labels = Map::new();
    for key in given["removeLabels"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        labels.insert(key.to_owned(), Value::Null);
    }
    labels.extend(
        given["addOrUpdateLabels"]
            .as_object()
            .cloned()
            .unwrap_or_default(),
    );
    if labels.is_empty() {
        return;
    }
    for (member, param) in [
        ("addOrUpdateLabels", "LabelsToAdd"),
        ("removeLabels", "LabelsToRemove"),
    ] {
        if !given[member].is_null() {
            params.push((param, given[member].to_string()));
        }
    }
    patch["labels"] = Value::Object(labels);
}

/// A taint is known by key and effect.
fn plan_taints(node_group: &Object, given: &Value, params: &mut Params, patch: &mut Value) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (added, removed) = (
        list(&given["addOrUpdateTaints"]),
        list(&given["removeTaints"]),
    );
    if added.is_empty() && removed.is_empty() {
        return;
    }
    let same =
        |one: &Value, other: &Value| one["key"] == other["key"] && one["effect"] == other["effect"];
    let mut taints = list(&node_group.document["taints"]);
    taints.retain(|taint| {
        !added
            .iter()
            .chain(&removed)
            .any(|changed| same(taint, changed))
    });
    taints.extend(added);
    for (member, param) in [
        ("addOrUpdateTaints", "TaintsToAdd"),
        ("removeTaints", "TaintsToRemove"),
    ] {
        if !given[member].is_null() {
            params.push((param, given[member].to_string()));
        }
    }
    patch["taints"] = if taints.is_empty() {
        Value::Null
    } else {
        taints.into()
    };
}

fn plan_update_config(
    given: &Value,
    params: &mut Params,
    patch: &mut Value,
) -> Result<(), ApiError> {
    if !given.is_object() {
        return Ok(());
    }
    check_update_config(given)?;
    let mut after = given.clone();
    for (member, other, param) in [
        (
            "maxUnavailable",
            "maxUnavailablePercentage",
            "MaxUnavailable",
        ),
        (
            "maxUnavailablePercentage",
            "maxUnavailable",
            "MaxUnavailablePercentage",
        ),
    ] {
        if given[member].is_number() {
            params.push((param, given[member].to_string()));
            after[other] = Value::Null;
        }
    }
    if let Some(strategy) = given["updateStrategy"].as_str() {
        params.push(("UpdateStrategy", strategy.to_owned()));
    }
    patch["updateConfig"] = after;
    Ok(())
}

/// The configuration given takes the place of the old one, so what is not given again is removed.
fn plan_repair(node_group: &Object, given: &Value, params: &mut Params, patch: &mut Value) {
    if !given.is_object() {
        return;
    }
    let mut after = Map::new();
    for key in node_group.document["nodeRepairConfig"]
        .as_object()
        .into_iter()
        .flatten()
    {
        after.insert(key.0.clone(), Value::Null);
    }
    after.extend(given.as_object().cloned().unwrap_or_default());
    params.push(("NodeRepairConfig", given.to_string()));
    patch["nodeRepairConfig"] = Value::Object(after);
}

fn plan_warm_pool(node_group: &Object, given: &Value, params: &mut Params, patch: &mut Value) {
    if !given.is_object() {
        return;
    }
    let mut wanted = match &node_group.document["warmPoolConfig"] {
        Value::Null => json!({}),
        current => current.clone(),
    };
    merge(&mut wanted, given);
    for (member, param) in [
        ("enabled", "WarmPoolEnabled"),
        (
            "maxGroupPreparedCapacity",
            "WarmPoolMaxGroupPreparedCapacity",
        ),
        ("minSize", "WarmPoolMinSize"),
        ("poolState", "WarmPoolState"),
        ("reuseOnScaleIn", "WarmPoolReuseOnScaleIn"),
    ] {
        if !given[member].is_null() {
            params.push((param, given[member].to_string().replace('"', "")));
        }
    }
    patch["warmPoolConfig"] = warm_pool_document(&wanted);
}
