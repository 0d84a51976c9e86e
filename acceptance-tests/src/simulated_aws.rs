//! AWS as one test sees it: an account of its own in moto, and an EKS of its own.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::aws::{Account, Network};
use crate::moto::{ManagedPolicies, Moto};
use crate::provider::Endpoints;

/// Where EKS is for this test.
enum Eks {
    Moto,
}

/// One account, and the services behind it.
pub struct SimulatedAws {
    /// IAM, EC2 and the rest, in moto.
    pub account: Account,
    moto: &'static Moto,
    eks: Eks,
}

/// What every cluster needs to be there first.
#[derive(Debug, Clone)]
pub struct Prerequisites {
    /// Role that EKS assumes.
    pub cluster_role_arn: String,
    /// Role that the nodes assume.
    pub node_role_arn: String,
    /// Two subnets in two zones.
    pub network: Network,
}

impl SimulatedAws {
    /// EKS as moto has it: everything is ACTIVE at once, and much is missing.
    pub fn with_moto_eks() -> Result<Self> {
        let moto = Moto::shared(ManagedPolicies::Absent)?;
        Ok(Self {
            account: moto.new_account("us-east-1")?,
            moto,
            eks: Eks::Moto,
        })
    }

    /// Where the provider finds the services.
    pub fn endpoints(&self) -> Endpoints {
        let others = self.moto.endpoint().to_owned();
        let eks = match self.eks {
            Eks::Moto => others.clone(),
        };
        Endpoints { eks, others }
    }

    /// Makes roles and a network.
    pub fn set_up(&self) -> Result<Prerequisites> {
        Ok(Prerequisites {
            cluster_role_arn: self.account.create_role("cluster", "eks.amazonaws.com")?,
            node_role_arn: self.account.create_role("node", "ec2.amazonaws.com")?,
            network: self.account.create_network(2)?,
        })
    }

    /// Calls EKS past Terraform: for what a test looks at, or changes behind its back.
    pub fn eks(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        self.account.eks(&self.endpoints().eks, method, path, body)
    }

    /// Clusters there are in the account and region.
    pub fn cluster_names(&self) -> Result<Vec<String>> {
        let answer = self.eks("GET", "/clusters", &Value::Null)?;
        let names = answer.get("clusters").and_then(Value::as_array);
        let names = names.context("ListClusters answered no clusters")?.iter();
        Ok(names.filter_map(Value::as_str).map(str::to_owned).collect())
    }
}
