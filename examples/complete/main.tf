# A production-like stack: a cluster with a private and a restricted public endpoint, audit logs and envelope encryption
# of secrets; below, in files of their own, where pods run (nodes.tf), what EKS installs (addons.tf), what pods may do in
# AWS (roles.tf), and who may enter (access.tf).

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

  # VPC CNI, kube-proxy and CoreDNS are add-ons of EKS here; see addons.tf.
  bootstrap_self_managed_addons = false

  vpc_config {
    subnet_ids              = var.subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = var.admin_cidrs
  }

  access_config {
    authentication_mode = "API"
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = var.kms_key_arn
    }
  }

  enabled_cluster_log_types = ["api", "audit", "authenticator"]
}
