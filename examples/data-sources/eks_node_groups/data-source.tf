data "eks_node_groups" "example" {
  cluster_name = "example"
}

data "eks_node_group" "each" {
  for_each        = data.eks_node_groups.example.names
  cluster_name    = "example"
  node_group_name = each.value
}
