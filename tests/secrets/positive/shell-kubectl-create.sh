#!/bin/sh
kubectl create secret generic db --from-literal=password={{fake:password}}
