# The id is the name of the cluster and the name of the profile, with a colon between them.
terraform import eks_fargate_profile.example example:batch
