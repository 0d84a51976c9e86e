resource "eks_pod_identity_association" "example" {
  cluster_name    = "example"
  namespace       = "shop"
  service_account = "cart"
  role_arn        = "arn:aws:iam::123456789012:role/cart"
}
