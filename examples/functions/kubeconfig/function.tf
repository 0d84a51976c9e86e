# kubectl --kubeconfig example.yaml get nodes
output "kubeconfig" {
  value = provider::eks::kubeconfig({
    name                  = "example"
    arn                   = "arn:aws:eks:eu-west-1:123456789012:cluster/example"
    endpoint              = "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com"
    certificate_authority = [{ data = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==" }]
  })
}

# Of a cluster that is managed here: provider::eks::kubeconfig(eks_cluster.example)
