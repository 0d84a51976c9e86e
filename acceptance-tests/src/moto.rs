//! The moto server: simulated IAM, EC2, STS, KMS and Auto Scaling.
//!
//! One server serves all tests of a process; each test works in an account of its own.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Result, anyhow};

use crate::aws::Account;
use crate::server::{Program, Server};

const MOTO: Program = Program {
    name: "moto",
    requirements: include_str!("../moto/requirements.txt"),
    script: include_str!("../moto/serve.py"),
};

/// Whether IAM knows the policies that AWS manages, such as `AmazonEKSClusterPolicy`.
///
/// Loading them costs a second for every account, because moto makes 1,300 policies when an account first uses IAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagedPolicies {
    /// Attaching one answers NoSuchEntity.
    Absent,
    /// As in AWS.
    Loaded,
}

/// A running moto server.
pub struct Moto {
    server: Server,
    accounts: AtomicU64,
}

impl Moto {
    /// The server that the tests of this process share, started when first asked for.
    pub fn shared(policies: ManagedPolicies) -> Result<&'static Self> {
        static ABSENT: OnceLock<Result<Moto, String>> = OnceLock::new();
        static LOADED: OnceLock<Result<Moto, String>> = OnceLock::new();
        let server = match policies {
            ManagedPolicies::Absent => &ABSENT,
            ManagedPolicies::Loaded => &LOADED,
        };
        server
            .get_or_init(|| Self::start(policies).map_err(|error| format!("{error:#}")))
            .as_ref()
            .map_err(|error| anyhow!("{error}"))
    }

    /// Starts a server on a free port, which ends when the value is dropped or this process ends.
    pub fn start(policies: ManagedPolicies) -> Result<Self> {
        Self::at(0, policies)
    }

    /// The same on a port that is free, as the caller has made sure.
    pub(crate) fn at(port: u16, policies: ManagedPolicies) -> Result<Self> {
        let loaded = (policies == ManagedPolicies::Loaded).to_string();
        let variables = [
            ("MOTO_IAM_LOAD_MANAGED_POLICIES", loaded.as_str()),
            ("PORT", &port.to_string()),
        ];
        Ok(Self {
            server: Server::start(&MOTO, &variables)?,
            accounts: AtomicU64::new(100_000_000_001),
        })
    }

    /// Where the server listens, such as `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// An empty account that nobody else uses, with credentials for it.
    pub fn new_account(&self, region: &str) -> Result<Account> {
        let id = self.accounts.fetch_add(1, Ordering::Relaxed);
        Account::assume(self.endpoint(), region, &id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_do_not_see_each_other() {
        let moto = Moto::shared(ManagedPolicies::Absent).unwrap();
        let one = moto.new_account("us-east-1").unwrap();
        let other = moto.new_account("us-east-1").unwrap();
        one.create_role("same-name", "eks.amazonaws.com").unwrap();
        other.create_role("same-name", "eks.amazonaws.com").unwrap();
        assert_ne!(one.id, other.id);
    }

    #[test]
    fn ends_with_its_owner() {
        let moto = Moto::start(ManagedPolicies::Absent).unwrap();
        let endpoint = moto.endpoint().to_owned();
        assert!(ureq::get(&endpoint).call().is_ok());
        drop(moto);
        assert!(ureq::get(&endpoint).call().is_err());
    }
}
