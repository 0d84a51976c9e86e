data "eks_cluster" "example" {
  name = "example"
}

output "oidc_issuer" {
  value = data.eks_cluster.example.identity[0].oidc[0].issuer
}
