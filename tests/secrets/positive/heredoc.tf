locals {
  script = <<-EOT
    export DB_PASSWORD={{fake:alnum 20}}
  EOT
}
