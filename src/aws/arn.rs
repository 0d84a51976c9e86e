//! Amazon Resource Names, built and taken apart.

use std::fmt;
use std::str::FromStr;

use tfplugin_rs::tf::Value;

use super::region::Partition;

/// `arn:partition:service:region:account:resource`. The resource may contain further colons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    /// `aws`, `aws-cn`, …
    pub partition: String,
    /// `eks`, `iam`, …
    pub service: String,
    /// Empty for services without regions.
    pub region: String,
    /// Empty for what belongs to AWS.
    pub account_id: String,
    /// What it names inside the service: `cluster/demo`.
    pub resource: String,
}

impl Arn {
    /// The ARN of something of EKS: `resource` is `cluster/demo` or alike.
    pub fn eks(region: &str, account_id: &str, resource: impl Into<String>) -> Self {
        Self {
            partition: Partition::of(region).id.to_owned(),
            service: "eks".to_owned(),
            region: region.to_owned(),
            account_id: account_id.to_owned(),
            resource: resource.into(),
        }
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            service,
            region,
            account_id,
            resource,
        } = self;
        write!(
            f,
            "arn:{partition}:{service}:{region}:{account_id}:{resource}"
        )
    }
}

/// The text is not an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidArn;

impl FromStr for Arn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, InvalidArn> {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        match parts[..] {
            ["arn", partition, service, region, account_id, resource]
                if !partition.is_empty() && !service.is_empty() && !resource.is_empty() =>
            {
                Ok(Self {
                    partition: partition.to_owned(),
                    service: service.to_owned(),
                    region: region.to_owned(),
                    account_id: account_id.to_owned(),
                    resource: resource.to_owned(),
                })
            }
            _ => Err(InvalidArn),
        }
    }
}

/// Tests that a value is an ARN.
pub fn check(value: &Value) -> Result<(), String> {
    match value.as_str().map(Arn::from_str) {
        Some(Err(InvalidArn)) => {
            Err("must be an ARN, arn:partition:service:region:account:resource".to_owned())
        }
        _ => Ok(()),
    }
}

/// Tests that a value is the ARN of an IAM role.
pub fn check_role(value: &Value) -> Result<(), String> {
    let Some(text) = value.as_str() else {
        return Ok(());
    };
    let is_role = Arn::from_str(text)
        .is_ok_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"));
    match is_role {
        true => Ok(()),
        false => Err(
            "must be the ARN of an IAM role, such as \"arn:aws:iam::123456789012:role/demo\""
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let text = "arn:aws:eks:eu-west-1:123456789012:cluster/demo";
        assert_eq!(text.parse::<Arn>().unwrap().to_string(), text);
        assert_eq!(
            Arn::eks("eu-west-1", "123456789012", "cluster/demo").to_string(),
            text
        );
        let policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
        assert_eq!(policy.parse::<Arn>().unwrap().account_id, "aws");
    }

    #[test]
    fn keeps_colons_of_the_resource() {
        let arn: Arn = "arn:aws:logs:eu-west-1:1:log-group:/aws/eks:*"
            .parse()
            .unwrap();
        assert_eq!(arn.resource, "log-group:/aws/eks:*");
    }

    #[test]
    fn refuses_what_is_no_arn() {
        for text in ["", "arn:aws:eks", "demo", "arn:::::x"] {
            assert_eq!(text.parse::<Arn>(), Err(InvalidArn), "{text}");
        }
        assert!(check_role(&Value::from("arn:aws:iam::1:user/a")).is_err());
        assert!(check_role(&Value::from("arn:aws:iam::1:role/a")).is_ok());
    }
}
