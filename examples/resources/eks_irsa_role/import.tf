import {
  to = eks_irsa_role.example
  id = "cart"
}
