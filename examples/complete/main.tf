# A production-like cluster: private and restricted public endpoint, audit logs, envelope encryption of secrets, and
# three node groups with different tasks.

terraform {
  required_version = ">= 1.5"

  required_providers {
    eks = {
      source = "terraform-provider-eks/eks"
    }
  }
}

provider "eks" {
  default_tags {
    tags = {
      Environment = "production"
      ManagedBy   = "terraform"
    }
  }
}

resource "eks_cluster" "this" {
  name     = var.cluster_name
  role_arn = var.cluster_role_arn
  version  = var.kubernetes_version

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = var.admin_cidrs
  }

  access_config {
    authentication_mode = "API_AND_CONFIG_MAP"
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = var.kms_key_arn
    }
  }

  enabled_cluster_log_types = ["api", "audit", "authenticator"]
}

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
}
