api_keys = {
  billing_token = "{{fake:alnum 40}}"
}
