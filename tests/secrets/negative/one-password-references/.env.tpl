DATABASE_PASSWORD=op://production/database/password
API_TOKEN="op://production/api/token"
