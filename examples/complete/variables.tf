variable "cluster_name" {
  description = "Name of the cluster."
  type        = string
  default     = "production"
}

variable "kubernetes_version" {
  description = "Kubernetes minor version."
  type        = string
  default     = "1.35"
}

variable "cluster_role_arn" {
  description = "ARN of the IAM role of the control plane, with AmazonEKSClusterPolicy attached."
  type        = string
}

variable "node_role_arn" {
  description = "ARN of the IAM role of the nodes, with the worker node, CNI and ECR pull policies attached."
  type        = string
}

variable "fargate_role_arn" {
  description = "ARN of the IAM role by which Fargate starts pods, with AmazonEKSFargatePodExecutionRolePolicy attached."
  type        = string
}

variable "admin_role_arn" {
  description = "ARN of the IAM role of the people who administrate the cluster."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets in at least two availability zones."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts Kubernetes secrets. Without this key the cluster is lost."
  type        = string
}

variable "admin_cidrs" {
  description = "Networks from which the public endpoint may be reached."
  type        = set(string)
}

variable "application_nodes" {
  description = "Number of nodes in the application group."
  type        = number
  default     = 3
}

variable "bucket" {
  description = "Name of the S3 bucket that the application reads."
  type        = string
  default     = "example-production-data"
}
