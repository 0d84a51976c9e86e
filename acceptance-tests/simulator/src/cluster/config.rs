//! UpdateClusterConfig: one type of change per call, and never a change to nothing.

use serde_json::{Value, json};

use super::{Change, auto_mode, check_updatable, logging, network, replayed, shapes, start, vpc};
use crate::call::Call;
use crate::error::ApiError;
use crate::shape::check;

/// Type, parameters and patch of an update, or why AWS refuses it.
pub(super) type Planned = Result<(Vec<(&'static str, String)>, Value), ApiError>;

/// One type of change that UpdateClusterConfig makes.
struct Aspect {
    kind: &'static str,
    /// Whether the request asks for it.
    asked: fn(&Value) -> bool,
    /// What it does to the cluster that the first value describes.
    plan: fn(&Value, &Value) -> Planned,
}

const ASPECTS: &[Aspect] = &[
    Aspect {
        kind: "LoggingUpdate",
        asked: |body| body["logging"].is_object(),
        plan: logging::plan,
    },
    Aspect {
        kind: "EndpointAccessUpdate",
        asked: vpc::asks_endpoint,
        plan: vpc::endpoint,
    },
    Aspect {
        kind: "VpcConfigUpdate",
        asked: vpc::asks_networks,
        plan: vpc::networks,
    },
    Aspect {
        kind: "ControlPlaneEgressUpdate",
        asked: |body| body["resourcesVpcConfig"]["controlPlaneEgressMode"].is_string(),
        plan: vpc::egress,
    },
    Aspect {
        kind: "AccessConfigUpdate",
        asked: |body| body["accessConfig"].is_object(),
        plan: access,
    },
    Aspect {
        kind: "UpgradePolicyUpdate",
        asked: |body| body["upgradePolicy"].is_object(),
        plan: |current, body| simple(current, body, "upgradePolicy", "UpgradePolicy"),
    },
    Aspect {
        kind: "ZonalShiftConfigUpdate",
        asked: |body| body["zonalShiftConfig"].is_object(),
        plan: |current, body| simple(current, body, "zonalShiftConfig", "ZonalShiftConfig"),
    },
    Aspect {
        kind: "AutoModeUpdate",
        asked: asks_auto_mode,
        plan: auto,
    },
    Aspect {
        kind: "RemoteNetworkConfigUpdate",
        asked: |body| body["remoteNetworkConfig"].is_object(),
        plan: remote_networks,
    },
    Aspect {
        kind: "DeletionProtectionUpdate",
        asked: |body| body["deletionProtection"].is_boolean(),
        plan: |current, body| simple(current, body, "deletionProtection", "DeletionProtection"),
    },
    Aspect {
        kind: "ControlPlaneScalingConfigUpdate",
        asked: |body| body["controlPlaneScalingConfig"].is_object(),
        plan: scaling,
    },
    Aspect {
        kind: "ControlPlaneComponentConfigUpdate",
        asked: |body| {
            COMPONENTS
                .iter()
                .any(|(member, _)| body[*member].is_object())
        },
        plan: components,
    },
];

const COMPONENTS: [(&str, &str); 3] = [
    ("kubeApiServerConfig", "KubeApiServerConfig"),
    ("kubeSchedulerConfig", "KubeSchedulerConfig"),
    ("kubeControllerManagerConfig", "KubeControllerManagerConfig"),
];

pub(super) fn update_config(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    check(shapes::UPDATE_CLUSTER_CONFIG, &call.body)?;
    if let Some(answer) = replayed(call, "UpdateClusterConfig", &name)? {
        return Ok(answer);
    }
    let body = call.body.clone();
    let aspect = only_aspect(&body)?;
    let cluster = call.region().cluster(&name)?;
    check_updatable(cluster, aspect.kind)?;
    let (params, patch) = (aspect.plan)(&cluster.document, &body)?;
    let change = Change {
        operation: "UpdateClusterConfig",
        kind: aspect.kind,
        params,
        patch,
    };
    start(call, &name, change)
}

/// Known texts.
fn only_aspect(body: &Value) -> Result<&'static Aspect, ApiError> {
    let mut asked = ASPECTS.iter().filter(|aspect| (aspect.asked)(body));
    match (asked.next(), asked.next()) {
        (Some(aspect), None) => Ok(aspect),
        (Some(_), Some(_)) => Err(ApiError::invalid_parameter(
            "Only one type of update can be allowed.",
        )),
        (None, _) => Err(no_type()),
    }
}

/// Known text.
pub(super) fn no_type() -> ApiError {
    ApiError::invalid_parameter("The type for cluster update was not provided.")
}

/// A guess, worded after the known sentence about logging.
pub(super) fn no_change(what: &str) -> ApiError {
    ApiError::invalid_parameter(format!("No changes needed for the {what} provided"))
}

/// The strings of a list, in order.
pub(super) fn strings(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A member that is taken over as it is.
fn simple(current: &Value, body: &Value, member: &'static str, param: &'static str) -> Planned {
    let wanted = &body[member];
    if current[member] == *wanted {
        return Err(no_change(member));
    }
    Ok((vec![(param, wanted.to_string())], json!({member: wanted})))
}

/// Known texts: "Unsupported authentication mode update from CONFIG_MAP to API", and the same for
/// no change.
fn access(current: &Value, body: &Value) -> Planned {
    let before = current["accessConfig"]["authenticationMode"]
        .as_str()
        .unwrap_or_default();
    let wanted = body["accessConfig"]["authenticationMode"]
        .as_str()
        .ok_or_else(no_type)?;
    match (before, wanted) {
        ("CONFIG_MAP", "API_AND_CONFIG_MAP") | ("API_AND_CONFIG_MAP", "API") => {
            // The quotes in the value are from memory of such answers, not from a captured one.
            let params = vec![("AuthenticationMode", format!("{wanted:?}"))];
            Ok((
                params,
                json!({"accessConfig": {"authenticationMode": wanted}}),
            ))
        }
        _ => Err(ApiError::invalid_parameter(format!(
            "Unsupported authentication mode update from {before} to {wanted}"
        ))),
    }
}

/// The network configuration can be updated for Auto Mode only, whatever else it names.
fn asks_auto_mode(body: &Value) -> bool {
    ["computeConfig", "storageConfig", "kubernetesNetworkConfig"]
        .iter()
        .any(|member| body[*member].is_object())
}

fn auto(current: &Value, body: &Value) -> Planned {
    let patch = auto_mode::update(current, body)?;
    let params = [
        ("computeConfig", "ComputeConfig"),
        ("storageConfig", "StorageConfig"),
        ("kubernetesNetworkConfig", "KubernetesNetworkConfig"),
    ];
    let given = params
        .into_iter()
        .filter(|(member, _)| body[*member].is_object());
    Ok((
        given
            .map(|(member, param)| (param, body[member].to_string()))
            .collect(),
        patch,
    ))
}

/// Two empty lists remove the configuration, says the API reference.
fn remote_networks(current: &Value, body: &Value) -> Planned {
    let wanted = &body["remoteNetworkConfig"];
    network::check_remote_networks(wanted)?;
    if current["remoteNetworkConfig"] == *wanted {
        return Err(no_change("remote network config"));
    }
    let params = vec![("RemoteNetworkConfig", wanted.to_string())];
    let empty = |list: &str| wanted[list].as_array().is_some_and(Vec::is_empty);
    let removed = empty("remoteNodeNetworks") && empty("remotePodNetworks");
    let patch = if removed { Value::Null } else { wanted.clone() };
    Ok((params, json!({"remoteNetworkConfig": patch})))
}

fn scaling(current: &Value, body: &Value) -> Planned {
    let wanted = &body["controlPlaneScalingConfig"];
    let before = &current["controlPlaneScalingConfig"];
    if before == wanted {
        return Err(no_change("control plane scaling config"));
    }
    let tier = |config: &Value| config["tier"].as_str().unwrap_or_default().to_owned();
    let params = vec![
        ("UpdatedTier", tier(wanted)),
        ("PreviousTier", tier(before)),
    ];
    Ok((params, json!({"controlPlaneScalingConfig": wanted})))
}

fn components(current: &Value, body: &Value) -> Planned {
    let (mut params, mut patch) = (Vec::new(), json!({}));
    for (member, param) in COMPONENTS {
        if body[member].is_object() {
            params.push((param, body[member].to_string()));
            patch[member] = body[member].clone();
        }
    }
    let mut after = current.clone();
    crate::state::merge(&mut after, &patch);
    match after == *current {
        true => Err(no_change("control plane component config")),
        false => Ok((params, patch)),
    }
}
