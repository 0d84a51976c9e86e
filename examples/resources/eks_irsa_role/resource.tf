resource "eks_oidc_provider" "example" {
  cluster_name = "example"
}

# An application that reads a bucket.
resource "eks_irsa_role" "cart" {
  oidc_provider_arns = [eks_oidc_provider.example.arn]
  name               = "cart"

  service_accounts = [
    { namespace = "shop", name = "cart" },
  ]

  inline_policies = {
    read-bucket = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = "arn:aws:s3:::shop-carts/*"
      }]
    })
  }
}

# A workload that this provider knows: service account and permissions come with it.
resource "eks_irsa_role" "external_dns" {
  cluster_name = eks_oidc_provider.example.cluster_name
  name         = "external-dns"

  workload = {
    name             = "external-dns"
    hosted_zone_arns = ["arn:aws:route53:::hostedzone/Z0123456789EXAMPLE"]
  }
}

output "annotations_of_the_service_account" {
  value = eks_irsa_role.cart.service_account_annotations
}
