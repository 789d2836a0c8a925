kubectl -n shop get secret db -o jsonpath='{.data.password}' | base64 -d
TOKEN=$(kubectl create token builder --duration=1h)
curl -H "X-Vault-Token: $VAULT_TOKEN" "$VAULT_ADDR/v1/secret/data/shop"
export SECRET_KEY=$(openssl rand -hex 32)
