//! The guide to the workloads whose permissions the provider knows: a table of them all.

use crate::iam::workload;

/// Where the page is, below `docs/`.
pub(super) const PATH: &str = "guides/workloads.md";

pub(super) fn page() -> String {
    let table = workload::table();
    let limits = workload::limits();
    format!(
        "---
page_title: \"Workloads\"
description: |-
  The workloads whose permissions eks_irsa_role knows
---

# Workloads

`workload` of `eks_irsa_role` gives a role what a well-known workload needs, and no more. A workload is called as its EKS
add-on, or else as its Helm chart; its name leads to the documentation that the permissions were written after. The
permissions are planned as `workload_policy` and `workload_policy_arns`, so that they can be read before they are applied.

Lists of ARNs may have `*` for any characters, such as `arn:aws:route53:::hostedzone/*`. `cluster_name` need not be set
where the role has a `cluster_name`.

{table}
## Limits

What a workload may not do that you might expect, or may do that you might not:

{limits}
## Example

```terraform
resource \"eks_irsa_role\" \"external_dns\" {{
  cluster_name = \"example\"
  name         = \"external-dns\"

  workload = {{
    name             = \"external-dns\"
    hosted_zone_arns = [\"arn:aws:route53:::hostedzone/Z0123456789EXAMPLE\"]
  }}
}}
```
"
    )
}
