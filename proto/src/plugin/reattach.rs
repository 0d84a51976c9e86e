//! How a CLI finds a provider that a human started: the variable `TF_REATTACH_PROVIDERS`. The same parser reads it in
//! Terraform and OpenTofu. It must not know how the provider is served.

use serde_json::json;

use super::handshake::PROTOCOL;
use super::listen::Address;

/// `namespace/name` resolves to another host in each CLI, and the key must be the resolved address.
const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// The text for the user's terminal.
pub(super) fn instructions(source: &str, address: &Address, pid: u32) -> String {
    let value = variable(source, address, pid);
    format!(
        "The provider is running. Set this variable where terraform or tofu runs, and they will use it:\n\n\
         \tTF_REATTACH_PROVIDERS='{value}'\n\n\
         Stop it with Ctrl-C.\n"
    )
}

fn variable(source: &str, address: &Address, pid: u32) -> serde_json::Value {
    // Test: the CLI neither shuts a provider down nor kills it that it did not start.
    let attachment = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL,
        "Pid": pid,
        "Test": true,
        "Addr": {"Network": address.network(), "String": address.to_string()},
    });
    REGISTRIES
        .iter()
        .map(|host| (format!("{host}/{source}"), attachment.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_provider_as_either_cli_resolves_it() {
        let value = variable("acme/eks", &Address::Unix("/tmp/s".into()), 7);
        let attachment = json!({
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": 7, "Test": true,
            "Addr": {"Network": "unix", "String": "/tmp/s"},
        });
        assert_eq!(
            value,
            json!({
                "registry.terraform.io/acme/eks": attachment,
                "registry.opentofu.org/acme/eks": attachment,
            })
        );
    }
}
