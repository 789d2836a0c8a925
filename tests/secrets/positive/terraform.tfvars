region      = "eu-central-1"
db_password = "{{fake:password}}"
