# Where pods run: three node groups with different tasks, and Fargate.

# What the cluster itself needs: CoreDNS, controllers. The taint keeps everything else away.
resource "eks_node_group" "system" {
  cluster_name    = eks_cluster.this.name
  node_group_name = "system"
  node_role_arn   = var.node_role_arn
  subnet_ids      = var.subnet_ids
  instance_types  = ["t3.medium"]

  scaling_config {
    min_size     = 2
    desired_size = 2
    max_size     = 4
  }

  labels = {
    role = "system"
  }

  taint {
    key    = "CriticalAddonsOnly"
    value  = "true"
    effect = "NO_SCHEDULE"
  }

  # Nodes become ready with a network only.
  depends_on = [eks_addon.vpc_cni]
}

resource "eks_node_group" "application" {
  cluster_name    = eks_cluster.this.name
  node_group_name = "application"
  node_role_arn   = var.node_role_arn
  subnet_ids      = var.subnet_ids
  instance_types  = ["m5.large"]

  scaling_config {
    min_size     = 3
    desired_size = var.application_nodes
    max_size     = 10
  }

  update_config {
    max_unavailable_percentage = 33
  }

  labels = {
    role = "application"
  }

  # Nodes become ready with a network only.
  depends_on = [eks_addon.vpc_cni]
}

# Work that may be interrupted. Several instance types make it less likely that none is to be had.
resource "eks_node_group" "spot" {
  cluster_name    = eks_cluster.this.name
  node_group_name = "spot"
  node_role_arn   = var.node_role_arn
  subnet_ids      = var.subnet_ids
  capacity_type   = "SPOT"
  instance_types  = ["m5.large", "m5a.large", "m6i.large"]

  scaling_config {
    min_size     = 0
    desired_size = 0
    max_size     = 20
  }

  labels = {
    role = "batch"
  }

  taint {
    key    = "spot"
    value  = "true"
    effect = "PREFER_NO_SCHEDULE"
  }

  # Nodes become ready with a network only.
  depends_on = [eks_addon.vpc_cni]
}

# Pods in this namespace that carry the label run on Fargate, without nodes.
resource "eks_fargate_profile" "tasks" {
  cluster_name           = eks_cluster.this.name
  fargate_profile_name   = "fargate-tasks"
  pod_execution_role_arn = var.fargate_role_arn
  subnet_ids             = var.subnet_ids

  selector {
    namespace = "fargate-tasks"
    labels = {
      compute = "fargate"
    }
  }
}
