//! Simulated AWS for a person's own configurations: one account with roles and a network, and what a shell has to know.
//!
//! Knows how to start it all and what to export, not how to tell a person.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context, Result};
use eks_simulator::{DEFAULT_ACCOUNT, Options, Simulator};
use serde_json::json;

use crate::aws::Account;
use crate::moto::{ManagedPolicies, Moto};
use crate::provider::{Endpoints, Provider};
use crate::simulated_aws::{Prerequisites, REGION};
use crate::workspace::settings;

/// Running services, which end when the value is dropped or this process ends.
pub struct Playground {
    simulator: Simulator,
    moto: Moto,
    account: Account,
    ground: Prerequisites,
    cli_configuration: PathBuf,
}

impl Playground {
    /// Starts EKS on `port` and the other services on the port after it; on free ones with 0.
    pub fn start(port: u16) -> Result<Self> {
        let next = match port {
            0 => 0,
            port => port.checked_add(1).context("there is no port after it")?,
        };
        // moto would only say so in a traceback.
        require_free(next)?;
        let options = Options {
            port,
            ..Options::default()
        };
        let simulator = Simulator::start(options).with_context(|| cannot_listen(port))?;
        let moto = Moto::at(next, ManagedPolicies::Loaded)?;
        // A key of which moto knows nothing means its default account; for the simulator the key is the account.
        let account = Account::of_key(moto.endpoint(), REGION, DEFAULT_ACCOUNT, DEFAULT_ACCOUNT);
        Ok(Self {
            ground: Prerequisites::make(&account)?,
            cli_configuration: write_cli_configuration()?,
            simulator,
            moto,
            account,
        })
    }

    /// Where the services are.
    pub fn endpoints(&self) -> Endpoints {
        Endpoints {
            eks: self.simulator.endpoint(),
            others: self.moto.endpoint().to_owned(),
        }
    }

    /// The variables with which a command line meets these services, in any directory; and as variables of a
    /// configuration what is in the account.
    pub fn variables(&self) -> Vec<(String, String)> {
        let Endpoints { eks, others } = self.endpoints();
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut variables = vec![
            set(
                "TF_CLI_CONFIG_FILE",
                &self.cli_configuration.to_string_lossy(),
            ),
            set("AWS_ENDPOINT_URL_EKS", &eks),
            set("AWS_ENDPOINT_URL", &others),
            set("AWS_REGION", &self.account.region),
        ];
        variables.extend(settings(&self.account));
        let subnet_ids = json!(self.ground.network.subnet_ids).to_string();
        variables.extend([
            set("TF_VAR_cluster_role_arn", &self.ground.cluster_role_arn),
            set("TF_VAR_node_role_arn", &self.ground.node_role_arn),
            set("TF_VAR_subnet_ids", &subnet_ids),
        ]);
        variables
    }
}

/// Beside the program, so that a shell stays valid when all is started again on the same port.
fn write_cli_configuration() -> Result<PathBuf> {
    let path = env::current_exe()?.with_file_name("simulated.tfrc");
    let configuration = Provider::ours()?.cli_configuration(None);
    fs::write(&path, configuration).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn require_free(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map(drop)
        .with_context(|| cannot_listen(port))
}

fn cannot_listen(port: u16) -> String {
    format!("cannot listen on port {port} of 127.0.0.1; choose another one")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken() -> (TcpListener, u16) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    #[test]
    fn a_taken_port_is_named() {
        let (_listener, port) = taken();
        for first in [port, port - 1] {
            let error = Playground::start(first).err().unwrap();
            let text = format!("{error:#}");
            let expected = format!("cannot listen on port {port} of 127.0.0.1; choose another one");
            assert!(text.starts_with(&expected), "{text}");
        }
    }
}
