data "eks_insights" "example" {
  cluster_name = "example"
  categories   = ["UPGRADE_READINESS"]
  statuses     = ["WARNING", "ERROR"]
}

# What to mend before the next upgrade.
check "upgrade_readiness" {
  assert {
    condition     = length(data.eks_insights.example.insights) == 0
    error_message = join("\n", [for it in data.eks_insights.example.insights : "${it.name}: ${it.recommendation}"])
  }
}
