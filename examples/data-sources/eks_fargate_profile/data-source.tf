data "eks_fargate_profile" "example" {
  cluster_name         = "example"
  fargate_profile_name = "batch"
}

output "namespaces" {
  value = data.eks_fargate_profile.example.selectors[*].namespace
}
