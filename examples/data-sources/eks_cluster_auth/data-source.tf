data "eks_cluster_auth" "example" {
  name = "example"
}
