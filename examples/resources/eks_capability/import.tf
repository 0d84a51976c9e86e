import {
  to = eks_capability.example
  id = "example,argocd"
}
