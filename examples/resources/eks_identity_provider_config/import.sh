# The id is the name of the cluster and the name of the configuration, with a colon between them.
terraform import eks_identity_provider_config.example example:login
