//! What an EKS cluster needs to be there already: network, roles, key, launch template, SSH key.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::client::{Account, EC2, IAM, text};

/// A VPC with subnets that reach the internet and others that do not, and a security group.
#[derive(Debug, Clone)]
pub struct Network {
    /// Such as `vpc-0a1b2c3d`.
    pub vpc_id: String,
    /// One in each of the first availability zones, with a way out.
    pub subnet_ids: Vec<String>,
    /// One in each of the same zones, on the main route table, which leads nowhere.
    pub private_subnet_ids: Vec<String>,
    /// Empty, beside the VPC's default group.
    pub security_group_id: String,
}

/// A launch template, whose versions count from one.
#[derive(Debug, Clone)]
pub struct LaunchTemplate {
    /// Such as `lt-0a1b2c3d`.
    pub id: String,
    /// Counts up with every version added.
    pub latest_version: u64,
}

/// Where the numbers of private subnets begin.
const PRIVATE: u8 = 100;

impl Account {
    /// Makes a network with a public and a private subnet in each of `zones` availability zones.
    pub fn create_network(&self, zones: u8) -> Result<Network> {
        let vpc = self.query(EC2, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")])?;
        let vpc_id = text(&vpc, "vpcId")?;
        let route_table_id = self.create_way_out(&vpc_id)?;
        let mut subnet_ids = Vec::new();
        let mut private_subnet_ids = Vec::new();
        for zone in 0..zones {
            let subnet_id = self.create_subnet(&vpc_id, zone, zone)?;
            let association = [
                ("RouteTableId", route_table_id.as_str()),
                ("SubnetId", &subnet_id),
            ];
            self.query(EC2, "AssociateRouteTable", &association)?;
            subnet_ids.push(subnet_id);
            private_subnet_ids.push(self.create_subnet(&vpc_id, zone, PRIVATE + zone)?);
        }
        let group = [
            ("VpcId", vpc_id.as_str()),
            ("GroupName", "additional"),
            ("GroupDescription", "Additional group of the cluster"),
        ];
        let security_group_id = text(&self.query(EC2, "CreateSecurityGroup", &group)?, "groupId")?;
        Ok(Network {
            vpc_id,
            subnet_ids,
            private_subnet_ids,
            security_group_id,
        })
    }

    fn create_way_out(&self, vpc_id: &str) -> Result<String> {
        let gateway = text(
            &self.query(EC2, "CreateInternetGateway", &[])?,
            "internetGatewayId",
        )?;
        let attach = [("InternetGatewayId", gateway.as_str()), ("VpcId", vpc_id)];
        self.query(EC2, "AttachInternetGateway", &attach)?;
        let table = text(
            &self.query(EC2, "CreateRouteTable", &[("VpcId", vpc_id)])?,
            "routeTableId",
        )?;
        let route = [
            ("RouteTableId", table.as_str()),
            ("DestinationCidrBlock", "0.0.0.0/0"),
            ("GatewayId", gateway.as_str()),
        ];
        self.query(EC2, "CreateRoute", &route)?;
        Ok(table)
    }

    fn create_subnet(&self, vpc_id: &str, zone: u8, number: u8) -> Result<String> {
        let cidr = format!("10.0.{number}.0/24");
        let availability_zone = format!("{}{}", self.region, char::from(b'a' + zone));
        let subnet = [
            ("VpcId", vpc_id),
            ("CidrBlock", cidr.as_str()),
            ("AvailabilityZone", availability_zone.as_str()),
        ];
        text(&self.query(EC2, "CreateSubnet", &subnet)?, "subnetId")
    }

    /// Makes a role that `service`, such as `eks.amazonaws.com`, may assume, and gives back its ARN.
    pub fn create_role(&self, name: &str, service: &str) -> Result<String> {
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": service },
                "Action": "sts:AssumeRole",
            }],
        })
        .to_string();
        let role = [
            ("RoleName", name),
            ("AssumeRolePolicyDocument", trust.as_str()),
        ];
        text(&self.query(IAM, "CreateRole", &role)?, "Arn")
    }

    /// Calls IAM past Terraform: for what a test looks at, or changes behind its back. Gives back the XML.
    pub fn iam(&self, action: &str, parameters: &[(&str, &str)]) -> Result<String> {
        self.query(IAM, action, parameters)
    }

    /// Makes a policy that allows next to nothing, and gives back its ARN.
    pub fn create_policy(&self, name: &str) -> Result<String> {
        let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}"#;
        let policy = [("PolicyName", name), ("PolicyDocument", document)];
        text(&self.query(IAM, "CreatePolicy", &policy)?, "Arn")
    }

    /// Attaches one of AWS's own policies, which must be loaded (see [`crate::ManagedPolicies`]).
    pub fn attach_managed_policy(&self, role: &str, policy: &str) -> Result<()> {
        let arn = format!("arn:aws:iam::aws:policy/{policy}");
        self.query(
            IAM,
            "AttachRolePolicy",
            &[("RoleName", role), ("PolicyArn", &arn)],
        )?;
        Ok(())
    }

    /// Makes a symmetric key and gives back its ARN.
    pub fn create_kms_key(&self) -> Result<String> {
        let answer = self.json("kms", "TrentService.CreateKey", &json!({}))?;
        let arn = answer.pointer("/KeyMetadata/Arn").and_then(Value::as_str);
        arn.map(str::to_owned).context("CreateKey answered no ARN")
    }

    /// Makes a launch template with `data`, such as `[("InstanceType", "t3.large")]`, or adds a version to the one of
    /// that name; the default version stays what it was, as in AWS.
    pub(crate) fn put_launch_template(
        &self,
        name: &str,
        data: &[(&str, &str)],
    ) -> Result<LaunchTemplate> {
        let data = data
            .iter()
            .map(|(key, value)| (format!("LaunchTemplateData.{key}"), *value));
        let data: Vec<_> = data.collect();
        let mut parameters = vec![("LaunchTemplateName", name)];
        parameters.extend(data.iter().map(|(key, value)| (key.as_str(), *value)));
        let answer = match self.query(EC2, "CreateLaunchTemplate", &parameters) {
            Err(error) if error.to_string().contains("AlreadyExistsException") => {
                self.query(EC2, "CreateLaunchTemplateVersion", &parameters)?
            }
            answer => answer?,
        };
        // The one answers with the template, the other with the version.
        let version =
            text(&answer, "latestVersionNumber").or_else(|_| text(&answer, "versionNumber"));
        Ok(LaunchTemplate {
            id: text(&answer, "launchTemplateId")?,
            latest_version: version?.parse()?,
        })
    }

    /// Makes an SSH key pair.
    pub fn create_key_pair(&self, name: &str) -> Result<()> {
        self.query(EC2, "CreateKeyPair", &[("KeyName", name)])
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use crate::moto::{ManagedPolicies, Moto};

    use super::*;

    fn account() -> Account {
        Moto::shared(ManagedPolicies::Absent)
            .unwrap()
            .new_account("eu-west-1")
            .unwrap()
    }

    #[test]
    fn sets_up_a_network_in_the_region() {
        let network = account().create_network(3).unwrap();
        assert_eq!(network.subnet_ids.len(), 3);
        assert_eq!(network.private_subnet_ids.len(), 3);
        assert!(network.vpc_id.starts_with("vpc-"));
        assert!(network.security_group_id.starts_with("sg-"));
    }

    #[test]
    fn arns_name_the_account() {
        let account = account();
        let role = account.create_role("cluster", "eks.amazonaws.com").unwrap();
        assert_eq!(role, format!("arn:aws:iam::{}:role/cluster", account.id));
        let key = account.create_kms_key().unwrap();
        assert!(
            key.starts_with(&format!("arn:aws:kms:eu-west-1:{}:key/", account.id)),
            "{key}"
        );
    }

    #[test]
    fn launch_templates_get_versions() {
        let account = account();
        let put = |kind| {
            account
                .put_launch_template("nodes", &[("InstanceType", kind)])
                .unwrap()
        };
        let template = put("t3.large");
        assert_eq!(template.latest_version, 1);
        assert_eq!(put("m5.large").latest_version, 2);
        let described = [("LaunchTemplateId.1", template.id.as_str())];
        let answer = account
            .query(EC2, "DescribeLaunchTemplates", &described)
            .unwrap();
        assert_eq!(text(&answer, "latestVersionNumber").unwrap(), "2");
        assert_eq!(text(&answer, "defaultVersionNumber").unwrap(), "1");
    }

    #[test]
    fn a_key_pair_exists_once() {
        let account = account();
        account.create_key_pair("admin").unwrap();
        let error = account.create_key_pair("admin").unwrap_err().to_string();
        assert!(error.contains("InvalidKeyPair.Duplicate"), "{error}");
    }
}
