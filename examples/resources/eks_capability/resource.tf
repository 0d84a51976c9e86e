resource "eks_capability" "example" {
  cluster_name              = "example"
  capability_name           = "argocd"
  type                      = "ARGOCD"
  role_arn                  = "arn:aws:iam::123456789012:role/example-argocd"
  delete_propagation_policy = "RETAIN"

  configuration {
    argo_cd {
      aws_idc {
        idc_instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
      }

      rbac_role_mapping {
        role = "ADMIN"

        identity {
          id   = "38414300-1041-708a-01af-12345abcedf0"
          type = "SSO_GROUP"
        }
      }
    }
  }
}

resource "eks_capability" "ack" {
  cluster_name              = "example"
  capability_name           = "ack"
  type                      = "ACK"
  role_arn                  = "arn:aws:iam::123456789012:role/example-ack"
  delete_propagation_policy = "RETAIN"

  configuration {
    ack {
      disabled_services = ["iam", "organizations"]
    }
  }
}
