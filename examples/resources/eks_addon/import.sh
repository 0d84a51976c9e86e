# The id is the name of the cluster and that of the add-on, with a colon between them.
terraform import eks_addon.example example:coredns
