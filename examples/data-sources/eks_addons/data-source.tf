data "eks_addons" "example" {
  cluster_name = "example"
}

data "eks_addon" "each" {
  for_each     = data.eks_addons.example.names
  cluster_name = "example"
  addon_name   = each.value
}
