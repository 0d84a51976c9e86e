resource "eks_node_group" "example" {
  cluster_name    = "example"
  node_group_name = "application"
  node_role_arn   = "arn:aws:iam::123456789012:role/eks-node"
  subnet_ids      = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
  instance_types  = ["m5.large"]

  scaling_config {
    min_size     = 3
    desired_size = 3
    max_size     = 10
  }

  update_config {
    max_unavailable_percentage = 25
  }

  labels = {
    workload = "application"
  }

  taint {
    key    = "dedicated"
    value  = "application"
    effect = "NO_SCHEDULE"
  }
}
