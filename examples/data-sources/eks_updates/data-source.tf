data "eks_updates" "example" {
  cluster_name    = "example"
  node_group_name = "application"
}

output "failed_updates" {
  value = [for update in data.eks_updates.example.updates : update.id if update.status == "Failed"]
}
