//! AWS as one test sees it: an account of its own in moto or ministack, and an EKS that may be its own, too.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use eks_simulator::{Options, Simulator};
use serde_json::Value;

use crate::aws::{Account, LaunchTemplate, Network};
use crate::ministack::Ministack;
use crate::moto::{ManagedPolicies, Moto};
use crate::provider::Endpoints;
use crate::tap::Tap;

pub(crate) const REGION: &str = "us-east-1";

/// Who our own EKS is, where others are moto and ministack.
pub(crate) const SIMULATOR: &str = "eks-simulator";

/// One account, and the services behind it.
pub struct SimulatedAws {
    /// IAM, EC2 and the rest, in moto or ministack.
    pub account: Account,
    /// Who that is.
    name: &'static str,
    endpoint: String,
    /// The way that providers take to it.
    tap: Tap,
    /// None where they have EKS, too.
    simulator: Option<Simulator>,
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

impl Prerequisites {
    /// Makes roles and a network in an account.
    pub(crate) fn make(account: &Account) -> Result<Self> {
        Ok(Self {
            cluster_role_arn: account.create_role("cluster", "eks.amazonaws.com")?,
            node_role_arn: account.create_role("node", "ec2.amazonaws.com")?,
            network: account.create_network(2)?,
        })
    }
}

impl SimulatedAws {
    /// EKS as our simulator has it.
    pub fn new() -> Result<Self> {
        Self::of(
            ManagedPolicies::Absent,
            Some(Simulator::start(Options::default())?),
        )
    }

    /// The same, and IAM knows the policies that AWS manages. Slower: see [`ManagedPolicies`].
    pub fn with_managed_policies() -> Result<Self> {
        Self::of(
            ManagedPolicies::Loaded,
            Some(Simulator::start(Options::default())?),
        )
    }

    /// EKS as moto has it: everything is ACTIVE at once, and much is missing.
    pub fn with_moto_eks() -> Result<Self> {
        Self::of(ManagedPolicies::Absent, None)
    }

    /// Everything as ministack has it: more kinds of EKS objects than in moto, most ACTIVE at once, and few updates.
    pub fn with_ministack() -> Result<Self> {
        let ministack = Ministack::shared()?;
        Ok(Self {
            account: ministack.new_account(REGION),
            name: "ministack",
            endpoint: ministack.endpoint().to_owned(),
            tap: Tap::of(ministack.endpoint())?,
            simulator: None,
        })
    }

    fn of(policies: ManagedPolicies, simulator: Option<Simulator>) -> Result<Self> {
        let moto = Moto::shared(policies)?;
        Ok(Self {
            account: moto.new_account(REGION)?,
            name: "moto",
            endpoint: moto.endpoint().to_owned(),
            tap: Tap::of(moto.endpoint())?,
            simulator,
        })
    }

    /// The simulator, to make things go wrong and to read its log. An error where there is none.
    pub fn simulator(&self) -> Result<&Simulator> {
        self.simulator
            .as_ref()
            .context("somebody else plays EKS in this test")
    }

    /// Where the provider finds the services.
    pub fn endpoints(&self) -> Endpoints {
        let others = self.tap.endpoint();
        let eks = self
            .simulator
            .as_ref()
            .map_or_else(|| others.clone(), Simulator::endpoint);
        Endpoints { eks, others }
    }

    /// Makes roles and a network.
    pub fn set_up(&self) -> Result<Prerequisites> {
        Prerequisites::make(&self.account)
    }

    /// Makes a launch template in EC2, and tells the simulator, which cannot ask EC2. With the name of one that is
    /// there already it adds a version, which becomes the latest and not the default.
    pub fn put_launch_template(&self, name: &str, data: &[(&str, &str)]) -> Result<LaunchTemplate> {
        let template = self.account.put_launch_template(name, data)?;
        if let Some(simulator) = &self.simulator {
            let value = |key| data.iter().find(|(name, _)| *name == key);
            let value = |key| value(key).map(|(_, value)| (*value).to_owned());
            simulator.add_launch_template(eks_simulator::LaunchTemplate {
                id: template.id.clone(),
                name: name.to_owned(),
                default_version: 1,
                latest_version: template.latest_version,
                image_id: value("ImageId"),
                instance_type: value("InstanceType"),
            });
        }
        Ok(template)
    }

    /// Calls EKS past Terraform: for what a test looks at, or changes behind its back.
    pub fn eks(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let simulator = self.simulator.as_ref().map(Simulator::endpoint);
        let endpoint = simulator.unwrap_or_else(|| self.endpoint.clone());
        self.account.eks(&endpoint, method, path, body)
    }

    /// The operations that a provider has called with success, by who answered. It has `product` in its user agent.
    pub(crate) fn called(&self, product: &str) -> Vec<(&'static str, BTreeSet<String>)> {
        let mut called = vec![(self.name, self.tap.operations(product))];
        if let Some(simulator) = &self.simulator {
            let log = simulator.log().into_iter();
            let theirs = log.filter(|it| it.status == 200 && it.user_agent.contains(product));
            called.push((SIMULATOR, theirs.map(|entry| entry.operation).collect()));
        }
        called
    }

    /// Requests that EKS has had; always 0 where somebody else plays it.
    pub fn eks_calls(&self) -> usize {
        self.simulator
            .as_ref()
            .map_or(0, |simulator| simulator.log().len())
    }

    /// Requests that providers have sent to the other services; all of them where nobody plays EKS alone.
    pub fn other_calls(&self) -> usize {
        self.tap.requests()
    }

    /// Clusters there are in the account and region.
    pub fn cluster_names(&self) -> Result<Vec<String>> {
        let answer = self.eks("GET", "/clusters", &Value::Null)?;
        let names = answer.get("clusters").and_then(Value::as_array);
        let names = names.context("ListClusters answered no clusters")?.iter();
        Ok(names.filter_map(Value::as_str).map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use eks_simulator::Target;
    use serde_json::json;

    use super::*;

    #[test]
    fn moto_and_the_simulator_agree_on_the_account() {
        let aws = SimulatedAws::new().unwrap();
        let ground = aws.set_up().unwrap();
        let vpc = json!({ "subnetIds": ground.network.subnet_ids });
        let request =
            json!({ "name": "a", "roleArn": ground.cluster_role_arn, "resourcesVpcConfig": vpc });
        let cluster = aws.eks("POST", "/clusters", &request).unwrap();
        let arn = format!("arn:aws:eks:us-east-1:{}:cluster/a", aws.account.id);
        assert_eq!(cluster.pointer("/cluster/arn"), Some(&json!(arn)));
        assert_eq!(aws.cluster_names().unwrap(), ["a"]);
        assert_eq!(aws.eks_calls(), 2);
        assert!(aws.simulator().unwrap().remove(&Target::cluster("a")));
        assert_eq!(aws.cluster_names().unwrap(), [""; 0]);
    }

    #[test]
    fn the_latest_version_of_a_launch_template_follows_ec2() {
        let aws = SimulatedAws::new().unwrap();
        let one = aws
            .put_launch_template("nodes", &[("InstanceType", "t3.large")])
            .unwrap();
        let two = aws
            .put_launch_template("nodes", &[("InstanceType", "m5.large")])
            .unwrap();
        assert_eq!((one.latest_version, two.latest_version), (1, 2));
        assert_eq!(one.id, two.id);
    }
}
