#!/bin/sh
kubectl create secret docker-registry pull \
  --docker-server=registry.example \
  --docker-username=robot \
  --docker-password={{fake:password 20}}
