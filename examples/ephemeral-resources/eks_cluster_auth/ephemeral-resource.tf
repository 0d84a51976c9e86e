ephemeral "eks_cluster_auth" "example" {
  name = "example"
}

provider "kubernetes" {
  host                   = ephemeral.eks_cluster_auth.example.endpoint
  cluster_ca_certificate = ephemeral.eks_cluster_auth.example.cluster_ca_certificate
  token                  = ephemeral.eks_cluster_auth.example.token
}
