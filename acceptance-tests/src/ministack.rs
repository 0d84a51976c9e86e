//! The ministack server: simulated EKS that is nobody's of ours, with IAM, EC2 and the rest beside it.
//!
//! One server serves all tests of a process; each test works in an account of its own.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Result, anyhow};

use crate::aws::Account;
use crate::server::{Program, Server};

const MINISTACK: Program = Program {
    name: "ministack",
    requirements: include_str!("../ministack/requirements.txt"),
    script: include_str!("../ministack/serve.py"),
};

/// A running ministack server.
pub(crate) struct Ministack {
    server: Server,
    accounts: AtomicU64,
}

impl Ministack {
    /// The server that the tests of this process share, started when first asked for.
    pub(crate) fn shared() -> Result<&'static Self> {
        static SERVER: OnceLock<Result<Ministack, String>> = OnceLock::new();
        let start = || Self::start().map_err(|error| format!("{error:#}"));
        let server = SERVER.get_or_init(start).as_ref();
        server.map_err(|error| anyhow!("{error}"))
    }

    fn start() -> Result<Self> {
        Ok(Self {
            server: Server::start(&MINISTACK, &[])?,
            accounts: AtomicU64::new(200_000_000_001),
        })
    }

    /// Where the server listens.
    pub(crate) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// An empty account that nobody else uses. ministack takes an access key id of twelve digits as the account.
    pub(crate) fn new_account(&self, region: &str) -> Account {
        let id = self.accounts.fetch_add(1, Ordering::Relaxed).to_string();
        Account::of_key(self.endpoint(), region, &id, &id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_do_not_see_each_other() {
        let ministack = Ministack::shared().unwrap();
        let one = ministack.new_account("us-east-1");
        let other = ministack.new_account("us-east-1");
        let arn = one.create_role("same-name", "eks.amazonaws.com").unwrap();
        assert_eq!(arn, format!("arn:aws:iam::{}:role/same-name", one.id));
        other.create_role("same-name", "eks.amazonaws.com").unwrap();
    }
}
