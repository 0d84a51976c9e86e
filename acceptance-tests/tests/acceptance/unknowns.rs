//! Arguments that depend on something not yet there: unknown in the first plan, known when it is applied. Terraform plans
//! again then and refuses a plan that contradicts the first.

use acceptance_tests::{Action, Prerequisites, SimulatedAws, each_cli, stack};

const CLUSTER: &str = "eks_cluster.this";
const WORKERS: &str = "eks_node_group.workers";

/// Everything in it comes from resources of the same apply.
fn stack_of_unknowns(ground: &Prerequisites) -> String {
    format!(
        r#"
resource "terraform_data" "subnet" {{
  for_each = toset({subnets})
  input    = each.key
}}

resource "terraform_data" "role" {{
  for_each = {{ cluster = "{cluster_role}", node = "{node_role}" }}
  input    = each.value
}}

resource "terraform_data" "word" {{
  input = "platform"
}}

resource "terraform_data" "size" {{
  input = 2
}}

resource "eks_cluster" "this" {{
  name                      = "{name}"
  role_arn                  = terraform_data.role["cluster"].output
  enabled_cluster_log_types = [for type in ["api", "audit"] : type if terraform_data.word.output != ""]

  vpc_config {{
    subnet_ids              = [for subnet in terraform_data.subnet : subnet.output]
    endpoint_private_access = terraform_data.word.output == "platform"
  }}

  access_config {{
    authentication_mode = terraform_data.word.output == "platform" ? "API" : "CONFIG_MAP"
  }}

  dynamic "upgrade_policy" {{
    for_each = terraform_data.word.output == "platform" ? ["STANDARD"] : []

    content {{
      support_type = upgrade_policy.value
    }}
  }}

  tags = {{
    team = terraform_data.word.output
  }}
}}

resource "eks_node_group" "workers" {{
  cluster_name           = eks_cluster.this.name
  node_group_name_prefix = "${{terraform_data.word.output}}-"
  node_role_arn          = terraform_data.role["node"].output
  subnet_ids             = [for subnet in terraform_data.subnet : subnet.output]
  labels                 = {{ team = terraform_data.word.output }}

  scaling_config {{
    min_size     = 1
    desired_size = terraform_data.size.output
    max_size     = 3
  }}

  taint {{
    key    = terraform_data.word.output
    value  = terraform_data.word.output
    effect = "NO_SCHEDULE"
  }}

  taint {{
    key    = "other"
    value  = terraform_data.word.output
    effect = "NO_SCHEDULE"
  }}
}}
"#,
        subnets = stack::quoted(&ground.network.subnet_ids),
        cluster_role = ground.cluster_role_arn,
        node_role = ground.node_role_arn,
        name = stack::CLUSTER_NAME,
    )
}

#[test]
fn a_stack_made_of_unknowns_is_planned_and_applied() {
    each_cli(SimulatedAws::new, |scenario| {
        let ground = scenario.aws.set_up().unwrap();
        let hcl = stack_of_unknowns(&ground);
        let plan = scenario.apply(&hcl);
        for address in [CLUSTER, WORKERS] {
            let action = plan.change(address).map(|change| change.action);
            assert_eq!(action, Some(Action::Create), "{plan}");
        }
    });
}
