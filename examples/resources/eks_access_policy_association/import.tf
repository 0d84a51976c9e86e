import {
  to = eks_access_policy_association.example
  id = "example#arn:aws:iam::123456789012:role/viewer#arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
}
