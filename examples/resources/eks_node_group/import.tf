import {
  to = eks_node_group.example
  id = "example:application"
}
