#!/bin/sh
openssl rand -base64 32 > /run/secrets/session-key
kubectl create secret generic db --from-literal=password="$(openssl rand -hex 20)" --dry-run=client -o yaml
kubectl create secret generic tls --from-file=tls.key=./tls.key
