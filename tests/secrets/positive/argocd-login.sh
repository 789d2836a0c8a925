#!/bin/sh
argocd login argocd.example --username admin --password '{{fake:password}}' --grpc-web
argocd app sync shop
