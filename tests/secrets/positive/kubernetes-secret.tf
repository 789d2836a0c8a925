resource "kubernetes_secret" "x" {
  metadata { name = "x" }
  data = {
    password = "{{fake:password}}"
  }
}
