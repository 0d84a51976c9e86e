output "trust_policy" {
  value = provider::eks::pod_identity_trust_policy()
}
