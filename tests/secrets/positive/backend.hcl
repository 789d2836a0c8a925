bucket     = "state"
access_key = "{{fake:aws-id}}"
secret_key = "{{fake:b64 40}}"
