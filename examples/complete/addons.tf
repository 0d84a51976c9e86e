# What EKS installs and keeps up to date. Each version is AWS's default for the cluster's version of Kubernetes; a plan
# shows when that moves.

resource "eks_addon" "vpc_cni" {
  cluster_name   = eks_cluster.this.name
  addon_name     = "vpc-cni"
  version_policy = "default"

  configuration_values = jsonencode({
    enableNetworkPolicy = "true"
  })
}

resource "eks_addon" "kube_proxy" {
  cluster_name   = eks_cluster.this.name
  addon_name     = "kube-proxy"
  version_policy = "default"
}

# Its pods need nodes, and tolerate the taint of the system nodes.
resource "eks_addon" "coredns" {
  cluster_name   = eks_cluster.this.name
  addon_name     = "coredns"
  version_policy = "default"
  depends_on     = [eks_node_group.system]
}

resource "eks_addon" "ebs_csi" {
  cluster_name             = eks_cluster.this.name
  addon_name               = "aws-ebs-csi-driver"
  version_policy           = "default"
  service_account_role_arn = eks_irsa_role.ebs_csi.arn
  depends_on               = [eks_node_group.application]
}
