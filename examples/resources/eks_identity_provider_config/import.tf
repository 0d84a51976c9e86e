import {
  to = eks_identity_provider_config.example
  id = "example:login"
}
