output "trust_policy" {
  value = provider::eks::irsa_trust_policy(
    "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF",
    "kube-system",
    "ebs-csi-controller-sa",
  )
}
