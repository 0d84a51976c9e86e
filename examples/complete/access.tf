# Who may enter the cluster, besides whoever made it.

resource "eks_access_entry" "admin" {
  cluster_name  = eks_cluster.this.name
  principal_arn = var.admin_role_arn

  access_policies = [
    {
      policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
      access_scope = { type = "cluster" }
    },
  ]
}
