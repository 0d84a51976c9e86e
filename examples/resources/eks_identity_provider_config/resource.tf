resource "eks_identity_provider_config" "example" {
  cluster_name = "example"

  oidc {
    identity_provider_config_name = "login"
    issuer_url                    = "https://login.example.com"
    client_id                     = "kubernetes"
    username_claim                = "email"
    groups_claim                  = "groups"
    groups_prefix                 = "oidc:"

    required_claims = {
      hd = "example.com"
    }
  }
}
