# What pods may do in AWS: IAM roles for service accounts.

resource "eks_oidc_provider" "this" {
  cluster_name = eks_cluster.this.name
}

# A workload that the provider knows: service account and permissions come with the name.
resource "eks_irsa_role" "ebs_csi" {
  cluster_name = eks_oidc_provider.this.cluster_name
  name         = "${var.cluster_name}-ebs-csi"

  workload = {
    name = "aws-ebs-csi-driver"
  }
}

# An application that reads a bucket.
resource "eks_irsa_role" "s3_reader" {
  cluster_name = eks_oidc_provider.this.cluster_name
  name         = "${var.cluster_name}-s3-reader"

  service_accounts = [
    { namespace = "production", name = "my-app-sa" },
  ]

  inline_policies = {
    read-bucket = jsonencode({
      Version = "2012-10-17"
      Statement = [
        {
          Effect   = "Allow"
          Action   = ["s3:ListBucket"]
          Resource = "arn:aws:s3:::${var.bucket}"
        },
        {
          Effect   = "Allow"
          Action   = ["s3:GetObject"]
          Resource = "arn:aws:s3:::${var.bucket}/*"
        },
      ]
    })
  }
}
