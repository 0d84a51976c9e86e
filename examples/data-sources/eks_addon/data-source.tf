data "eks_addon" "example" {
  cluster_name = "example"
  addon_name   = "vpc-cni"
}

output "network_version" {
  value = data.eks_addon.example.addon_version
}
