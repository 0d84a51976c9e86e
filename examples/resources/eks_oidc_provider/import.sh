# The id is the ARN of the provider.
terraform import eks_oidc_provider.example arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E
