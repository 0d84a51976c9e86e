# EKS Auto Mode: EKS makes nodes, load balancers and volumes when pods need them. All three blocks switch it on together.
# The role of the cluster is one that eks.amazonaws.com may assume with sts:AssumeRole and sts:TagSession, with the policies
# AmazonEKSClusterPolicy, AmazonEKSComputePolicy, AmazonEKSBlockStoragePolicy, AmazonEKSLoadBalancingPolicy and
# AmazonEKSNetworkingPolicy; that of the nodes has AmazonEKSWorkerNodeMinimalPolicy and AmazonEC2ContainerRegistryPullOnly.
resource "eks_cluster" "auto" {
  name     = "auto"
  role_arn = "arn:aws:iam::123456789012:role/eks-auto-cluster"
  version  = "1.35"

  # The nodes of Auto Mode have networking and DNS built in.
  bootstrap_self_managed_addons = false

  vpc_config {
    subnet_ids = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
  }

  # Auto Mode lets its nodes in by access entries.
  access_config {
    authentication_mode = "API"
  }

  compute_config {
    enabled       = true
    node_pools    = ["general-purpose", "system"]
    node_role_arn = "arn:aws:iam::123456789012:role/eks-auto-node"
  }

  kubernetes_network_config {
    elastic_load_balancing {
      enabled = true
    }
  }

  storage_config {
    block_storage {
      enabled = true
    }
  }
}
