provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.60.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:{{fake:bytes 32}}",
    "zh:{{fake:hex 64}}",
  ]
}
