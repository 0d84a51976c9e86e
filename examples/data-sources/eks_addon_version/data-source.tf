data "eks_addon_version" "example" {
  addon_name         = "vpc-cni"
  kubernetes_version = "1.35"
  most_recent        = true
}

output "network_version" {
  value = data.eks_addon_version.example.version
}
