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
