import {
  to = eks_access_entry.example
  id = "example:arn:aws:iam::123456789012:role/admin"
}
