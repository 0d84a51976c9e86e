//! The configurations that several tests and the comparison share, for our provider and for hashicorp/aws alike.
//!
//! The names of blocks and arguments are the same in both; only what the types begin with differs.

use std::fmt::Write;

use crate::simulated_aws::Prerequisites;

/// `name` of the cluster in every configuration here.
pub const CLUSTER_NAME: &str = "example";

/// A cluster with the least that EKS asks for, and `more` arguments and blocks.
pub fn cluster(prefix: &str, ground: &Prerequisites, more: &str) -> String {
    let Prerequisites {
        cluster_role_arn,
        network,
        ..
    } = ground;
    let subnet_ids = quoted(&network.subnet_ids);
    format!(
        r#"resource "{prefix}_cluster" "this" {{
  name     = "{CLUSTER_NAME}"
  role_arn = "{cluster_role_arn}"

  vpc_config {{
    subnet_ids = {subnet_ids}
  }}
{more}}}
"#
    )
}

/// A node group called `name` in that cluster, with `more` arguments and blocks.
pub fn node_group(prefix: &str, ground: &Prerequisites, name: &str, more: &str) -> String {
    let Prerequisites {
        node_role_arn,
        network,
        ..
    } = ground;
    let subnet_ids = quoted(&network.subnet_ids);
    format!(
        r#"
resource "{prefix}_node_group" "{name}" {{
  cluster_name    = {prefix}_cluster.this.name
  node_group_name = "{name}"
  node_role_arn   = "{node_role_arn}"
  subnet_ids      = {subnet_ids}

{more}}}
"#
    )
}

/// A Fargate profile called `name` in that cluster, for the namespace of that name in the private subnets.
pub fn fargate_profile(prefix: &str, ground: &Prerequisites, name: &str) -> String {
    let subnet_ids = quoted(&ground.network.private_subnet_ids);
    format!(
        r#"
resource "{prefix}_fargate_profile" "{name}" {{
  cluster_name           = {prefix}_cluster.this.name
  fargate_profile_name   = "{name}"
  pod_execution_role_arn = "arn:aws:iam::123456789012:role/pods"
  subnet_ids             = {subnet_ids}

  selector {{
    namespace = "{name}"
  }}
}}
"#
    )
}

/// The block that every node group needs.
pub fn scaling(min: u32, desired: u32, max: u32) -> String {
    format!(
        "  scaling_config {{
    min_size     = {min}
    desired_size = {desired}
    max_size     = {max}
  }}
"
    )
}

/// A cluster and `count` node groups.
pub fn fleet(prefix: &str, ground: &Prerequisites, count: usize) -> String {
    let mut hcl = cluster(prefix, ground, "");
    for index in 0..count {
        let group = node_group(prefix, ground, &format!("group-{index}"), &scaling(1, 2, 3));
        // Writing to a String cannot fail.
        let _ = write!(hcl, "{group}");
    }
    hcl
}

/// A cluster with one node group, and ten each of add-ons, access entries and IAM roles for service accounts.
pub fn platform(prefix: &str, ground: &Prerequisites) -> String {
    const MORE: &str = r#"  version = "1.35"

  access_config {
    authentication_mode = "API"
  }
"#;
    let mut hcl =
        cluster(prefix, ground, MORE) + &node_group(prefix, ground, "system", &scaling(1, 2, 3));
    for (index, addon) in ADDONS.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            hcl,
            r#"
resource "{prefix}_addon" "addon-{index}" {{
  cluster_name = {prefix}_cluster.this.name
  addon_name   = "{addon}"
  depends_on   = [{prefix}_node_group.system]
}}

resource "{prefix}_access_entry" "entry-{index}" {{
  cluster_name  = {prefix}_cluster.this.name
  principal_arn = "arn:aws:iam::123456789012:role/team-{index}"
}}
{}"#,
            irsa_role(prefix, index)
        );
    }
    hcl
}

/// What the simulator has for Kubernetes 1.35.
const ADDONS: [&str; 10] = [
    "adot",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "aws-mountpoint-s3-csi-driver",
    "coredns",
    "eks-pod-identity-agent",
    "kube-proxy",
    "metrics-server",
    "snapshot-controller",
    "vpc-cni",
];

/// A role for a service account, with one policy: in one resource, or, with hashicorp/aws, in two.
fn irsa_role(prefix: &str, index: usize) -> String {
    const READ: &str = r#"jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::data/*" }]
  })"#;
    if prefix == "eks" {
        return format!(
            r#"
resource "eks_irsa_role" "role-{index}" {{
  cluster_name     = eks_cluster.this.name
  name             = "role-{index}"
  service_accounts = [{{ namespace = "shop", name = "account-{index}" }}]
  inline_policies  = {{ read = {READ} }}
}}
"#
        );
    }
    format!(
        r#"
locals {{
  issuer-{index} = trimprefix({prefix}_cluster.this.identity[0].oidc[0].issuer, "https://")
}}

resource "aws_iam_role" "role-{index}" {{
  name = "role-{index}"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = {{ Federated = "arn:aws:iam::123456789012:oidc-provider/${{local.issuer-{index}}}" }}
      Condition = {{
        StringEquals = {{
          "${{local.issuer-{index}}}:aud" = "sts.amazonaws.com"
          "${{local.issuer-{index}}}:sub" = "system:serviceaccount:shop:account-{index}"
        }}
      }}
    }}]
  }})
}}

resource "aws_iam_role_policy" "role-{index}" {{
  name   = "read"
  role   = aws_iam_role.role-{index}.name
  policy = {READ}
}}
"#
    )
}

/// A list of strings in HCL.
pub fn quoted(strings: &[String]) -> String {
    format!("{strings:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_hcl() {
        assert_eq!(quoted(&["a".to_owned(), "b".to_owned()]), r#"["a", "b"]"#);
    }
}
