data "eks_clusters" "all" {}

data "eks_cluster" "each" {
  for_each = data.eks_clusters.all.names
  name     = each.value
}

output "versions" {
  value = { for name, cluster in data.eks_cluster.each : name => cluster.version }
}
