data "eks_pod_identity_associations" "example" {
  cluster_name = "example"
  namespace    = "shop"
}
