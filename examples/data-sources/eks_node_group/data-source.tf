data "eks_node_group" "example" {
  cluster_name    = "example"
  node_group_name = "application"
}

output "autoscaling_groups" {
  value = data.eks_node_group.example.resources[0].autoscaling_groups[*].name
}
