//! Rules over several attributes of a configuration, each with the attribute to fix.
//!
//! An unknown value means "cannot say yet". Rules that need the prior state are in `plan`, and so are those over what is
//! commonly in `ignore_changes`: Terraform has the configuration checked before it puts in what the state says.

use ipnet::Ipv4Net;
use tfplugin_rs::tf::{Diagnostics, Path, Value};

/// The three switches of EKS Auto Mode; the first decides.
const AUTO_MODE: [&str; 3] = [
    "compute_config[0].enabled",
    "storage_config[0].block_storage[0].enabled",
    "kubernetes_network_config[0].elastic_load_balancing[0].enabled",
];

pub(super) fn check(config: &Value, found: &mut Diagnostics) {
    endpoints(config, found);
    subnets(config, found);
    outposts(config, found);
    auto_mode_agrees(config, found);
    auto_mode_needs(config, found);
    service_addresses(config, found);
    node_ports(config, found);
}

/// A boolean with its default; `None` while it is unknown.
fn flag(config: &Value, path: &str, default: bool) -> Option<bool> {
    match config.at(path) {
        Value::Null => Some(default),
        value => value.as_bool(),
    }
}

fn endpoints(config: &Value, found: &mut Diagnostics) {
    let private = flag(config, "vpc_config[0].endpoint_private_access", false);
    let public = flag(config, "vpc_config[0].endpoint_public_access", true);
    if (private, public) == (Some(false), Some(false)) {
        found.error(
            "vpc_config[0].endpoint_private_access",
            "Nobody could reach the API server",
            "endpoint_public_access is off, so endpoint_private_access must be true: EKS wants at least one of the two.",
        );
    }
    let cidrs = config.at("vpc_config[0].public_access_cidrs");
    if public == Some(true) && cidrs.is_empty() {
        found.error(
            "vpc_config[0].public_access_cidrs",
            "No CIDR blocks for the public endpoint",
            "An empty set would let AWS open the endpoint to 0.0.0.0/0. Name the blocks that may reach it, or set \
             endpoint_public_access = false.",
        );
    }
}

fn subnets(config: &Value, found: &mut Diagnostics) {
    let subnets = config.at("vpc_config[0].subnet_ids");
    let is_local =
        !config.get("outpost_config").is_null() && !config.get("outpost_config").is_empty();
    if subnets.is_wholly_known() && subnets.len() == 1 && !is_local {
        found.error(
            "vpc_config[0].subnet_ids",
            "One subnet is not enough",
            "EKS wants subnets in at least two Availability Zones, got one subnet. Add one of another zone.",
        );
    }
}

fn outposts(config: &Value, found: &mut Diagnostics) {
    if !config.get("outpost_config").is_set() {
        return;
    }
    for block in [
        "encryption_config",
        "kubernetes_network_config",
        "remote_network_config",
    ] {
        if config.get(block).is_set() {
            found.error(
                block,
                format!("{block} does not go with outpost_config"),
                format!(
                    "Local clusters on Outposts do not have it. Remove {block} or outpost_config."
                ),
            );
        }
    }
}

fn auto_mode_agrees(config: &Value, found: &mut Diagnostics) {
    let Some(compute) = flag(config, AUTO_MODE[0], false) else {
        return;
    };
    for path in &AUTO_MODE[1..] {
        if flag(config, path, false).is_none_or(|enabled| enabled == compute) {
            continue;
        }
        let (block, rest) = path.split_once("[0].").unwrap_or((path, ""));
        let dotted = format!("{block}.{}", rest.replace("[0]", ""));
        found.error(
            existing(config, path),
            "EKS Auto Mode is half on",
            format!(
                "compute_config.enabled is {compute}, so {dotted} must be {compute}, too: EKS switches compute, block \
                 storage and load balancing on and off together. A block that is absent means false."
            ),
        );
    }
}

/// The path, or the part of it that the configuration has: the user is shown the block to complete.
fn existing(config: &Value, path: &str) -> Path {
    let is_there = |end: usize| !config.at(&path[..end]).is_null();
    let ends = path
        .match_indices('.')
        .map(|(end, _)| end)
        .chain([path.len()]);
    let end = ends.take_while(|end| is_there(*end)).last();
    Path::parse(end.map_or("compute_config", |end| &path[..end]))
}

fn auto_mode_needs(config: &Value, found: &mut Diagnostics) {
    let enabled = flag(config, AUTO_MODE[0], false);
    let compute = config.at("compute_config[0]");
    if enabled == Some(true)
        && compute.get("node_pools").is_set()
        && compute.get("node_role_arn").is_null()
    {
        found.error(
            "compute_config[0].node_pools",
            "Node pools need a role",
            "The nodes of built-in node pools need an IAM role: set node_role_arn, or leave out node_pools.",
        );
    }
    let managed =
        "kubernetes_network_config[0].elastic_load_balancing[0].gateway_api[0].crds[0].managed";
    if enabled == Some(false) && config.at(managed).as_bool() == Some(true) {
        found.error(
            managed,
            "Gateway API needs EKS Auto Mode",
            "EKS manages the Gateway API only in EKS Auto Mode: set compute_config.enabled and its companions to true, \
             or leave out gateway_api.",
        );
    }
}

fn service_addresses(config: &Value, found: &mut Diagnostics) {
    let network = config.at("kubernetes_network_config[0]");
    let is_ipv6 = network.get("ip_family").as_str() == Some("ipv6");
    let cidr = network.get("service_ipv4_cidr").as_str();
    if is_ipv6 && cidr.and_then(|cidr| cidr.parse::<Ipv4Net>().ok()).is_some() {
        found.error(
            "kubernetes_network_config[0].service_ipv4_cidr",
            "No IPv4 services in an IPv6 cluster",
            "With ip_family = \"ipv6\" EKS chooses the addresses of services: leave out service_ipv4_cidr.",
        );
    }
}

fn node_ports(config: &Value, found: &mut Diagnostics) {
    let range = config.at("kube_api_server_config[0].service_node_port_range[0]");
    let (min, max) = (range.get("min_port"), range.get("max_port"));
    if let (Some(min), Some(max)) = (min.as_i64(), max.as_i64())
        && min > max
    {
        found.error(
            "kube_api_server_config[0].service_node_port_range[0].max_port",
            "Empty port range",
            format!("max_port must be at least min_port, which is {min}, got {max}."),
        );
    }
    // The members are plain numbers in the API: what is left out would be sent as 0.
    for (name, value) in [("min_port", min), ("max_port", max)] {
        if !range.is_null() && !range.is_unknown() && value.is_null() {
            found.error(
                "kube_api_server_config[0].service_node_port_range",
                "Half a port range",
                format!("A range has two ends: add {name}."),
            );
        }
    }
}
