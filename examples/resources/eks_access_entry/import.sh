# The id is the name of the cluster and the ARN of the principal, with a colon between them.
terraform import eks_access_entry.example example:arn:aws:iam::123456789012:role/admin
