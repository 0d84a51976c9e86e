resource "eks_oidc_provider" "example" {
  cluster_name = "example"
}
