# The id is the name of the cluster and the name of the capability, with a comma between them.
terraform import eks_capability.example example,argocd
