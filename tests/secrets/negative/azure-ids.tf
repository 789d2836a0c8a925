data "azurerm_key_vault_secret" "db" {
  name         = "database-password"
  key_vault_id = "/subscriptions/{{fake:uuid}}/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/shop"
}
