resource "aws_db_instance" "shop" {
  username = "shop"
  password = random_password.db.result
}

resource "kubernetes_secret" "db" {
  data = {
    password = var.db_password
    token    = data.vault_generic_secret.shop.data["token"]
    url      = "postgres://shop:${var.db_password}@db:5432/shop"
  }
}
