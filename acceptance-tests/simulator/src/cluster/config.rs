//! UpdateClusterConfig and AssociateEncryptionConfig: one type of change per call, and never a change to nothing.

use serde_json::{Value, json};

use super::{Change, auto_mode, check_updatable, network, replayed, shapes, start};
use crate::error::ApiError;
use crate::http::Call;
use crate::shape::check;

/// Type, parameters and patch of an update, or why AWS refuses it.
type Planned = Result<(Vec<(&'static str, String)>, Value), ApiError>;

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
        plan: logging,
    },
    Aspect {
        kind: "EndpointAccessUpdate",
        asked: asks_endpoint,
        plan: endpoint,
    },
    Aspect {
        kind: "VpcConfigUpdate",
        asked: asks_vpc,
        plan: vpc,
    },
    Aspect {
        kind: "ControlPlaneEgressUpdate",
        asked: |body| body["resourcesVpcConfig"]["controlPlaneEgressMode"].is_string(),
        plan: egress,
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
fn no_change(what: &str) -> ApiError {
    ApiError::invalid_parameter(format!("No changes needed for the {what} provided"))
}

/// A member that is taken over as it is.
fn simple(current: &Value, body: &Value, member: &'static str, param: &'static str) -> Planned {
    let wanted = &body[member];
    if current[member] == *wanted {
        return Err(no_change(member));
    }
    Ok((vec![(param, wanted.to_string())], json!({member: wanted})))
}

fn logging(current: &Value, body: &Value) -> Planned {
    let before = enabled_log_types(&[], &current["logging"]);
    let after = enabled_log_types(&before, &body["logging"]);
    if before == after {
        // Known text.
        return Err(no_change("logging config"));
    }
    let params = vec![("ClusterLogging", body["logging"].to_string())];
    Ok((params, json!({"logging": logging_document(&after)})))
}

/// The log types that are on after a request, in the order of the service model.
pub(super) fn enabled_log_types(before: &[&'static str], logging: &Value) -> Vec<&'static str> {
    let setups = logging["clusterLogging"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named = |kind: &str, enabled: bool| {
        setups.iter().any(|setup| {
            let types = setup["types"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            setup["enabled"] == enabled && types.iter().any(|it| it == kind)
        })
    };
    let on = |kind: &&str| named(kind, true) || (before.contains(kind) && !named(kind, false));
    shapes::LOG_TYPES.iter().copied().filter(on).collect()
}

/// Known: one entry with what is on, one with what is off, and no entry for nothing.
pub(super) fn logging_document(enabled: &[&str]) -> Value {
    let off: Vec<&&str> = shapes::LOG_TYPES
        .iter()
        .filter(|kind| !enabled.contains(kind))
        .collect();
    let mut setups = Vec::new();
    if !enabled.is_empty() {
        setups.push(json!({"types": enabled, "enabled": true}));
    }
    if !off.is_empty() {
        setups.push(json!({"types": off, "enabled": false}));
    }
    json!({"clusterLogging": setups})
}

fn asks_endpoint(body: &Value) -> bool {
    let vpc = &body["resourcesVpcConfig"];
    [
        "endpointPublicAccess",
        "endpointPrivateAccess",
        "publicAccessCidrs",
    ]
    .iter()
    .any(|member| !vpc[*member].is_null())
}

fn endpoint(current: &Value, body: &Value) -> Planned {
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
        "Cluster is already at the desired configuration with endpointPrivateAccess: {} , endpointPublicAccess: {}, \
         and Public Endpoint Restrictions: [{}]",
        config["endpointPrivateAccess"],
        config["endpointPublicAccess"],
        strings(&config["publicAccessCidrs"]).join(", ")
    ))
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Known text.
pub(super) fn check_endpoints(vpc: &Value) -> Result<(), ApiError> {
    let public = vpc["endpointPublicAccess"].as_bool().unwrap_or(true);
    let private = vpc["endpointPrivateAccess"].as_bool().unwrap_or(false);
    match public || private {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(
            "Private and public endpoint access cannot be false",
        )),
    }
}

fn asks_vpc(body: &Value) -> bool {
    let vpc = &body["resourcesVpcConfig"];
    !vpc["subnetIds"].is_null() || !vpc["securityGroupIds"].is_null()
}

fn vpc(current: &Value, body: &Value) -> Planned {
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
fn egress(current: &Value, body: &Value) -> Planned {
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

/// Known texts: "Unsupported authentication mode update from CONFIG_MAP to API", and the same for no change.
fn access(current: &Value, body: &Value) -> Planned {
    let before = current["accessConfig"]["authenticationMode"]
        .as_str()
        .unwrap_or_default();
    let wanted = body["accessConfig"]["authenticationMode"]
        .as_str()
        .ok_or_else(no_type)?;
    match (before, wanted) {
        ("CONFIG_MAP", "API_AND_CONFIG_MAP") | ("API_AND_CONFIG_MAP", "API") => {
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

/// Checks a list of encryption configurations, which may be absent. The words are guesses.
pub(super) fn check_encryption(list: &Value) -> Result<(), ApiError> {
    for config in list.as_array().into_iter().flatten() {
        if strings(&config["resources"]) != ["secrets"] {
            let message = "The only supported resource in encryptionConfig is secrets";
            return Err(ApiError::invalid_parameter(message));
        }
        if config["provider"]["keyArn"]
            .as_str()
            .is_none_or(str::is_empty)
        {
            let message = "encryptionConfig must name the keyArn of its provider";
            return Err(ApiError::invalid_parameter(message));
        }
    }
    Ok(())
}

pub(super) fn associate_encryption_config(call: &mut Call) -> Result<Value, ApiError> {
    let name = call.path("name");
    check(shapes::ASSOCIATE_ENCRYPTION_CONFIG, &call.body)?;
    if let Some(answer) = replayed(call, "AssociateEncryptionConfig", &name)? {
        return Ok(answer);
    }
    let wanted = call.body["encryptionConfig"].clone();
    check_encryption(&wanted)?;
    let cluster = call.region().cluster(&name)?;
    check_updatable(cluster, "AssociateEncryptionConfig")?;
    if !cluster.document["encryptionConfig"].is_null() {
        // That it cannot be changed is documented, the exception and its words are guesses.
        let message = format!("Cluster {name} already has an encryption configuration");
        return Err(ApiError::invalid_request(message));
    }
    let change = Change {
        operation: "AssociateEncryptionConfig",
        kind: "AssociateEncryptionConfig",
        params: vec![("EncryptionConfig", wanted.to_string())],
        patch: json!({"encryptionConfig": wanted}),
    };
    start(call, &name, change)
}
