locals {
  key = <<-KEY
  {{fake:pem-rsa}}
  KEY
}
