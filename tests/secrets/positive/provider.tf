provider "aws" {
  region     = "eu-central-1"
  access_key = "{{fake:aws-id}}"
  secret_key = "{{fake:b64 40}}"
}
