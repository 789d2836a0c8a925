#!/usr/bin/env bash
PASSWORD="${1:?usage: $0 PASSWORD}"
TOKEN="$(vault kv get -field=token secret/shop)"
read -rs -p "Password: " NEW_PASSWORD
export PGPASSWORD="$PASSWORD"
curl -H "Authorization: Bearer ${TOKEN}" "https://api.example.com/?token=$TOKEN"
curl -u "robot:${PASSWORD}" https://nexus.example.com/
