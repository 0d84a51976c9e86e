# Pinned to a version; its pods need nodes.
resource "eks_addon" "example" {
  cluster_name  = "example"
  addon_name    = "coredns"
  addon_version = "v1.12.4-eksbuild.10"

  configuration_values = jsonencode({
    replicaCount = 3
    resources = {
      limits = { memory = "170Mi" }
    }
  })

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "PRESERVE"
}

# As new as the cluster allows, with a role for its controller. It may come before the nodes.
resource "eks_addon" "storage" {
  cluster_name   = "example"
  addon_name     = "aws-ebs-csi-driver"
  version_policy = "latest"
  wait_for       = "active_or_degraded"

  pod_identity_association {
    service_account = "ebs-csi-controller-sa"
    role_arn        = "arn:aws:iam::123456789012:role/ebs-csi"
  }
}
