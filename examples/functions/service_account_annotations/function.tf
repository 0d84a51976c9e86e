output "annotations" {
  value = provider::eks::service_account_annotations("arn:aws:iam::123456789012:role/ebs-csi")
}
