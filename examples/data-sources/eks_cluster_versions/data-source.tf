data "eks_cluster_versions" "supported" {
  version_status = "STANDARD_SUPPORT"
}

# When standard support ends for each.
output "end_of_support" {
  value = {
    for version in data.eks_cluster_versions.supported.cluster_versions :
    version.cluster_version => version.end_of_standard_support_date
  }
}
