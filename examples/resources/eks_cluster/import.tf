import {
  to = eks_cluster.example
  id = "example"
}
