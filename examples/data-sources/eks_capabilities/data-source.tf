data "eks_capabilities" "example" {
  cluster_name = "example"
}

output "ill" {
  value = [
    for capability in data.eks_capabilities.example.capabilities :
    capability.capability_name if capability.status != "ACTIVE"
  ]
}
