//! EKS Auto Mode: three switches in three places that have to agree.

use serde_json::{Map, Value, json};

use crate::error::ApiError;

/// What a request says about Auto Mode; none where it says nothing.
struct Switches {
    compute: Option<bool>,
    load_balancing: Option<bool>,
    block_storage: Option<bool>,
}

impl Switches {
    fn of(body: &Value) -> Self {
        Switches {
            compute: body["computeConfig"]["enabled"].as_bool(),
            load_balancing: body["kubernetesNetworkConfig"]["elasticLoadBalancing"]["enabled"]
                .as_bool(),
            block_storage: body["storageConfig"]["blockStorage"]["enabled"].as_bool(),
        }
    }

    fn all(&self) -> Option<bool> {
        let compute = self.compute?;
        let agree = [self.load_balancing?, self.block_storage?] == [compute, compute];
        agree.then_some(compute)
    }
}

/// Whether the cluster that a document describes runs in Auto Mode.
pub(super) fn is_on(document: &Value) -> bool {
    Switches::of(document).all() == Some(true)
}

/// Checks a CreateCluster request. That the switches must agree is known, the words are a guess.
pub(super) fn check_create(body: &Value) -> Result<(), ApiError> {
    let said = Switches::of(body);
    let on = |switch: Option<bool>| switch.unwrap_or(false);
    let (compute, others) = (
        on(said.compute),
        [on(said.load_balancing), on(said.block_storage)],
    );
    if others != [compute, compute] {
        return Err(must_agree());
    }
    check_node_pools(body)?;
    if compute && body["bootstrapSelfManagedAddons"] != false {
        return Err(ApiError::invalid_parameter(
            "bootstrapSelfManagedAddons must be false when EKS Auto Mode is enabled",
        ));
    }
    if compute && !matches!(mode(body), Some("API" | "API_AND_CONFIG_MAP")) {
        return Err(ApiError::invalid_parameter(
            "EKS Auto Mode requires the authentication mode API or API_AND_CONFIG_MAP",
        ));
    }
    Ok(())
}

fn mode(body: &Value) -> Option<&str> {
    body["accessConfig"]["authenticationMode"].as_str()
}

fn must_agree() -> ApiError {
    ApiError::invalid_parameter(
        "For EKS Auto Mode, computeConfig, kubernetesNetworkConfig.elasticLoadBalancing and \
         storageConfig.blockStorage must all be enabled or all be disabled",
    )
}

fn check_node_pools(body: &Value) -> Result<(), ApiError> {
    let config = &body["computeConfig"];
    let pools: Vec<&str> = texts(&config["nodePools"]);
    if let Some(pool) = pools
        .iter()
        .find(|pool| !["general-purpose", "system"].contains(pool))
    {
        let message = format!("Node pool {pool} is not one of general-purpose, system");
        return Err(ApiError::invalid_parameter(message));
    }
    match pools.is_empty() || config["nodeRoleArn"].is_string() {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(
            "nodeRoleArn is required in computeConfig when nodePools are given",
        )),
    }
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// The members of DescribeCluster that follow from a CreateCluster request. Storage and compute are
/// answered only once they have been asked for; load balancing always is. (Reported for both kinds
/// of clusters.)
pub(super) fn document(body: &Value) -> Map<String, Value> {
    let mut document = Map::new();
    if let Some(compute) = body.get("computeConfig").filter(|config| !config.is_null()) {
        document.insert("computeConfig".to_owned(), compute_document(compute));
    }
    if let Some(storage) = body.get("storageConfig").filter(|config| !config.is_null()) {
        document.insert("storageConfig".to_owned(), storage.clone());
    }
    document
}

fn compute_document(config: &Value) -> Value {
    let mut document = json!({
        "enabled": config["enabled"].as_bool().unwrap_or(false),
        "nodePools": texts(&config["nodePools"]),
    });
    if config["nodeRoleArn"].is_string() {
        document["nodeRoleArn"] = config["nodeRoleArn"].clone();
    }
    document
}

/// The patch for an UpdateClusterConfig request about Auto Mode.
///
/// Known texts: a request without all three switches gets "The type for cluster update was not
/// provided."; switching off what is not on gets "Cannot modify EKS Auto Mode configuration. Auto
/// Mode is not enabled on this cluster."
pub(super) fn update(current: &Value, body: &Value) -> Result<Value, ApiError> {
    let gateway = &body["kubernetesNetworkConfig"]["elasticLoadBalancing"]["gatewayApi"];
    let said = Switches::of(body);
    let complete =
        said.compute.is_some() && said.load_balancing.is_some() && said.block_storage.is_some();
    if !complete && (gateway.is_null() || !is_on(current)) {
        return Err(super::config::no_type());
    }
    if complete && said.all().is_none() {
        return Err(must_agree());
    }
    if said.all() == Some(false) && !is_on(current) {
        return Err(ApiError::invalid_request(
            "Cannot modify EKS Auto Mode configuration. Auto Mode is not enabled on this cluster.",
        ));
    }
    check_node_pools(body)?;
    check_role(current, body)?;
    Ok(patch(body))
}

/// The role can be set and unset, not changed: the API reference says so, the words are a guess.
fn check_role(current: &Value, body: &Value) -> Result<(), ApiError> {
    let old = current["computeConfig"]["nodeRoleArn"].as_str();
    let new = body["computeConfig"]["nodeRoleArn"].as_str();
    match (old, new) {
        (Some(old), Some(new)) if old != new && is_on(current) => Err(ApiError::invalid_parameter(
            "nodeRoleArn cannot be changed once EKS Auto Mode is enabled",
        )),
        _ => Ok(()),
    }
}

fn patch(body: &Value) -> Value {
    let mut patch = json!({});
    if body["computeConfig"].is_object() {
        let mut compute = compute_document(&body["computeConfig"]);
        // A role that is not given again is removed, which null does in a merge patch.
        compute["nodeRoleArn"] = body["computeConfig"]["nodeRoleArn"].clone();
        patch["computeConfig"] = compute;
    }
    if body["storageConfig"].is_object() {
        patch["storageConfig"] = body["storageConfig"].clone();
    }
    let balancing = &body["kubernetesNetworkConfig"]["elasticLoadBalancing"];
    if balancing.is_object() {
        patch["kubernetesNetworkConfig"] = json!({"elasticLoadBalancing": balancing});
    }
    patch
}
