locals {
  kubernetes_version = "1.35"
  vpc_cni_version    = "v1.18.3-eksbuild.2"
}

# 1, because 1.35 is newer than 1.9.
output "order" {
  value = provider::eks::version_compare(local.kubernetes_version, "1.9")
}

output "has_network_policies" {
  value = provider::eks::version_compare(local.vpc_cni_version, "v1.14.0") >= 0
}
