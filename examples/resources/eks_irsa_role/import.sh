# The id is the name of the role, without its path. For a configuration with cluster_name, write the name of the cluster
# and a colon before it: example:external-dns.
terraform import eks_irsa_role.cart cart
