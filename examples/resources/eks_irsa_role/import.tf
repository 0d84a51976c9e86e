import {
  to = eks_irsa_role.cart
  id = "cart"
}
