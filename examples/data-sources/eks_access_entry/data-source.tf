data "eks_access_entry" "example" {
  cluster_name  = "example"
  principal_arn = "arn:aws:iam::123456789012:role/example"
}
