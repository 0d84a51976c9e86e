terraform import eks_cluster.example example
