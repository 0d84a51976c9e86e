import {
  to = eks_fargate_profile.example
  id = "example:batch"
}
