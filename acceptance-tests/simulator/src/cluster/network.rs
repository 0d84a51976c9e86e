//! Addresses of a cluster: what CIDR blocks may be.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use crate::error::ApiError;

/// The private ranges of RFC 1918, first address and prefix length.
const PRIVATE: [(Ipv4Addr, u32); 3] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
];

/// An IPv4 block; none if the text is not one.
fn ipv4_block(text: &str) -> Option<(Ipv4Addr, u32)> {
    let (address, prefix) = text.split_once('/')?;
    let prefix = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
    Some((address.parse().ok()?, prefix))
}

fn is_private(address: Ipv4Addr, prefix: u32) -> bool {
    PRIVATE.iter().any(|(first, length)| {
        let mask = u32::MAX << (32 - length);
        prefix >= *length && address.to_bits() & mask == first.to_bits()
    })
}

/// Checks and completes the network configuration of a new cluster. The limits are the API
/// reference's, the words are guesses.
pub(super) fn document(config: &Value) -> Result<Value, ApiError> {
    let family = config["ipFamily"].as_str().unwrap_or("ipv4");
    let mut document = json!({
        "ipFamily": family,
        "elasticLoadBalancing": {"enabled": false},
    });
    let balancing = &config["elasticLoadBalancing"];
    crate::state::merge(
        &mut document,
        &json!({"elasticLoadBalancing": balancing_or_default(balancing)}),
    );
    match (family, config["serviceIpv4Cidr"].as_str()) {
        ("ipv6", Some(_)) => {
            return Err(ApiError::invalid_parameter(
                "serviceIpv4Cidr cannot be specified when ipFamily is ipv6",
            ));
        }
        ("ipv6", None) => document["serviceIpv6Cidr"] = "fd30:1c53:5f8a::/108".into(),
        (_, cidr) => document["serviceIpv4Cidr"] = service_cidr(cidr)?.into(),
    }
    Ok(document)
}

fn balancing_or_default(balancing: &Value) -> Value {
    if balancing.is_object() {
        balancing.clone()
    } else {
        json!({})
    }
}

/// AWS takes 10.100.0.0/16 or 172.20.0.0/16, whichever the VPC is not in; the simulator cannot see
/// the VPC.
fn service_cidr(given: Option<&str>) -> Result<String, ApiError> {
    let Some(given) = given else {
        return Ok("172.20.0.0/16".to_owned());
    };
    let fits = ipv4_block(given).is_some_and(|(address, prefix)| {
        (12..=24).contains(&prefix) && is_private(address, prefix)
    });
    match fits {
        true => Ok(given.to_owned()),
        false => Err(ApiError::invalid_parameter(format!(
            "serviceIpv4Cidr {given} must be a block between /24 and /12 within 10.0.0.0/8, \
             172.16.0.0/12 or 192.168.0.0/16"
        ))),
    }
}

/// Checks the blocks that may reach the public endpoint. The words are a guess.
pub(super) fn check_public_cidrs(cidrs: &Value) -> Result<(), ApiError> {
    for cidr in cidrs
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        let valid = ipv4_block(cidr).is_some_and(|(address, prefix)| {
            !is_private(address, prefix) && !address.is_loopback() && !address.is_multicast()
        });
        if !valid && !is_ipv6_block(cidr) {
            let message = format!("The following CIDRs are invalid in publicAccessCidrs: [{cidr}]");
            return Err(ApiError::invalid_parameter(message));
        }
    }
    Ok(())
}

fn is_ipv6_block(text: &str) -> bool {
    text.split_once('/').is_some_and(|(address, prefix)| {
        address.parse::<std::net::Ipv6Addr>().is_ok()
            && prefix.parse::<u8>().is_ok_and(|it| it <= 128)
    })
}

/// Checks the networks of hybrid nodes: RFC 1918 blocks, /32 to /8. The words are a guess.
pub(super) fn check_remote_networks(config: &Value) -> Result<(), ApiError> {
    for list in ["remoteNodeNetworks", "remotePodNetworks"] {
        let networks = config[list].as_array().into_iter().flatten();
        let cidrs = networks.flat_map(|network| network["cidrs"].as_array().into_iter().flatten());
        for cidr in cidrs.filter_map(Value::as_str) {
            if !ipv4_block(cidr).is_some_and(|(address, prefix)| is_private(address, prefix)) {
                let message = format!("CIDR {cidr} in {list} must be within an RFC 1918 range");
                return Err(ApiError::invalid_parameter(message));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_blocks_are_private_and_of_middling_size() {
        assert!(service_cidr(Some("10.0.0.0/16")).is_ok());
        assert!(service_cidr(Some("172.16.0.0/12")).is_ok());
        for cidr in [
            "10.0.0.0/8",
            "10.0.0.0/25",
            "8.8.0.0/16",
            "172.0.0.0/12",
            "10.0.0.0",
            "x/16",
        ] {
            assert!(service_cidr(Some(cidr)).is_err(), "{cidr}");
        }
    }

    #[test]
    fn the_public_endpoint_takes_public_blocks_only() {
        let check = |cidr: &str| check_public_cidrs(&json!([cidr])).is_ok();
        assert!(check("0.0.0.0/0") && check("203.0.113.5/32") && check("::/0"));
        assert!(!check("10.0.0.0/8") && !check("not-a-cidr") && !check("1.2.3.4/33"));
    }
}
