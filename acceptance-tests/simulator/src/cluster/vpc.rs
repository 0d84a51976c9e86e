//! Changes of `resourcesVpcConfig`, which are of three types: endpoint access, subnets and security
//! groups, egress.

use serde_json::{Value, json};

use super::config::{Planned, no_change, strings};
use super::network;
use crate::error::ApiError;

pub(super) fn asks_endpoint(body: &Value) -> bool {
    let vpc = &body["resourcesVpcConfig"];
    [
        "endpointPublicAccess",
        "endpointPrivateAccess",
        "publicAccessCidrs",
    ]
    .iter()
    .any(|member| !vpc[*member].is_null())
}

pub(super) fn endpoint(current: &Value, body: &Value) -> Planned {
    let mut after = current["resourcesVpcConfig"].clone();
    let mut params = Vec::new();
    for (member, param) in [
        ("endpointPrivateAccess", "EndpointPrivateAccess"),
        ("endpointPublicAccess", "EndpointPublicAccess"),
        ("publicAccessCidrs", "PublicAccessCidrs"),
    ] {
        let wanted = &body["resourcesVpcConfig"][member];
        if !wanted.is_null() {
            after[member] = wanted.clone();
            params.push((param, wanted.to_string()));
        }
    }
    check_endpoints(&after)?;
    network::check_public_cidrs(&after["publicAccessCidrs"])?;
    let none = after["publicAccessCidrs"]
        .as_array()
        .is_none_or(Vec::is_empty);
    if after["endpointPublicAccess"] == true && none {
        after["publicAccessCidrs"] = json!(["0.0.0.0/0"]);
    }
    match same_access(&current["resourcesVpcConfig"], &after) {
        true => Err(at_desired_configuration(&after)),
        false => Ok((params, json!({"resourcesVpcConfig": after}))),
    }
}

/// Whether two VPC configurations let in the same callers; the order of the blocks does not matter.
fn same_access(before: &Value, after: &Value) -> bool {
    let blocks = |config: &Value| {
        let mut blocks = strings(&config["publicAccessCidrs"]);
        blocks.sort_unstable();
        blocks
    };
    let flags = |config: &Value| {
        (
            config["endpointPublicAccess"].clone(),
            config["endpointPrivateAccess"].clone(),
        )
    };
    flags(before) == flags(after) && blocks(before) == blocks(after)
}

/// Known text.
fn at_desired_configuration(config: &Value) -> ApiError {
    ApiError::invalid_parameter(format!(
        "Cluster is already at the desired configuration with endpointPrivateAccess: {} , \
         endpointPublicAccess: {}, and Public Endpoint Restrictions: [{}]",
        config["endpointPrivateAccess"],
        config["endpointPublicAccess"],
        strings(&config["publicAccessCidrs"]).join(", ")
    ))
}

/// Known text.
pub(super) fn check_endpoints(vpc: &Value) -> Result<(), ApiError> {
    let public = vpc["endpointPublicAccess"].as_bool().unwrap_or(true);
    let private = vpc["endpointPrivateAccess"].as_bool().unwrap_or(false);
    match public || private {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(
            "Both private and public endpoint access cannot be false",
        )),
    }
}

pub(super) fn asks_networks(body: &Value) -> bool {
    let vpc = &body["resourcesVpcConfig"];
    !vpc["subnetIds"].is_null() || !vpc["securityGroupIds"].is_null()
}

pub(super) fn networks(current: &Value, body: &Value) -> Planned {
    let (mut params, mut patch) = (Vec::new(), json!({}));
    for (member, param) in [
        ("subnetIds", "Subnets"),
        ("securityGroupIds", "SecurityGroups"),
    ] {
        let wanted = &body["resourcesVpcConfig"][member];
        if !wanted.is_null() {
            params.push((param, wanted.to_string()));
            patch[member] = wanted.clone();
        }
    }
    if patch["subnetIds"]
        .as_array()
        .is_some_and(|subnets| subnets.len() < 2)
    {
        let message = "Subnets specified must be in at least two different AZs";
        return Err(ApiError::invalid_parameter(message));
    }
    let sorted = |list: &Value| {
        let mut list = strings(list);
        list.sort_unstable();
        list
    };
    let mut members = patch.as_object().into_iter().flatten();
    if members.all(|(key, wanted)| sorted(wanted) == sorted(&current["resourcesVpcConfig"][key])) {
        return Err(no_change("VPC config"));
    }
    Ok((params, json!({"resourcesVpcConfig": patch})))
}

/// The API reference says that there is no way back to AWS_MANAGED; the words are a guess.
pub(super) fn egress(current: &Value, body: &Value) -> Planned {
    let before = &current["resourcesVpcConfig"]["controlPlaneEgressMode"];
    let wanted = &body["resourcesVpcConfig"]["controlPlaneEgressMode"];
    if before == wanted {
        return Err(no_change("control plane egress mode"));
    }
    if wanted == "AWS_MANAGED" {
        let message =
            format!("Unsupported control plane egress mode update from {before} to {wanted}");
        return Err(ApiError::invalid_parameter(message.replace('"', "")));
    }
    let params = vec![(
        "ControlPlaneEgressMode",
        wanted.as_str().unwrap_or_default().to_owned(),
    )];
    Ok((
        params,
        json!({"resourcesVpcConfig": {"controlPlaneEgressMode": wanted}}),
    ))
}
