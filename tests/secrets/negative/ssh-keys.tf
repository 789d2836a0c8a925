resource "hcloud_ssh_key" "ada" {
  name       = "ada"
  public_key = "{{fake:ssh-public}} ada@example.com"
}
