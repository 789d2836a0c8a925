resource "helm_release" "shop" {
  set_sensitive {
    name  = "auth.password"
    value = var.password
  }
  set {
    name  = "auth.existingSecret"
    value = "shop-db-2"
  }
  set {
    name  = "auth.password"
    value = "${random_password.db.result}"
  }
}
