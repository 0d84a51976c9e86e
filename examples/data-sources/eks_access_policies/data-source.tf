data "eks_access_policies" "example" {}
