import {
  to = eks_pod_identity_association.example
  id = "example,a-9njjin9gfghecgocd"
}
