data "eks_fargate_profiles" "example" {
  cluster_name = "example"
}

data "eks_fargate_profile" "each" {
  for_each             = data.eks_fargate_profiles.example.names
  cluster_name         = "example"
  fargate_profile_name = each.value
}
