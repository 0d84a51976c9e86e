data "eks_access_entries" "administrators" {
  cluster_name          = "example"
  associated_policy_arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
}
