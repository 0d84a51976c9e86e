terraform {
  required_providers {
    eks = {
      source = "terraform-provider-eks/eks"
    }
  }
}

provider "eks" {
  region = "eu-central-1"

  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/terraform"
  }

  default_tags {
    tags = {
      Team = "platform"
    }
  }
}
