# The id is the name of the cluster and the ARNs of principal and policy, with # between them. Quote it: # begins a comment.
terraform import eks_access_policy_association.example 'example#arn:aws:iam::123456789012:role/viewer#arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy'
