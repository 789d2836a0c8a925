#!/usr/bin/env bash
set -euo pipefail
export VAULT_ADDR=https://vault.example.com
export VAULT_TOKEN=hvs.{{fake:alnum 95}}
vault kv get secret/shop
