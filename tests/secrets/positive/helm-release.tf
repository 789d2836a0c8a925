resource "helm_release" "shop" {
  set_sensitive {
    name  = "auth.password"
    value = "{{fake:password}}"
  }
}
