resource "aws_db_instance" "shop" {
  engine   = "postgres"
  username = "shop"
  password = "{{fake:password}}"
}
