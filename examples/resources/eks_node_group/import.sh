# The id is the name of the cluster and the name of the node group, with a colon between them.
terraform import eks_node_group.example example:application
