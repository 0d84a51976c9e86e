# Administrators: one entry with its policy.
resource "eks_access_entry" "example" {
  cluster_name  = "example"
  principal_arn = "arn:aws:iam::123456789012:role/admin"

  access_policies = [{
    policy_arn   = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    access_scope = { type = "cluster" }
  }]
}

# Developers: what the groups may do, Kubernetes roles say.
resource "eks_access_entry" "developers" {
  cluster_name      = "example"
  principal_arn     = "arn:aws:iam::123456789012:role/developer"
  kubernetes_groups = ["developers"]
}
