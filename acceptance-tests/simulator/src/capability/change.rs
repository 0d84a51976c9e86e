//! UpdateCapability: an update to be read by DescribeUpdate, after which the change is there.

use serde_json::{Value, json};

use super::create::check_configuration;
use super::shapes;
use crate::call::Call;
use crate::cluster::Cluster;
use crate::error::ApiError;
use crate::kind::Kind;
use crate::object::{Change, Object, Phase, start_update};
use crate::shape::check;

type Params = Vec<(&'static str, String)>;

pub(super) fn update(call: &mut Call) -> Result<Value, ApiError> {
    check(shapes::UPDATE, &call.body)?;
    let (cluster, body) = (call.path("name"), call.body.clone());
    let key = call.key(Kind::Capability);
    let found = call.region().cluster(&cluster)?;
    let capability = found.object(&key)?;
    if let Some(answer) = capability.replays.find("UpdateCapability", &body) {
        return Ok(answer);
    }
    let capability = &found.objects[&key];
    check_updatable(found, capability)?;
    let kind = capability.document["type"].as_str().unwrap_or_default();
    check_configuration(kind, &body)?;
    let (params, patch) = plan(capability, &body);
    if patch == json!({}) {
        // The words are a guess.
        let message = "At least one of roleArn, configuration and deletePropagationPolicy must be \
                       specified";
        return Err(ApiError::invalid_parameter(message));
    }
    let change = Change::merging("UpdateCapability", "CapabilityUpdate", params, patch);
    let millis = call.world.timings.object_update;
    start_update(call, &cluster, &key, change, millis)
}

/// The exception is in the model, the words are a guess. That a degraded capability can be updated
/// is one, too, after node groups.
fn check_updatable(cluster: &Cluster, capability: &Object) -> Result<(), ApiError> {
    match capability.phase {
        Phase::Active | Phase::Degraded if !capability.is_updating(cluster) => Ok(()),
        _ => Err(ApiError::in_use(format!(
            "Capability {} cannot be updated as it is currently in {} status",
            capability.key.name,
            capability.status(cluster)
        ))),
    }
}

/// The parameters of the update, and what it merges into the document. The types of parameters are
/// those of the model; that their values are JSON is a guess.
fn plan(capability: &Object, body: &Value) -> (Params, Value) {
    let (mut params, mut patch) = (Vec::new(), json!({}));
    if let Some(role) = body["roleArn"].as_str() {
        params.push(("RoleArn", role.to_owned()));
        patch["roleArn"] = role.into();
    }
    if body["deletePropagationPolicy"].is_string() {
        patch["deletePropagationPolicy"] = body["deletePropagationPolicy"].clone();
    }
    let given = &body["configuration"];
    plan_role_mappings(capability, &given["argoCd"], &mut params, &mut patch);
    let access = &given["argoCd"]["networkAccess"];
    if access.is_object() {
        params.push(("NetworkAccess", access.to_string()));
        patch["configuration"]["argoCd"]["networkAccess"] = access.clone();
    }
    let members = [
        ("enableCrossNamespace", "EnableCrossNamespace"),
        ("disabledServices", "DisabledServices"),
    ];
    for (member, param) in members {
        let value = &given["ack"][member];
        if !value.is_null() {
            params.push((param, value.to_string()));
            patch["configuration"]["ack"][member] = value.clone();
        }
    }
    (params, patch)
}

/// Removes identities first, as a client that replaces a role's identities sends both lists. A
/// mapping that is there already gets the new identities instead of its own: "it will be updated
/// with the new identities", which could be read otherwise.
fn plan_role_mappings(
    capability: &Object,
    argo_cd: &Value,
    params: &mut Params,
    patch: &mut Value,
) {
    let lists = [
        ("addOrUpdateRoleMappings", "RoleMappingsToAddOrUpdate"),
        ("removeRoleMappings", "RoleMappingsToRemove"),
    ];
    let given = &argo_cd["rbacRoleMappings"];
    let [set, remove] = lists.map(|(member, param)| {
        let list = given[member].as_array().cloned().unwrap_or_default();
        if !list.is_empty() {
            params.push((param, given[member].to_string()));
        }
        list
    });
    if set.is_empty() && remove.is_empty() {
        return;
    }
    let before = &capability.document["configuration"]["argoCd"]["rbacRoleMappings"];
    let mut mappings = before.as_array().cloned().unwrap_or_default();
    remove
        .iter()
        .for_each(|gone| drop_identities(&mut mappings, gone));
    for mapping in set {
        mappings.retain(|other| other["role"] != mapping["role"]);
        mappings.push(mapping);
    }
    patch["configuration"]["argoCd"]["rbacRoleMappings"] = mappings.into();
}

/// Takes identities from their role, and the mapping away when none is left.
fn drop_identities(mappings: &mut Vec<Value>, gone: &Value) {
    let gone_identities = gone["identities"].as_array();
    let is_gone = |identity: &Value| gone_identities.is_some_and(|gone| gone.contains(identity));
    mappings.retain_mut(|mapping| {
        if mapping["role"] != gone["role"] {
            return true;
        }
        let identities = mapping["identities"].as_array_mut();
        identities.is_some_and(|identities| {
            identities.retain(|identity| !is_gone(identity));
            !identities.is_empty()
        })
    });
}
