resource "eks_access_entry" "viewers" {
  cluster_name  = "example"
  principal_arn = "arn:aws:iam::123456789012:role/viewer"
}

resource "eks_access_policy_association" "example" {
  cluster_name  = eks_access_entry.viewers.cluster_name
  principal_arn = eks_access_entry.viewers.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

  access_scope {
    type       = "namespace"
    namespaces = ["shop", "dev-*"]
  }
}
