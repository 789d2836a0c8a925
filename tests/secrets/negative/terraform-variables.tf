variable "db_password" {
  description = "Password of the database user, at least 16 characters"
  type        = string
  sensitive   = true
}

variable "api_token" {
  default = ""
}
