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

output "addon_versions" {
  description = "Version of each add-on."
  value = {
    for addon in [eks_addon.vpc_cni, eks_addon.kube_proxy, eks_addon.coredns, eks_addon.ebs_csi] :
    addon.addon_name => addon.addon_version
  }
}

output "service_account_annotations" {
  description = "Annotations of the service account production/my-app-sa."
  value       = eks_irsa_role.s3_reader.service_account_annotations
}
