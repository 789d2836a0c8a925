#!/bin/sh
if grep -q -e "-----BEGIN RSA PRIVATE KEY-----" "$1"; then
  echo "this looks like a private key" >&2
  exit 1
fi
