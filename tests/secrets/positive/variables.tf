variable "db_password" {
  type      = string
  sensitive = true
  default   = "{{fake:password 18}}"
}
