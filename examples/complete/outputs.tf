output "cluster_arn" {
  description = "ARN of the cluster."
  value       = eks_cluster.this.arn
}

output "endpoint" {
  description = "URL of the Kubernetes API."
  value       = eks_cluster.this.endpoint
}

output "oidc_issuer" {
  description = "Issuer URL for IAM roles for service accounts."
  value       = eks_cluster.this.identity[0].oidc[0].issuer
}

output "node_groups" {
  description = "Status of each node group."
  value = {
    system      = eks_node_group.system.status
    application = eks_node_group.application.status
    spot        = eks_node_group.spot.status
  }
}
