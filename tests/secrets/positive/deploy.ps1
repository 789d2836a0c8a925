$env:DB_PASSWORD = "{{fake:password}}"
