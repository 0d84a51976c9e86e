import {
  to = eks_addon.example
  id = "example:coredns"
}
