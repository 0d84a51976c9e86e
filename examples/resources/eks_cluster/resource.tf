resource "eks_cluster" "example" {
  name     = "example"
  role_arn = "arn:aws:iam::123456789012:role/eks-cluster"
  version  = "1.35"

  vpc_config {
    subnet_ids              = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
    endpoint_private_access = true
    endpoint_public_access  = true
    public_access_cidrs     = ["203.0.113.0/24"]
  }

  access_config {
    authentication_mode = "API"
  }

  enabled_cluster_log_types = ["api", "audit", "authenticator"]

  tags = {
    Environment = "production"
  }
}
