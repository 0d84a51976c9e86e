# The id is the name of the cluster and the id of the association, with a comma between them.
terraform import eks_pod_identity_association.example example,a-9njjin9gfghecgocd
