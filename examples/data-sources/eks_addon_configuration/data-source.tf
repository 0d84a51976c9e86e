data "eks_addon_version" "example" {
  addon_name         = "vpc-cni"
  kubernetes_version = "1.35"
}

data "eks_addon_configuration" "example" {
  addon_name    = data.eks_addon_version.example.addon_name
  addon_version = data.eks_addon_version.example.version
}

output "settings" {
  value = keys(jsondecode(data.eks_addon_configuration.example.configuration_schema).definitions)
}

output "recommended_policies" {
  value = data.eks_addon_configuration.example.pod_identity_configuration[*].recommended_managed_policies
}
