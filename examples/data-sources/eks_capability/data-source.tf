data "eks_capability" "example" {
  cluster_name    = "example"
  capability_name = "argocd"
}

output "argo_cd" {
  value = data.eks_capability.example.configuration[0].argo_cd[0].server_url
}
