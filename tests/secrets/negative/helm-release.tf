resource "helm_release" "shop" {
  set_sensitive {
    name  = "auth.password"
    value = var.auth_password
  }
  set {
    name  = "auth.existingSecret"
    value = "application-credentials-production"
  }
}
