resource "eks_fargate_profile" "example" {
  cluster_name           = "example"
  fargate_profile_name   = "batch"
  pod_execution_role_arn = "arn:aws:iam::123456789012:role/example-pods"

  # Without a route to an internet gateway; a NAT gateway is fine.
  subnet_ids = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]

  selector {
    namespace = "batch"
  }

  selector {
    namespace = "team-*"

    labels = {
      compute = "fargate"
    }
  }
}
